"""Log, change, correct and list interactions; carry on when a level's hours are spent."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Select, or_
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden
from portal.innovations.models import Innovation
from portal.reference.models import Hin
from portal.reference.rules import Quarter
from portal.support import policy
from portal.support.forms import interactions as forms
from portal.support.models import Interaction, InteractionKind, InteractionShare
from portal.support.queries import interactions as queries
from portal.support.rules.interactions import hours_words, is_open
from portal.support.serialise import interactions_for
from portal.support.services import interactions as services
from portal.support.services.engagements import carry_on as carry_on_service
from portal.support.views import blueprint
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, case_for, done, show
from portal.text import clean
from portal.web.addresses import safe_next
from portal.web.filters import Filter, Filters, Option


@blueprint.route(f"{RECORD}/interactions/add", methods=BOTH)
def log_interaction(innovation_id: int) -> Answer:
    """Log an interaction about one innovation, and go back to where it was asked for."""
    case = case_for(innovation_id)
    back = safe_next(request.args.get("back")) or ""
    form = forms.InteractionForm(case.by, forms.usual(queries.last_kinds(case.engagement.id), back))
    if form.validate_on_submit():
        with form.refusals():
            interaction = services.log(
                engagements=[case.engagement], details=form.details, by=case.by
            )
            return _back(
                form, f"Logged: {_words(interaction)} with {case.innovation.name}.", case.innovation
            )
    return show(
        form,
        case.innovation,
        "interaction",
        heading="Log an interaction",
        act="Log it",
        action=url_for("support.log_interaction", innovation_id=innovation_id),
    )


@blueprint.route("/support/interactions/add", methods=BOTH)
def log_event() -> Answer:
    """Log one interaction about several innovations: search for them, choose, and send."""
    by = _logger()
    ticked = request.form.getlist("engagements", type=int)
    found = queries.engagements_to_choose(by, clean(request.form.get("find", "")), ticked)
    kinds = {**forms.usual([], ""), "kind": InteractionKind.EVENT}
    form = forms.EventForm(by, kinds, found)
    is_search = request.form.get("then") == "find"
    if not is_search and form.validate_on_submit():
        with form.refusals():
            chosen = queries.own_engagements(by, form.engagements.data)
            interaction = services.log(engagements=chosen, details=form.details, by=by)
            return _back(form, f"Logged: {_words(interaction)} with {len(chosen)} innovations.")
    page = render_template(
        "support/event.html",
        form=form,
        heading="Log an event",
        act="Log it",
        offers_most=len(found) - len(ticked) >= queries.MAX_OFFERED,
    )
    return page, form.status


@blueprint.route("/support/interactions/<int:interaction_id>/edit", methods=BOTH)
def edit_interaction(interaction_id: int) -> Answer:
    """Change or withdraw an interaction while its quarter lasts; afterwards, correct it."""
    by, interaction = _own(interaction_id)
    if request.method == "GET" and not is_open(interaction.on, today()):
        return redirect(url_for("support.correct_interaction", interaction_id=interaction_id))
    form = forms.EditForm(by, forms.as_logged(interaction))
    if form.validate_on_submit():
        with form.refusals():
            services.edit(
                interaction=interaction,
                version=form.version.data,
                details=form.details,
                is_void=bool(form.is_void.data),
                by=by,
            )
            return _back(form, "The interaction is changed.", _about(interaction))
    return _shown(form, interaction, "Change the interaction", "Save")


@blueprint.route("/support/interactions/<int:interaction_id>/correct", methods=BOTH)
def correct_interaction(interaction_id: int) -> Answer:
    """Correct an interaction whose quarter is over by another entry."""
    by, interaction = _own(interaction_id)
    form = forms.CorrectForm(by, forms.as_logged(interaction))
    if form.validate_on_submit():
        with form.refusals():
            services.correct(
                interaction=interaction,
                details=form.details,
                why=form.why.data,
                is_void=bool(form.is_void.data),
                by=by,
            )
            return _back(form, "The correcting entry is logged.", _about(interaction))
    return _shown(form, interaction, "Correct the interaction", "Log the correction")


@blueprint.route(f"{RECORD}/carry-on", methods=BOTH)
def carry_on(innovation_id: int) -> Answer:
    """Carry on at the same level, saying why."""
    case = case_for(innovation_id)
    form = forms.CarryOnForm(data={"version": case.engagement.version})
    if form.validate_on_submit():
        with form.refusals():
            carry_on_service(
                engagement=case.engagement,
                version=form.version.data,
                why=form.why.data,
                by=case.by,
            )
            return done(case.innovation, "You carry on at this level.")
    return show(form, case.innovation, "step", heading="Carry on at this level", act="Carry on")


@blueprint.get("/support/interactions")
def interactions() -> str:
    """List what was logged: HIN staff their own network's, the national team all not private."""
    actor = _reader()
    filters = _filters(actor)
    return render_template(
        "support/interactions.html",
        found=interactions_for(actor).on_page(db.session, _listed(actor, filters), filters),
        filters=filters,
        can_log=policy.can_log(actor),
        today=today(),
        is_open=is_open,
    )


@blueprint.get("/support/interactions/download.<kind>")
def download_interactions(kind: str) -> Response:
    """Give the whole list, under the same filters, as CSV or XLSX."""
    actor = _reader()
    filters, listing = _filters(actor), interactions_for(actor)
    return listing.file(kind, db.session, _listed(actor, filters), filters)


def _words(interaction: Interaction) -> str:
    return f"{interaction.kind.label.lower()} of {hours_words(interaction.minutes)}"


def _about(interaction: Interaction) -> Innovation:
    return interaction.shares[0].engagement.innovation


def _back(
    form: forms.InteractionForm, words: str, innovation: Innovation | None = None
) -> Response:
    """Commit, say what was done, and return the person to where they were."""
    where = safe_next(form.back.data) or url_for("support.interactions")
    if innovation is not None and not safe_next(form.back.data):
        where = url_for("support.record", innovation_id=innovation.id)
    db.session.commit()
    flash(words, "success")
    return redirect(where)


def _shown(
    form: forms.EditForm, interaction: Interaction, heading: str, act: str
) -> tuple[str, int]:
    """Show an interaction's form."""
    page = render_template(
        "support/interaction.html",
        form=form,
        interaction=interaction,
        innovation=_about(interaction),
        heading=heading,
        act=act,
    )
    return page, form.status


def _logger() -> Actor:
    actor = current_actor()
    if not policy.can_log(actor):
        raise Forbidden("Only staff of a network log interactions.")
    return actor


def _reader() -> Actor:
    actor = current_actor()
    if not policy.can_read_lists(actor):
        raise Forbidden("Interactions are for staff of the networks and the national team.")
    return actor


def _own(interaction_id: int) -> tuple[Actor, Interaction]:
    actor = _logger()
    return actor, queries.interaction_for(actor, interaction_id)


def _filters(actor: Actor) -> Filters:
    now = Quarter.of(today())
    quarters = [now, now.previous, now.previous.previous, now.previous.previous.previous]
    hins = [Option(hin.code, hin.name) for hin in queries.hins_with_interactions(actor)]
    kinds = [Option(kind.value, kind.label) for kind in InteractionKind]
    shown = (
        Filter("quarter", "Quarter", [Option(q.code, q.label) for q in quarters]),
        Filter("kind", "Kind of interaction", kinds),
    )
    return Filters(
        path=url_for("support.interactions"),
        args=request.args,
        filters=shown if actor.is_hin else (*shown, Filter("network", "Network", hins)),
        words="q",
    )


def _listed(actor: Actor, filters: Filters) -> Select[InteractionShare]:
    stmt = queries.listed(actor)
    if filters["quarter"]:
        quarters = [Quarter.named(code) for code in filters["quarter"]]
        days = [Interaction.on.between(q.first, q.last) for q in quarters]
        stmt = stmt.where(or_(*days))
    if filters["kind"]:
        stmt = stmt.where(Interaction.kind.in_([InteractionKind(k) for k in filters["kind"]]))
    if not actor.is_hin and filters["network"]:
        stmt = stmt.where(Hin.code.in_(filters["network"]))
    if filters.text:
        stmt = stmt.where(Innovation.name.icontains(filters.text, autoescape=True))
    return stmt

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
from portal.support.models import Interaction, InteractionEvent, InteractionKind
from portal.support.queries import interactions as queries
from portal.support.rules.interactions import (
    INTERACTION_WORDS,
    as_hours,
    hours_words,
    is_open,
)
from portal.support.services import interactions as services
from portal.support.services.engagements import carry_on as carry_on_service
from portal.support.views import blueprint
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, case_for, done, show
from portal.web.addresses import safe_next
from portal.web.downloads import Cell, list_file
from portal.web.filters import Filter, Filters, Option
from portal.web.paging import page_number, paginate
from portal.web.sorting import Sort

HEADER = (
    *("Day", "Network", "Innovation", "Organisation", "Kind of contact", "Kinds of support"),
    *(
        "Hours",
        "Hours of the whole contact",
        "Event",
        "Logged by",
        "Logged on",
        "Stands",
        "Private",
    ),
    *("Note", "Next step", "Day of the next step"),
)
SORTABLE = {"on": InteractionEvent.on, "name": Innovation.name, "hours": Interaction.quarters}


@blueprint.route(f"{RECORD}/interactions/add", methods=BOTH)
def log_interaction(innovation_id: int) -> Answer:
    """Log a contact about one innovation, and go back to where it was asked for."""
    case = case_for(innovation_id)
    back = safe_next(request.args.get("back")) or ""
    form = forms.InteractionForm(case.by, forms.usual(queries.last_kinds(case.engagement.id), back))
    if form.validate_on_submit():
        with form.refusals():
            event = services.log(engagements=[case.engagement], contact=form.contact, by=case.by)
            return _back(
                form, f"Logged: {_words(event)} with {case.innovation.name}.", case.innovation
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
    """Log one contact about several innovations: search for them, choose, and send."""
    by = _logger()
    ticked = request.form.getlist("engagements", type=int)
    found = queries.engagements_to_choose(by, request.form.get("find", "").strip(), ticked)
    kinds = {**forms.usual([], ""), "kind": InteractionKind.EVENT}
    form = forms.EventForm(by, kinds, found)
    is_search = request.form.get("then") == "find"
    if not is_search and form.validate_on_submit():
        with form.refusals():
            chosen = queries.own_engagements(by, form.engagements.data)
            event = services.log(engagements=chosen, contact=form.contact, by=by)
            return _back(form, f"Logged: {_words(event)} with {len(chosen)} innovations.")
    page = render_template(
        "support/event.html",
        form=form,
        heading="Log an event",
        act="Log it",
        offers_most=len(found) - len(ticked) >= queries.MAX_OFFERED,
    )
    return page, form.status


@blueprint.route("/support/interactions/<int:event_id>/edit", methods=BOTH)
def edit_interaction(event_id: int) -> Answer:
    """Change or withdraw a contact while its quarter lasts; afterwards, correct it."""
    by, event = _own(event_id)
    if request.method == "GET" and not is_open(event.on, today()):
        return redirect(url_for("support.correct_interaction", event_id=event_id))
    form = forms.EditForm(by, forms.as_logged(event))
    if form.validate_on_submit():
        with form.refusals():
            services.edit(
                event=event,
                version=form.version.data,
                contact=form.contact,
                is_void=bool(form.is_void.data),
                by=by,
            )
            return _back(form, "The interaction is changed.", _about(event))
    return _shown(form, event, "Change the interaction", "Save")


@blueprint.route("/support/interactions/<int:event_id>/correct", methods=BOTH)
def correct_interaction(event_id: int) -> Answer:
    """Correct a contact whose quarter is over by another entry."""
    by, event = _own(event_id)
    form = forms.CorrectForm(by, forms.as_logged(event))
    if form.validate_on_submit():
        with form.refusals():
            services.correct(
                event=event,
                contact=form.contact,
                why=form.why.data,
                is_void=bool(form.is_void.data),
                by=by,
            )
            return _back(form, "The correcting entry is logged.", _about(event))
    return _shown(form, event, "Correct the interaction", "Log the correction")


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
    filters, sort = _filters(actor), _sort()
    page = paginate(db.session, _listed(actor, filters, sort), page=page_number(request.args))
    return render_template(
        "support/interactions.html",
        page=page,
        filters=filters,
        sort=sort,
        shows_network=not actor.is_hin,
        can_log=policy.can_log(actor),
        today=today(),
        words=INTERACTION_WORDS,
        hours_words=hours_words,
        is_open=is_open,
    )


@blueprint.get("/support/interactions/download.<kind>")
def download_interactions(kind: str) -> Response:
    """Give the whole list, under the same filters, as CSV or XLSX."""
    actor = _reader()
    filters = _filters(actor)
    rows = [_row(share) for share in db.session.scalars(_listed(actor, filters, _sort()))]
    about = {"List": "Interactions", **filters.described()}
    return list_file(f"interactions-{today().isoformat()}", kind, HEADER, rows, about)


def _words(event: InteractionEvent) -> str:
    return f"{INTERACTION_WORDS[event.kind].lower()} of {hours_words(event.quarters)}"


def _about(event: InteractionEvent) -> Innovation:
    return event.shares[0].engagement.innovation


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
    form: forms.EditForm, event: InteractionEvent, heading: str, act: str
) -> tuple[str, int]:
    """Show a contact's form; one that somebody changed meanwhile carries the new version."""
    if form.is_outdated:
        form.version.data = event.version
    page = render_template(
        "support/interaction.html",
        form=form,
        event=event,
        innovation=_about(event),
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


def _own(event_id: int) -> tuple[Actor, InteractionEvent]:
    actor = _logger()
    return actor, queries.interaction_for(actor, event_id)


def _filters(actor: Actor) -> Filters:
    now = Quarter.of(today())
    quarters = [now, now.previous, now.previous.previous, now.previous.previous.previous]
    hins = [Option(hin.code, hin.name) for hin in queries.hins_with_interactions(actor)]
    kinds = [Option(kind.value, words) for kind, words in INTERACTION_WORDS.items()]
    shown = (
        Filter("quarter", "Quarter", [Option(q.code, q.label) for q in quarters]),
        Filter("kind", "Kind of contact", kinds),
    )
    return Filters(
        path=url_for("support.interactions"),
        args=request.args,
        filters=shown if actor.is_hin else (*shown, Filter("network", "Network", hins)),
        words="q",
    )


def _sort() -> Sort:
    return Sort.from_query(request.args, SORTABLE, default="-on", tie=Interaction.id)


def _listed(actor: Actor, filters: Filters, sort: Sort) -> Select[Interaction]:
    stmt = queries.listed(actor)
    if filters["quarter"]:
        quarters = [Quarter.named(code) for code in filters["quarter"]]
        days = [InteractionEvent.on.between(q.first, q.last) for q in quarters]
        stmt = stmt.where(or_(*days))
    if filters["kind"]:
        stmt = stmt.where(InteractionEvent.kind.in_([InteractionKind(k) for k in filters["kind"]]))
    if not actor.is_hin and filters["network"]:
        stmt = stmt.where(Hin.code.in_(filters["network"]))
    if filters.text:
        stmt = stmt.where(Innovation.name.icontains(filters.text, autoescape=True))
    return sort.apply(stmt)


def _row(share: Interaction) -> tuple[Cell, ...]:
    event, innovation = share.event, share.engagement.innovation
    return (
        event.on,
        event.hin.name,
        innovation.name,
        innovation.organisation.name,
        INTERACTION_WORDS[event.kind],
        ", ".join(term.label for term in event.kinds),
        as_hours(share.quarters),
        as_hours(event.quarters),
        event.title,
        event.logged_by.name if event.logged_by else None,
        event.logged_at,
        _standing(event),
        event.is_private,
        event.note,
        event.next_step,
        event.next_on,
    )


def _standing(event: InteractionEvent) -> str:
    if event.corrected_by:
        return "Corrected"
    return "Withdrawn" if event.is_void else "Counts"

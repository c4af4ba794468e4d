"""The timeline: milestones, agreements, awards, events held."""

from itertools import groupby

from flask import render_template, request, url_for

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.errors import Forbidden
from portal.figures.views.strangers import for_strangers
from portal.impact import policy
from portal.impact.forms.events import EventForm, WithdrawForm
from portal.impact.models import EventKind
from portal.impact.queries import events as queries
from portal.impact.queries.estimates import programmes_to_choose
from portal.impact.services import events as services
from portal.impact.views import blueprint
from portal.impact.views.steps import show
from portal.reference.rules import Quarter
from portal.web.access import public
from portal.web.filters import Filter, Filters, Option
from portal.web.steps import BOTH, Answer, done


@blueprint.get("/impact/timeline")
@public
@for_strangers
def timeline() -> str:
    """Show what happened, the newest year first."""
    actor, filters = current_actor(), _filters()
    kinds = [EventKind(one) for one in filters["kind"]]
    network = next((int(one) for one in filters["network"]), None)
    found = queries.events(actor, kinds, network)
    years = groupby(found, key=lambda one: Quarter.of(one.on).years)
    return render_template(
        "impact/timeline.html",
        years=[(year, list(rows)) for year, rows in years],
        filters=filters,
        may_tell=_may_tell(actor),
        may_withdraw=lambda one: policy.can_withdraw(actor, one),
    )


def _filters() -> Filters:
    kinds = [Option(kind.value, kind.label) for kind in EventKind]
    networks = [Option(str(number), name) for number, name in queries.networks()]
    filters = [Filter("kind", "Kind", kinds), Filter("network", "Network", networks)]
    return Filters(path=url_for("impact.timeline"), args=request.args, filters=filters)


def _may_tell(actor: Actor) -> bool:
    return policy.can_tell(actor, actor.hin_id)


@blueprint.route("/impact/timeline/new", methods=BOTH)
def new_event() -> Answer:
    """Enter what happened; a network enters its own."""
    actor = current_actor()
    if not _may_tell(actor):
        raise Forbidden("Networks and the national team enter what happened.")
    form = EventForm()
    form.programme.choices = programmes_to_choose()
    form.network.choices = queries.networks()
    if actor.is_hin:
        del form.network
    if form.is_submitted_and_valid():
        with form.refusals():
            hin_id = form.network.data if form.network else actor.hin_id
            services.tell(hin_id=hin_id, by=actor, **form.values)
            return done("It is entered.", url_for("impact.timeline"))
    return show(form, "Enter what happened", "Save", back=_back())


@blueprint.route("/impact/timeline/<int:event_id>/withdraw", methods=BOTH)
def withdraw_event(event_id: int) -> Answer:
    """Withdraw an entry."""
    actor = current_actor()
    found = queries.event_for(actor, event_id)
    if not policy.can_withdraw(actor, found):
        raise Forbidden("A network withdraws what is its own; the national team all.")
    form = WithdrawForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.withdraw(event=found, why=form.why.data, by=actor)
            return done("It is withdrawn.", url_for("impact.timeline"))
    before = f"{found.title}. Figures that are frozen keep it."
    return show(form, "Withdraw an entry", "Withdraw it", back=_back(), before=before)


def _back() -> tuple[str, str]:
    return url_for("impact.timeline"), "Back to the timeline"

"""The list of introductions: what waits for us, what is open, what ended."""

from collections.abc import Sequence

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden
from portal.innovations.models import Innovation
from portal.introductions import policy, rules
from portal.introductions.models import Introduction, State
from portal.introductions.queries.listing import Listed, Queue, listed, queue_counts
from portal.introductions.serialise import introductions_for
from portal.introductions.views import blueprint
from portal.reference.models import Hin
from portal.reference.queries import hins
from portal.web.filters import Filter, Filters, Option


@blueprint.get("/introductions")
def index() -> str:
    """Show one queue, oldest deadline first unless asked otherwise."""
    actor = _reader()
    queue, filters = _queue(actor), _filters(actor)
    counts = queue_counts(actor, today())
    return render_template(
        "introductions/index.html",
        queue=queue,
        tabs=[(q, q.label, counts[q]) for q in _queues(actor)],
        found=introductions_for(actor).on_page(
            db.session, _narrowed(actor, queue, filters), filters
        ),
        filters=filters,
        rules=rules,
        today=today(),
    )


@blueprint.get("/introductions/download.<kind>")
def download(kind: str) -> Response:
    """Give the whole queue, under the same filters, as CSV or XLSX."""
    actor = _reader()
    queue, filters = _queue(actor), _filters(actor)
    found = _narrowed(actor, queue, filters)
    about = f"Introductions: {queue.label}"
    return introductions_for(actor).file(kind, db.session, found, filters, about)


def _reader() -> Actor:
    actor = current_actor()
    if not policy.can_see_list(actor):
        raise Forbidden("Introductions are for innovators and for staff of ICSs and HINs.")
    return actor


def _queues(actor: Actor) -> Sequence[Queue]:
    return [queue for queue in Queue if queue is not Queue.OURS or not actor.is_national]


def _queue(actor: Actor) -> Queue:
    asked = request.args.get("queue", "")
    return next((queue for queue in _queues(actor) if queue.value == asked), Queue.OPEN)


def _filters(actor: Actor) -> Filters:
    states = [Option(state.value, state.label) for state in State]
    filters = [Filter("state", "State", states)]
    if actor.is_national:
        networks = [Option(hin.code, hin.name) for hin in hins()]
        filters.append(Filter("network", "Network", networks))
    return Filters(
        path=url_for("introductions.index"),
        args=request.args,
        filters=filters,
        words="q",
        keep=("queue", "sort"),
    )


def _narrowed(actor: Actor, queue: Queue, filters: Filters) -> Listed:
    stmt = listed(actor, queue)
    if filters["state"]:
        stmt = stmt.where(Introduction.state.in_([State(state) for state in filters["state"]]))
    if "network" in filters.chosen and filters["network"]:
        stmt = stmt.where(Hin.code.in_(filters["network"]))
    if filters.text:
        stmt = stmt.where(Innovation.name.icontains(filters.text, autoescape=True))
    return stmt

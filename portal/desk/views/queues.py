"""The triage desk: what waits, whose it is and by when it is due."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import ColumnElement, Select, false, or_
from werkzeug.wrappers import Response

from portal.accounts.models import Actor, Organisation, User
from portal.accounts.queries.acting import staff
from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import by_name, db, id_from
from portal.desk.policy import can_see_desk
from portal.desk.queries import queues as queries
from portal.desk.queries.queues import Queue
from portal.desk.views import blueprint
from portal.errors import Forbidden
from portal.innovations.models import Innovation
from portal.reference.models import Hin
from portal.reference.queries import is_past_due
from portal.support import policy, rules
from portal.support.models import Engagement, EngagementState
from portal.support.queries.interactions import open_asks, spent_on
from portal.support.queries.proposals import to_answer
from portal.support.rules import LEVELS
from portal.support.rules.due_dates import reason
from portal.support.rules.interactions import hours_words
from portal.support.views.steps import remember_queue
from portal.web.downloads import list_file
from portal.web.filters import Filter, Filters, Option
from portal.web.paging import page_number, paginate
from portal.web.sorting import Column, Sort

NATIONAL_QUEUES = (Queue.NEW, Queue.WAITING, Queue.OVERDUE, Queue.ALL)
SORTABLE: Mapping[str, Column] = {
    "due": Engagement.due_on,
    "name": by_name(Innovation.name),
    "organisation": by_name(Organisation.name),
    "network": by_name(Hin.name),
    "state": Engagement.state,
    "level": Engagement.level,
    "lead": by_name(User.name),
    "arrived": Engagement.opened_at,
}
HEADER = (
    *("Innovation", "Organisation", "Network", "State", "Level", "Next step", "Due", "Lead"),
    *("Arrived", "Leads with it"),
)
DUE = {
    "overdue": "Overdue",
    "today": "Due today",
    "week": "Due within a week",
    "none": "No day",
    "unknown": "Day cannot be worked out",
}


@blueprint.get("/support")
def desk() -> str:
    """Show one queue, oldest deadline first unless asked otherwise."""
    actor = _staff()
    queue, filters = _queue(actor), _filters(actor)
    sort = _sort()
    page = paginate(
        db.session, _listed(queue, actor, filters, sort), page=page_number(request.args)
    )
    remember_queue(filters.url_with(page=page.number if page.number > 1 else None))
    counts = queries.queue_counts(actor, today())
    shown = [engagement.id for engagement in page if engagement.hin_id == actor.hin_id]
    return render_template(
        "desk/desk.html",
        queue=queue,
        tabs=[(q, q.label, counts[q]) for q in _queues(actor)],
        page=page,
        filters=filters,
        sort=sort,
        shows_network=not actor.is_hin or queue in {Queue.ALL, Queue.AREA},
        can_choose=policy.can_log(actor) and bool(shown),
        ticks_all=request.args.get("tick") == "page",
        reason=reason,
        proposals=to_answer(actor),
        rules=rules,
        today=today(),
        actor=actor,
        spent=spent_on(shown),
        asks=open_asks(shown),
        hours_words=hours_words,
    )


@blueprint.get("/support/next")
def next_case() -> Response:
    """Go to the case after the one at hand, in the queue and the order that the address has; to
    the first one where that case has left the queue."""
    actor = _staff()
    queue, filters = _queue(actor), _filters(actor)
    found = db.session.scalars(_listed(queue, actor, filters, _sort())).all()
    following = queries.case_after(found, request.args.get("after", type=int))
    if following is None:
        flash("That was the last case of this queue.")
        return redirect(filters.url_with(after=None, page=None))
    return redirect(url_for("support.record", innovation_id=following.innovation_id))


@blueprint.get("/support/download.<kind>")
def download_desk(kind: str) -> Response:
    """Give the whole queue, under the same filters, as CSV or XLSX."""
    actor = _staff()
    queue, filters = _queue(actor), _filters(actor)
    found = db.session.scalars(_listed(queue, actor, filters, _sort()))
    rows = [_row(engagement) for engagement in found]
    name = f"support-{queue.value}-{today().isoformat()}"
    about = {"List": f"Triage desk: {queue.label}", **filters.described()}
    return list_file(name, kind, HEADER, rows, about)


def _staff() -> Actor:
    actor = current_actor()
    if not can_see_desk(actor):
        raise Forbidden("The triage desk is for staff of the networks and the national team.")
    return actor


def _queues(actor: Actor) -> Sequence[Queue]:
    return tuple(Queue) if actor.is_hin else NATIONAL_QUEUES


def _queue(actor: Actor) -> Queue:
    """Return the queue asked for; a person's own network's, or all, for anything else."""
    asked = request.args.get("queue", "")
    default = Queue.HIN if actor.is_hin else Queue.ALL
    return next((queue for queue in _queues(actor) if queue.value == asked), default)


def _filters(actor: Actor) -> Filters:
    hins = [Option(hin.code, hin.name) for hin in queries.hins_with_engagements()]
    states = [Option(state.value, state.label) for state in EngagementState]
    levels = [Option(str(level), f"Level {level}") for level in LEVELS]
    return Filters(
        path=url_for("desk.desk"),
        args=request.args,
        filters=(
            Filter("state", "State", states),
            Filter("level", "Support level", levels),
            Filter("due", "Next step", [Option(code, words) for code, words in DUE.items()]),
            *_leads(actor),
            Filter("network", "Network", hins),
        ),
        words="q",
        keep=("queue", "sort"),
    )


def _leads(actor: Actor) -> list[Filter]:
    """Return the filter by the people of one's own network, and by nobody."""
    if not actor.is_hin:
        return []
    people = [Option(str(person.id), person.name) for person in staff(actor.hin_id)]
    return [Filter("lead", "Lead person", [Option("nobody", "Nobody yet"), *people])]


def _sort() -> Sort:
    return Sort.from_query(request.args, SORTABLE, default="due", tie=Engagement.id)


def _listed(queue: Queue, actor: Actor, filters: Filters, sort: Sort) -> Select[Engagement]:
    stmt = queries.desk(queue, actor, today())
    if filters["state"]:
        stmt = stmt.where(Engagement.state.in_([EngagementState(s) for s in filters["state"]]))
    if filters["level"]:
        stmt = stmt.where(Engagement.level.in_([int(level) for level in filters["level"]]))
    if filters["due"]:
        stmt = stmt.where(or_(*(_due(code) for code in filters["due"])))
    if actor.is_hin and filters["lead"]:
        ids = [found for code in filters["lead"] if (found := id_from(code))]
        nobody = queries.led_by_nobody(actor.hin_id) if "nobody" in filters["lead"] else false()
        stmt = stmt.where(Engagement.lead_id.in_(ids) | nobody)
    if filters["network"]:
        stmt = stmt.where(Hin.code.in_(filters["network"]))
    if filters.text:
        named = Innovation.name.icontains(filters.text, autoescape=True)
        made = Organisation.name.icontains(filters.text, autoescape=True)
        stmt = stmt.where(named | made)
    return sort.apply(stmt)


def _due(code: str) -> ColumnElement[bool]:
    day = today()
    clauses = {
        "overdue": is_past_due(Engagement.due_on, day),
        "today": Engagement.due_on == day,
        "week": Engagement.due_on.between(day, day + timedelta(days=7)),
        "none": Engagement.due_on.is_(None) & Engagement.undated.is_(None),
        "unknown": Engagement.undated.is_not(None),
    }
    return clauses[code]


def _row(engagement: Engagement) -> tuple[str | int | date | None, ...]:
    return (
        engagement.innovation.name,
        engagement.innovation.organisation.name,
        engagement.hin.name,
        engagement.state.label,
        engagement.level,
        reason(engagement),
        engagement.due_on or engagement.undated_reason,
        engagement.lead.name if engagement.lead else None,
        engagement.opened_at,
        "Yes" if engagement.is_leading and engagement.state in rules.LIVE else "No",
    )

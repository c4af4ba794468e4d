"""Load how a network's support came to stand: the past of a list kept elsewhere, told to nobody.

Each step is a dated row of its own. What is promised counts from today, so that no deadline lies in
the past. What was loaded can be taken back, row by row. They flush.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, literal, select, union_all

from portal.accounts.models import Actor
from portal.clock import LONDON, day_of, now, today
from portal.db import db
from portal.errors import Forbidden
from portal.innovations.models import Innovation
from portal.notifications.outbox import untold
from portal.reference.models import NO_DUE_DATE, DeadlineKind, DueDate
from portal.reference.queries import due_date, promises_from
from portal.support import policy, queries
from portal.support.models import (
    BudgetAsk,
    Engagement,
    EngagementChange,
    EngagementState,
    Interaction,
    LeadPersonChange,
    LevelChange,
)
from portal.support.rules import LIVE, PICKED_UP_FROM
from portal.support.services import budgets
from portal.support.services.asking import take_over_lead
from portal.support.services.joining import due_from, how_it_is
from portal.support.services.moves import colleague, reach, set_lead_person, set_level

LOOK_AGAIN_DAYS = 28
"""So many days what waits is put off where the list does not say until when."""
PROMISED = {
    EngagementState.ASSESSING: DeadlineKind.DECIDE,
    EngagementState.ENGAGING: DeadlineKind.UPDATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSupport:
    """How a network says that its support stands: None is what the list does not say."""

    state: EngagementState
    level: int | None = None
    lead_id: int | None = None
    since: date
    """The day on which the network began; only of one that had not."""
    on: date
    """The day from which this state and level hold."""
    why: str
    """Where it is from, in words."""


def load(
    *, innovation: Innovation, past: PastSupport, by: Actor, engagement: Engagement | None = None
) -> Engagement:
    """Bring the engagement of the actor's network to where a list says that it stands; the one that
    there is may be given, where it was read already.

    Raises Forbidden for all but HIN staff, Invalid for a lead who is not of the network.
    """
    if not policy.can_log(by):
        raise Forbidden("Only a network's own staff say how its support stands.")
    with promises_from(today()), untold():
        if engagement is None:
            engagement = queries.engagement_of(innovation.id, by.hin_id)
        if engagement is None:
            engagement = _joined(innovation, past, by)
        if past.lead_id is not None and past.lead_id != engagement.lead_id:
            at = _moment(engagement, past.on)
            set_lead_person(engagement, colleague(engagement, past.lead_id).id, by=by, at=at)
        _reach(engagement, past, by)
        if past.level is not None and past.level != engagement.level:
            set_level(engagement, past.level, past.why, by=by, at=_moment(engagement, past.on))
        budgets.review(engagement, by=by, at=now())
    db.session.flush()
    return engagement


def _joined(innovation: Innovation, past: PastSupport, by: Actor) -> Engagement:
    at = datetime.combine(past.since, time(12), LONDON)
    made = Engagement(innovation=innovation, hin_id=by.hin_id, opened_at=at)
    made.is_first = not queries.engagements(innovation.id)
    made.state = EngagementState.NEW
    db.session.add(made)
    take_over_lead(made, at=at)
    made.changes.append(EngagementChange(state=EngagementState.NEW, at=at, by_id=by.user_id))
    db.session.flush()
    return made


def _reach(engagement: Engagement, past: PastSupport, by: Actor) -> None:
    """Reach a state by the steps that lead there: what is decided was read before, and what has a
    level was supported before it ended."""
    target, was = past.state, engagement.state
    if target is was:
        return
    began = past.since if engagement.picked_up_at is None else past.on
    if was in PICKED_UP_FROM and target is not EngagementState.ASSESSING:
        _step(engagement, EngagementState.ASSESSING, began, by)
    is_ended = target is not EngagementState.ENGAGING and target in ENDS_SUPPORT
    if is_ended and past.level is not None and engagement.level is None:
        _step(engagement, EngagementState.ENGAGING, began, by)
        set_level(engagement, past.level, past.why, by=by, at=_moment(engagement, began))
    _step(engagement, target, past.on, by, past.why)


ENDS_SUPPORT = frozenset({EngagementState.CLOSED, EngagementState.WAITING})


def _step(
    engagement: Engagement, state: EngagementState, on: date, by: Actor, message: str = ""
) -> None:
    at = _moment(engagement, on)
    if engagement.picked_up_at is None:
        engagement.picked_up_at = at
    due = due_date(PROMISED[state], day_of(at)) if state in PROMISED else NO_DUE_DATE
    if state is EngagementState.WAITING:
        until = today() + timedelta(days=LOOK_AGAIN_DAYS)
        engagement.waiting_for, engagement.waiting_until = "The list does not say for what", until
        due = DueDate(until)
    reach(engagement, state, by=by, at=at, due=due, message=message)


def _moment(engagement: Engagement, on: date) -> datetime:
    """Return the moment of a step on a day: after the steps that were before it."""
    at = now() if on >= today() else datetime.combine(on, time(12), LONDON)
    last = max((one.at for one in engagement.changes), default=at)
    return max(at, last + timedelta(seconds=1)) if engagement.changes else at


ROWS: tuple[Any, ...] = (EngagementChange, LevelChange, LeadPersonChange, BudgetAsk)


def snapshot(engagement: Engagement | None) -> dict[str, Any]:
    """Return how an engagement stands, and which dated rows it has, as JSON: what `take_back`
    takes."""
    if engagement is None:
        return {}
    columns = {
        "level": engagement.level,
        "lead_id": engagement.lead_id,
        "picked_up_at": _iso(engagement.picked_up_at),
        "decided_at": _iso(engagement.decided_at),
    }
    rows = _numbers(engagement)
    return {"id": engagement.id, **how_it_is(engagement), **columns, "rows": rows}


def _numbers(engagement: Engagement) -> dict[str, list[int]]:
    """Return the numbers of an engagement's dated rows by table. One statement."""
    found: dict[str, list[int]] = {model.__tablename__: [] for model in ROWS}
    every = union_all(
        *(
            select(literal(model.__tablename__).label("name"), model.id.label("number")).where(
                model.engagement_id == engagement.id
            )
            for model in ROWS
        )
    )
    for name, number in db.session.execute(every.order_by("number")):
        found[name].append(number)
    return found


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def made_since(was: Mapping[str, Any], engagement: Engagement | None) -> dict[str, list[int]]:
    """Return the dated rows that an engagement has since a `snapshot`, by table."""
    if engagement is None:
        return {}
    had = was.get("rows", {})
    return {
        table: [number for number in numbers if number not in had.get(table, ())]
        for table, numbers in _numbers(engagement).items()
    }


def take_back(
    *, innovation: Innovation, was: Mapping[str, Any], made: Mapping[str, list[int]], by: Actor
) -> None:
    """Take back what was loaded: the rows that it made and, where there was none, the engagement.
    Where somebody went on since, the engagement stands as they left it."""
    engagement = queries.engagement_of(innovation.id, by.hin_id)
    if engagement is None:
        return
    if not was:
        db.session.execute(delete(Engagement).where(Engagement.id == engagement.id))
        db.session.expunge(engagement)
        return
    goes_on = made_since({"rows": {**was["rows"], **_joined_rows(was, made)}}, engagement)
    for model in ROWS:
        numbers = made.get(model.__tablename__, [])
        db.session.execute(delete(model).where(model.id.in_(numbers)))
    db.session.expire(engagement)
    if not any(goes_on.values()):
        _put_back(engagement, was)
    db.session.flush()


def _joined_rows(was: Mapping[str, Any], made: Mapping[str, list[int]]) -> dict[str, list[int]]:
    return {table: [*numbers, *made.get(table, [])] for table, numbers in was["rows"].items()}


def _put_back(engagement: Engagement, was: Mapping[str, Any]) -> None:
    engagement.state = EngagementState(was["state"])
    engagement.level, engagement.lead_id = was["level"], was["lead_id"]
    for name in ("picked_up_at", "decided_at"):
        setattr(engagement, name, datetime.fromisoformat(was[name]) if was[name] else None)
    until = was["waiting_until"]
    engagement.waiting_for = was["waiting_for"]
    engagement.waiting_until = date.fromisoformat(until) if until else None
    is_live = engagement.state in LIVE
    engagement.set_due(due_from(was["due"]) if is_live else NO_DUE_DATE)


def unlog(numbers: list[int]) -> None:
    """Delete interactions that were loaded, as if nobody had logged them."""
    for one in db.session.scalars(select(Interaction).where(Interaction.id.in_(numbers))):
        db.session.delete(one)
    db.session.flush()

"""Read the triage desk: its queues, whom a case touches, and how much each person leads."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager

from portal.accounts.models import Actor, Membership, Organisation, Role, User
from portal.accounts.queries.acting import acting_ids, staff
from portal.db import LabelledEnum, by_name, db
from portal.desk.models import Capacity
from portal.innovations.models import Innovation, Use
from portal.innovations.queries.on_day import is_running_on, used_in_ics
from portal.reference.models import Hin, HinServiceArea, Term, Vocabulary
from portal.support.models import Engagement, EngagementState
from portal.support.queries.interactions import spent_on
from portal.support.queries.on_day import is_live_on, is_overdue_on
from portal.support.rules.on_day import TRIAGE
from portal.wording import is_overdue


class Queue(LabelledEnum):
    """The tabs of the desk."""

    NEW = "new", "New"
    MINE = "mine", "Mine"
    HIN = "hin", "My network’s"
    WAITING = "waiting", "Waiting"
    OVERDUE = "overdue", "Overdue"
    AREA = "area", "Others’ in my area"
    """Other HINs' that touch the area of one's own."""
    ALL = "all", "All networks’"


def in_queue(queue: Queue, actor: Actor, today: date) -> ColumnElement[bool]:
    """Return SQL for "the engagement stands in this queue of the actor's".

    For HIN staff every queue but *area* and *all* is their own HIN's; the national team has none
    of its own and sees every HIN's.
    """
    return _CLAUSES[queue](actor, today)


def _own(actor: Actor) -> ColumnElement[bool]:
    return Engagement.hin_id == actor.hin_id if actor.is_hin else true()


def _in_area(actor: Actor, today: date) -> ColumnElement[bool]:
    return is_live_on(None) & touches(actor.hin_id, today) if actor.is_hin else false()


_WAITING = (EngagementState.WAITING, EngagementState.CHANGES)
_CLAUSES: dict[Queue, Callable[[Actor, date], ColumnElement[bool]]] = {
    # Each is built alone: the home page asks for a few of them, and that of the area is large.
    Queue.NEW: lambda by, on: _own(by) & (Engagement.state == EngagementState.NEW),
    Queue.MINE: lambda by, on: is_live_on(None) & (Engagement.lead_id == by.user_id),
    Queue.HIN: lambda by, on: _own(by) & is_live_on(None),
    Queue.WAITING: lambda by, on: _own(by) & Engagement.state.in_(_WAITING),
    Queue.OVERDUE: lambda by, on: _own(by) & is_overdue_on(on),
    Queue.AREA: _in_area,
    Queue.ALL: lambda by, on: true(),
}


def touches(hin_id: int | None, today: date) -> ColumnElement[bool]:
    """Return SQL for "another HIN's engagement touches this HIN's area": its innovation comes from
    an ICS that the HIN serves, is used in one, or is one that the HIN works with as well."""
    served = select(HinServiceArea.ics_id).where(
        HinServiceArea.hin_id == hin_id,
        HinServiceArea.valid_from <= today,
        or_(HinServiceArea.valid_to.is_(None), HinServiceArea.valid_to >= today),
    )
    from_here = select(Innovation.id).where(Innovation.ics_id.in_(served))
    used_here = select(Use.innovation_id).where(used_in_ics().in_(served), is_running_on(today))
    ours = aliased(Engagement)
    with_us = select(ours.innovation_id).where(ours.hin_id == hin_id, is_live_on(None, ours))
    innovation = Engagement.innovation_id
    return (Engagement.hin_id != hin_id) & or_(
        innovation.in_(from_here), innovation.in_(used_here), innovation.in_(with_us)
    )


def led_by_nobody(hin_id: int | None) -> ColumnElement[bool]:
    """Return SQL for "nobody who acts for the HIN leads it": one who left leads nothing."""
    here = acting_ids(Organisation.hin_id == hin_id, Membership.role == Role.HIN)
    return Engagement.lead_id.is_(None) | Engagement.lead_id.not_in(here)


def queue_counts(actor: Actor, today: date) -> dict[Queue, int]:
    """Return how many engagements stand in each queue, in one statement."""
    row = db.session.execute(
        select(
            *(
                func.coalesce(func.sum(case((in_queue(q, actor, today), 1), else_=0)), 0)
                for q in Queue
            )
        ).select_from(Engagement)
    ).one()
    return {queue: int(count) for queue, count in zip(Queue, row, strict=True)}


def desk(queue: Queue, actor: Actor, today: date) -> Select[Engagement]:
    """Return the engagements of a queue with all that a row shows, not yet in order."""
    return _rows().where(in_queue(queue, actor, today))


def chosen(actor: Actor, ids: Collection[int]) -> Sequence[Engagement]:
    """Return the open engagements of the actor's HIN among those chosen, by their names. The only
    door to doing something with many: another HIN's are left out."""
    if not actor.is_hin or actor.hin_id is None:
        return []
    return db.session.scalars(
        _rows()
        .where(
            Engagement.id.in_(ids),
            Engagement.hin_id == actor.hin_id,
            is_live_on(None),
        )
        .order_by(by_name(Innovation.name), Engagement.id)
    ).all()


def case_after(cases: Sequence[Engagement], innovation_id: int | None) -> Engagement | None:
    """Return the case that follows an innovation's in a queue, of another innovation; the first
    one where the innovation is not in the queue. None after the last one."""
    places = [n for n, one in enumerate(cases) if one.innovation_id == innovation_id]
    return next(iter(cases[places[-1] + 1 :] if places else cases), None)


def _rows() -> Select[Engagement]:
    """Return engagements with all that a row of the desk shows."""
    return (
        select(Engagement)
        .join(Engagement.innovation)
        .join(Innovation.organisation)
        .join(Engagement.hin)
        .outerjoin(Engagement.lead)
        .options(
            contains_eager(Engagement.innovation).contains_eager(Innovation.organisation),
            contains_eager(Engagement.hin),
            contains_eager(Engagement.lead),
        )
    )


def hins_with_engagements() -> Sequence[Hin]:
    """Return the HINs that have engagements, by name: the desk's filter."""
    return db.session.scalars(
        select(Hin)
        .where(Hin.id.in_(select(Engagement.hin_id).distinct()))
        .order_by(by_name(Hin.name))
    ).all()


# Load


@dataclass(frozen=True, slots=True)
class Load:
    """How much a person of a HIN leads today, against what is a full load for them."""

    person: User
    cases: int
    undecided: int
    """Of these, new or being read."""
    overdue: int
    hours_left: int
    """Minutes that the levels of what they lead still allow; levels without hours count
    for nothing."""
    full: int | None
    """How many open cases are a full load; None where nobody said."""

    @property
    def is_full(self) -> bool:
        """Whether they lead as much as they can."""
        return self.full is not None and self.cases >= self.full


def loads(hin_id: int | None, today: date) -> list[Load]:
    """Return the load of everybody who acts for a HIN, by name. Five statements."""
    led = db.session.execute(
        select(
            Engagement.id, Engagement.lead_id, Engagement.state, Engagement.level, Engagement.due_on
        ).where(
            Engagement.hin_id == hin_id,
            is_live_on(None),
            Engagement.lead_id.is_not(None),
        )
    ).all()
    budgets, full = _level_minutes(), _full(hin_id, today)
    spent = spent_on([row.id for row in led if row.level in budgets])
    found = []
    for person in staff(hin_id):
        own = [row for row in led if row.lead_id == person.id]
        left = [budgets[row.level] - spent.get(row.id, 0) for row in own if row.level in budgets]
        found.append(
            Load(
                person=person,
                cases=len(own),
                undecided=sum(EngagementState(row.state) in TRIAGE for row in own),
                overdue=sum(is_overdue(row.due_on, today) for row in own),
                hours_left=sum(max(0, minutes) for minutes in left),
                full=full.get(person.id),
            )
        )
    return found


def _level_minutes() -> dict[int | None, int]:
    """Return the hours of the levels that have any, in minutes."""
    rows = db.session.execute(
        select(Term.position, Term.value).where(
            Term.vocabulary == Vocabulary.SUPPORT_LEVEL, Term.value != ""
        )
    )
    return {level: int(float(hours) * 60) for level, hours in rows}


def _full(hin_id: int | None, today: date) -> dict[int, int]:
    """Return what is a full load for each person today: the newest setting that has begun."""
    rows = db.session.execute(
        select(Capacity.user_id, Capacity.cases)
        .where(Capacity.hin_id == hin_id, Capacity.valid_from <= today)
        .order_by(Capacity.valid_from, Capacity.id)
    )
    return {user_id: cases for user_id, cases in rows}  # noqa: C416  # the last one of each holds

"""Tick a milestone with its day and evidence, or take it back with why."""

from datetime import date, datetime

from portal.accounts.models import Actor
from portal.clock import day_of, now
from portal.db import add_new, db
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Innovation
from portal.proof.models import MilestoneReached
from portal.proof.policy import can_record
from portal.reference.models import Term
from portal.support import outbox, queries


def tick(
    *,
    innovation: Innovation,
    milestone: Term,
    on: date,
    evidence: str,
    by: Actor,
    link: str = "",
    at: datetime | None = None,
) -> MilestoneReached:
    """Say that a milestone was reached, when and what shows it; the innovator is told.

    Raises Forbidden for HINs that do not work with the record, Conflict when it stands already.
    """
    at = at or now()
    _refuse_unless_working(innovation, by)
    if on > day_of(at):
        raise Invalid("The day must be today or in the past", field="on")
    if not evidence:
        raise Invalid("Enter what shows it", field="evidence")
    row = MilestoneReached(
        innovation_id=innovation.id,
        milestone=milestone,
        hin_id=by.hin_id,
        on=on,
        evidence=evidence,
        link=link,
        at=at,
        by_id=by.user_id,
    )
    if not add_new(row):
        raise Conflict("This milestone is ticked already.")
    outbox.note("milestone.reached", innovation, f"ticked “{milestone.label}”", by=by, at=at)
    outbox.tell_owners(
        "proof/milestone", innovation, at=at, page="progress", milestone=milestone, by=by
    )
    return row


def take_back(
    *, reached: MilestoneReached, why: str, by: Actor, at: datetime | None = None
) -> MilestoneReached:
    """Untick a milestone, with the reason; the row stays. Raises Forbidden, Invalid, Conflict."""
    at = at or now()
    innovation, label = reached.innovation, reached.milestone.label
    _refuse_unless_working(innovation, by)
    if not why:
        raise Invalid("Enter why it is taken back", field="why")
    if reached.undone_at is not None:
        raise Conflict("This milestone was taken back already.")
    reached.undone_at, reached.undone_by_id, reached.undone_why = at, by.user_id, why
    db.session.flush()
    outbox.note("milestone.undone", innovation, f"took back “{label}”: {why}", by=by, at=at)
    outbox.tell_owners(
        "proof/milestone_undone", innovation, at=at, page="progress", label=label, why=why, by=by
    )
    return reached


def _refuse_unless_working(innovation: Innovation, by: Actor) -> None:
    if not can_record(by, queries.engagements(innovation.id)):
        raise Forbidden("Only a network that works with this innovation ticks its milestones.")

"""Support reacts to the innovation record.

A first submission, or another HIN chosen later, opens an engagement; the submission of what a HIN
asked to be changed puts its engagement back on the desk; archiving closes what is open, and
bringing back puts it on the desk again. All of it happens inside the flush that brings the cause,
so that neither can be without the other.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from portal.clock import now
from portal.innovations.models import Innovation, Life, LifeChange, SectionCopy
from portal.support import queries
from portal.support.models import EngagementState
from portal.support.rules import LIVE
from portal.support.services.engagements import (
    close_archived,
    open_first,
    receive_changes,
    reopen,
)


@event.listens_for(Session, "before_flush")
def _react(session: Session, _context: Any, _instances: Any) -> None:
    lives = [row for row in session.new if isinstance(row, LifeChange)]
    moved = [row for row in session.dirty if _has_another_hin(row)]
    answered = {row.innovation_id: row for row in session.dirty if _is_answer(row)}
    for change in lives:
        _live(session.get_one(Innovation, change.innovation_id), change)
    begun = {change.innovation_id for change in lives}
    for innovation in moved:
        if innovation.id not in begun and queries.engagements(innovation.id):
            open_first(innovation=innovation, hin_id=_hin_id(innovation), at=now())
    for copy in answered.values():
        _receive(session.get_one(Innovation, copy.innovation_id), copy.submitted_at)


def _live(innovation: Innovation, change: LifeChange) -> None:
    if change.life is Life.SUBMITTED:
        open_first(innovation=innovation, hin_id=_hin_id(innovation), at=change.at)
        for engagement in queries.engagements(innovation.id):
            if engagement.is_leading and engagement.state is EngagementState.CLOSED:
                reopen(engagement=engagement, at=change.at)
    if change.life is Life.ARCHIVED:
        for engagement in queries.engagements(innovation.id):
            if engagement.state in LIVE:
                close_archived(engagement=engagement, why=change.why or "", at=change.at)


def _has_another_hin(row: object) -> bool:
    if not isinstance(row, Innovation) or row.life is not Life.SUBMITTED:
        return False
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in ("hin", "hin_id"))


def _hin_id(innovation: Innovation) -> int | None:
    """Return the HIN chosen, also when it was set in this very flush and has no column yet."""
    chosen = inspect(innovation).attrs.hin.history.added
    if chosen:
        return chosen[0].id if chosen[0] else None
    return innovation.hin_id


def _is_answer(row: object) -> bool:
    """Whether the section had a change wanted, and has none any more."""
    if not isinstance(row, SectionCopy) or row.change_wanted:
        return False
    return any(inspect(row).attrs.change_wanted.history.deleted or ())


def _receive(innovation: Innovation, at: datetime | None) -> None:
    """Tell every HIN that waits, once no section is left in which a change is wanted."""
    if any(other.change_wanted for other in innovation.copies):
        return
    for engagement in queries.engagements(innovation.id):
        if engagement.state is EngagementState.CHANGES:
            receive_changes(engagement=engagement, at=at)

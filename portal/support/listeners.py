"""Support reacts to the innovation record: a first submission opens an engagement, and the
submission of what a HIN asked to be changed puts its engagement back on the desk.

Both happen inside the flush that brings the cause, so that neither can be without the other.
"""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from portal.db import now
from portal.innovations.models import Innovation, Life, LifeChange, SectionCopy
from portal.support import queries
from portal.support.models import EngagementState
from portal.support.services.engagements import open_first, receive_changes


@event.listens_for(Session, "before_flush")
def _react(session: Session, _context: Any, _instances: Any) -> None:
    arrived = [row for row in session.new if _is_submission(row)]
    answered = {row.innovation_id: row for row in session.dirty if _is_answer(row)}
    for change in arrived:
        innovation = session.get_one(Innovation, change.innovation_id)
        open_first(innovation=innovation, hin_id=_hin_id(innovation), at=change.at)
    for copy in answered.values():
        _receive(session.get_one(Innovation, copy.innovation_id), copy)


def _hin_id(innovation: Innovation) -> int | None:
    """Return the HIN chosen, also when it was set in this very flush and has no column yet."""
    chosen = inspect(innovation).attrs.hin.history.added
    if chosen:
        return chosen[0].id if chosen[0] else None
    return innovation.hin_id


def _is_submission(row: object) -> bool:
    return isinstance(row, LifeChange) and row.life is Life.SUBMITTED


def _is_answer(row: object) -> bool:
    """Whether the section had a change wanted, and has none any more."""
    if not isinstance(row, SectionCopy) or row.change_wanted:
        return False
    return any(inspect(row).attrs.change_wanted.history.deleted or ())


def _receive(innovation: Innovation, copy: SectionCopy) -> None:
    """Tell every HIN that waits, once no section is left in which a change is wanted."""
    if any(other.change_wanted for other in innovation.copies):
        return
    for engagement in queries.engagements(innovation.id):
        if engagement.state is EngagementState.CHANGES:
            receive_changes(engagement=engagement, at=copy.submitted_at or now())

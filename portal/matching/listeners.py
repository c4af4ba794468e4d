"""A challenge or an innovation changed: queue its matching in the same transaction."""

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from portal.challenges.models import Challenge, ChallengeState
from portal.db import has_changed
from portal.innovations.models import Innovation, RecordStatus
from portal.matching.rules import MIN_CHANGES_FOR_FULL_RUN
from portal.matching.services import ask_for_challenges, ask_for_matches, ask_for_refresh
from portal.privacy.outbox import erased

CHALLENGE_COLUMNS = ("state", "changed_at")
INNOVATION_COLUMNS = ("status", "sharing", "is_proven_until", "changed_at")


@event.listens_for(Session, "after_flush")
def note_changes(session: Session, _context: object) -> None:
    """Remember which challenges and innovations this flush made or changed."""
    changed: set[tuple[str, int]] = session.info.setdefault("matching", set())
    for row in (*session.new, *session.dirty):
        is_new = row in session.new
        if isinstance(row, Challenge) and _concerns_matching(row, is_new=is_new):
            changed.add(("challenge", row.id))
        elif isinstance(row, Innovation) and _is_or_was_submitted(row, is_new=is_new):
            changed.add(("innovation", row.id))


@event.listens_for(Session, "before_commit", insert=True)
def queue_matching(session: Session) -> None:
    """Queue the jobs; before the queue numbers what it hands out on commit.

    A savepoint that ends is no end: what changed is counted over the whole transaction.
    """
    session.flush()
    if session.in_nested_transaction():
        return
    changed: set[tuple[str, int]] = session.info.pop("matching", set())
    if len(changed) >= MIN_CHANGES_FOR_FULL_RUN:
        ask_for_refresh()
        return
    for noun, row_id in sorted(changed):
        if noun == "challenge":
            ask_for_matches(challenge_id=row_id)
        else:
            ask_for_challenges(innovation_id=row_id)


@event.listens_for(Session, "after_rollback")
def forget(session: Session) -> None:
    """What was rolled back starts nothing."""
    session.info.pop("matching", None)


def _concerns_matching(challenge: Challenge, *, is_new: bool) -> bool:
    # What a default fills in has no history, so that a new row is asked for by being new.
    return challenge.state is not ChallengeState.CLOSED and (
        is_new or has_changed(challenge, CHALLENGE_COLUMNS)
    )


def _is_or_was_submitted(innovation: Innovation, *, is_new: bool) -> bool:
    before = inspect(innovation).attrs.status.history.deleted or ()
    concerned = innovation.status is RecordStatus.SUBMITTED or RecordStatus.SUBMITTED in before
    return concerned and (is_new or has_changed(innovation, INNOVATION_COLUMNS))


@erased.connect
def _match_anew(_user_id: int) -> None:
    """Match everything anew when a person was erased: reasons and counted words repeat texts."""
    ask_for_refresh()

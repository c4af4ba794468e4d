"""What a HIN does: take an introduction, accept it with context, or decline with alternatives."""

from portal.accounts.models import Actor
from portal.clock import now, today
from portal.db import db
from portal.introductions import outbox, policy
from portal.introductions.models import Ending, Introduction, State
from portal.introductions.queries import concerned_hin_ids
from portal.introductions.services.moves import lock, move
from portal.reference.models import DeadlineKind, Hin
from portal.reference.queries import due_date


def take(*, introduction: Introduction, version: int, by: Actor) -> None:
    """Take it for the actor's HIN; the due date stays.

    Raises Forbidden for other HINs' people, Conflict naming who took it when somebody did.
    """
    sides = policy.sides_of(by, introduction, concerned_hin_ids(introduction))
    lock(introduction, version, by=by, allowed=policy.can_take(sides, introduction))
    introduction.taken_at = now()
    # The row itself, not its number: who is told reads its name at once.
    introduction.broker_hin = db.session.get_one(Hin, by.hin_id)
    introduction.broker_id = by.user_id
    move(introduction, State.TAKEN, by=by, due=introduction.due_date)
    outbox.tell_ics("taken", introduction, by=by)
    outbox.tell_other_hins("taken_elsewhere", introduction, by=by)


def accept(*, introduction: Introduction, version: int, context: str, by: Actor) -> None:
    """Accept it and ask the innovator, who is told only now. Raises Forbidden, Conflict."""
    lock(introduction, version, by=by, allowed=policy.can_broker(by, introduction))
    introduction.brokered_at, introduction.context = now(), context
    introduction.broker_id = by.user_id
    due = due_date(DeadlineKind.REPLY, today())
    move(introduction, State.BROKERED, by=by, due=due, message=context)
    outbox.tell_innovator("brokered", introduction, by=by)
    outbox.tell_ics("accepted", introduction, by=by)


def decline(
    *, introduction: Introduction, version: int, why: str, alternatives: str, by: Actor
) -> None:
    """Decline it with a reason and alternatives; the innovator never learns of it.

    Raises Forbidden, Conflict.
    """
    lock(introduction, version, by=by, allowed=policy.can_broker(by, introduction))
    move(
        introduction,
        State.ENDED,
        by=by,
        ending=Ending.DECLINED_BY_HIN,
        message=why,
        elsewhere=alternatives,
    )
    outbox.tell_ics("declined_by_hin", introduction, by=by)

"""Ask for an introduction, take it back, and agree to it or not."""

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeState
from portal.challenges.policy import can_see as can_see_challenge
from portal.clock import now, today
from portal.db import db
from portal.errors import Forbidden, Invalid
from portal.innovations.models import Innovation
from portal.introductions import outbox, policy, queries
from portal.introductions.models import Ending, Introduction, State, Timescale
from portal.introductions.policy import sides_of
from portal.introductions.rules import next_ask
from portal.introductions.services.moves import lock, move
from portal.reference.models import DeadlineKind, DueDate
from portal.reference.queries import due_date


def ask(
    *,
    innovation: Innovation,
    challenge: Challenge | None,
    purpose: str,
    timescale: Timescale,
    takes_part: str,
    by: Actor,
    is_invited: bool = False,
) -> Introduction:
    """Ask the HINs for an introduction; the innovator is told nothing.

    `is_invited`: the innovator answered the challenge, so that the ICS knows of the record without
    its being shared. Raises Forbidden for everybody but ICS staff who may see the innovation or
    know it by an answer, Invalid when their ICS has one under way.
    """
    if not (policy.can_invite if is_invited else policy.can_ask)(by, innovation):
        raise Forbidden("Only ICS staff ask for an introduction, to an innovation they may see.")
    _refuse_challenge(challenge, by)
    if queries.open_one(by.organisation_id, innovation.id):
        raise Invalid("Your ICS has an introduction to this innovation under way already")
    introduction = Introduction(
        innovation=innovation,
        organisation_id=by.organisation_id,
        ics_id=by.ics_id,
        challenge=challenge,
        asked_by_id=by.user_id,
        purpose=purpose,
        timescale=timescale,
        takes_part=takes_part,
    )
    db.session.add(introduction)
    db.session.flush()
    move(introduction, State.REQUESTED, by=by, due=due_date(DeadlineKind.BROKER, today()))
    outbox.tell_hins("requested", introduction, by=by)
    return introduction


def _refuse_challenge(challenge: Challenge | None, by: Actor) -> None:
    if challenge is None:
        return
    if not can_see_challenge(by, challenge):
        raise Forbidden("You may not see this challenge.")
    if challenge.state is not ChallengeState.OPEN:
        raise Invalid("Select a challenge that is open", field="challenge")


def withdraw(*, introduction: Introduction, version: int, why: str, by: Actor) -> None:
    """Take a request back, saying why; whoever knows of it is told. Raises Forbidden, Conflict."""
    sides = sides_of(by, introduction, ())
    lock(introduction, version, by=by, allowed=policy.can_withdraw(sides, introduction))
    move(introduction, State.ENDED, by=by, ending=Ending.WITHDRAWN, message=why)
    outbox.tell_hins("withdrawn", introduction, by=by)
    if introduction.brokered_at is not None:
        outbox.tell_innovator("withdrawn", introduction, by=by)


def agree(*, introduction: Introduction, version: int, message: str, by: Actor) -> None:
    """Agree for the innovator: from now on both sides see each other's contact, that of who asked
    and that of who agrees. Raises Forbidden, Conflict."""
    sides = sides_of(by, introduction, ())
    lock(introduction, version, by=by, allowed=policy.can_answer(sides, introduction))
    introduction.agreed_at, introduction.agreed_by_id = now(), by.user_id
    move(introduction, State.AGREED, by=by, due=DueDate(next_ask(today(), ())), message=message)
    for told in (outbox.tell_ics, outbox.tell_hins, outbox.tell_innovator):
        told("agreed", introduction, by=by)


def refuse(*, introduction: Introduction, version: int, why: str, by: Actor) -> None:
    """Decline for the innovator; nobody's contact is shared. Raises Forbidden, Conflict."""
    sides = sides_of(by, introduction, ())
    lock(introduction, version, by=by, allowed=policy.can_answer(sides, introduction))
    ending = Ending.DECLINED_BY_INNOVATOR
    move(introduction, State.ENDED, by=by, ending=ending, message=why)
    outbox.tell_ics("declined_by_innovator", introduction, by=by, message=why)
    outbox.tell_hins("declined_by_innovator", introduction, by=by, message=why)

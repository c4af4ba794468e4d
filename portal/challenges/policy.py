"""Who may see and change a challenge. Pure; `queries.visible_to` says the same in SQL."""

from collections.abc import Set

from portal.accounts.models import Actor
from portal.audit.models import Audience
from portal.challenges.models import Call, Challenge, ChallengeState, Readers

AUTHORS = frozenset({"ics", "hin", "national"})


def can_post(actor: Actor) -> bool:
    """Whether the actor may write challenges: ICS, HIN and national staff."""
    return actor.role is not None and actor.role.value in AUTHORS


def is_own(actor: Actor, challenge: Challenge) -> bool:
    """Whether the actor acts for the organisation that states the challenge."""
    return can_post(actor) and actor.organisation_id == challenge.organisation_id


def can_see(actor: Actor, challenge: Challenge) -> bool:
    """Whether the actor may know that the challenge is there."""
    if is_own(actor, challenge):
        return True
    if challenge.state is ChallengeState.DRAFT:
        return False
    if can_post(actor) or challenge.readers is Readers.PUBLIC:
        return True
    return actor.is_signed_in and challenge.readers is Readers.REGISTERED


def can_edit(actor: Actor, challenge: Challenge) -> bool:
    """Whether the actor may edit, open, close or reopen it."""
    return is_own(actor, challenge)


def can_join(actor: Actor, challenge: Challenge) -> bool:
    """Whether the actor may say "we have this too": another ICS, while the challenge is open."""
    return actor.is_ics and challenge.state is ChallengeState.OPEN and not is_own(actor, challenge)


def can_delete(actor: Actor, challenge: Challenge) -> bool:
    """Whether the actor may delete it: its own organisation, while it is a draft."""
    return is_own(actor, challenge) and challenge.state is ChallengeState.DRAFT


def can_talk(actor: Actor, challenge: Challenge, joined: Set[int]) -> bool:
    """Whether the actor reads and writes the thread of those who have the challenge: its own
    organisation and those that joined (`joined`), once there are several."""
    return bool(joined) and (
        is_own(actor, challenge) or (actor.is_ics and actor.organisation_id in joined)
    )


def can_see_contact(actor: Actor, challenge: Challenge) -> bool:
    """Whether the actor may read whom to write to: its own organisation and those who broker,
    HIN and national staff. Never an innovator."""
    return is_own(actor, challenge) or actor.is_staff


def audiences(actor: Actor) -> frozenset[Audience]:
    """Return whose events of a challenge the actor reads beside those of their organisation."""
    if actor.is_national:
        return frozenset({Audience.EVERYONE, Audience.STAFF, Audience.HIN})
    if actor.is_hin:
        return frozenset({Audience.EVERYONE, Audience.STAFF})
    return frozenset({Audience.EVERYONE})


def can_see_call(actor: Actor, challenge: Challenge, call: Call) -> bool:
    """Whether the actor, who may see the challenge, may see its call: everybody once it is
    published, before that its own organisation."""
    return call.published_at is not None or is_own(actor, challenge)


def can_ask_about(actor: Actor, challenge: Challenge) -> bool:
    """Whether the actor may ask a public question about a call, or follow a challenge: everybody
    who is signed in, besides those who state it."""
    return actor.is_signed_in and not is_own(actor, challenge) and can_see(actor, challenge)

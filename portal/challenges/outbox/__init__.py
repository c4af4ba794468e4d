"""Who is told about a challenge."""

from collections.abc import Sequence

from blinker import Signal

from portal.accounts.models import Actor
from portal.accounts.queries.acting import responsible_at
from portal.challenges.models import Challenge
from portal.challenges.queries import leads_of_hin_for
from portal.challenges.queries.following import followers
from portal.challenges.queries.together import people_who_have_it
from portal.notifications.outbox import tell
from portal.threads.outbox import tell_of_message

closing = Signal("An open challenge is being closed: `by`.")
"""Sent with the challenge, inside the transaction and before its flush: a receiver may refuse."""


def tell_opened(challenge: Challenge) -> None:
    """Tell the leads of the HIN in whose area the challenge was opened."""
    tell(
        leads_of_hin_for(challenge),
        "challenges/emails/opened.txt",
        url=f"/challenges/{challenge.id}",
        challenge=challenge,
    )


def tell_changed(challenge: Challenge, names: Sequence[str], *, by: Actor) -> None:
    """Tell who follows a challenge what of it was changed, by the names of its fields."""
    url, template = f"/challenges/{challenge.id}", "challenges/emails/followed_changed.txt"
    tell(followers(challenge), template, url=url, challenge=challenge, names=names, by=by)


def tell_moved(challenge: Challenge, *, by: Actor) -> None:
    """Tell who follows a challenge that it was closed, with its outcome, or is open again."""
    url, template = f"/challenges/{challenge.id}", "challenges/emails/followed_moved.txt"
    tell(followers(challenge), template, url=url, challenge=challenge, by=by)


def tell_joined(challenge: Challenge, *, by: Actor) -> None:
    """Tell the author, or the leads of an organisation whose author has left, that another
    organisation has the challenge too."""
    tell(
        responsible_at(challenge.author_id, challenge.organisation_id),
        "challenges/emails/joined.txt",
        url=f"/challenges/{challenge.id}",
        challenge=challenge,
        who=by.organisation_name,
    )


def tell_message(challenge: Challenge, *, by: Actor) -> None:
    """Tell the others who have the challenge that somebody wrote to them."""
    tell_of_message(
        people_who_have_it(challenge),
        "challenges/emails/message.txt",
        url=f"/challenges/{challenge.id}",
        challenge=challenge,
        by=by,
    )

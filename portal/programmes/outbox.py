"""Who is told about proposals, and what programmes tell higher rooms."""

from collections.abc import Sequence

from blinker import Signal

from portal.accounts.models import Actor, Membership, Role, User
from portal.accounts.queries.acting import people
from portal.innovations.queries.people import responsible_for
from portal.notifications.outbox import tell
from portal.programmes.models import Assessor, Decision, Programme, Proposal
from portal.programmes.queries.community import followers
from portal.threads import outbox as threads

loaded = Signal("The portal's own files of programmes were loaded.")
"""Sent inside its transaction, with the `report`: receivers load what names programmes or values,
and add to it."""


def tell_asked(assessor: Assessor) -> None:
    """Tell somebody that they are to assess a proposal."""
    tell(
        [assessor.user],
        "programmes/emails/asked.txt",
        url=f"/programmes/proposals/{assessor.proposal_id}",
        proposal=assessor.proposal,
    )


def tell_overdue(assessor: Assessor) -> None:
    """Tell an assessor that their scores are awaited."""
    tell(
        [assessor.user],
        "programmes/emails/scores_overdue.txt",
        url=f"/programmes/proposals/{assessor.proposal_id}",
        proposal=assessor.proposal,
        due_on=assessor.due_on,
    )


def tell_of_message(programme: Programme, *, by: Actor) -> None:
    """Tell who follows the community of a programme that somebody wrote there."""
    threads.tell_of_message(
        followers(programme.id),
        "programmes/emails/message.txt",
        url=f"/programmes/{programme.id}/community",
        programme=programme,
        by=by,
    )


def tell_decided(proposal: Proposal, decision: Decision) -> None:
    """Tell who proposed it, and the people of the record, what was decided and why in the words
    that are for them. Scores are in no email."""
    words = {"proposal": proposal, "decision": decision}
    proposing = _proposing_people(proposal)
    url = f"/programmes/proposals/{proposal.id}"
    tell(proposing, "programmes/emails/decided.txt", url=url, **words)
    if proposal.innovation is not None:
        url = f"/innovations/{proposal.innovation.id}"
        others = [one for one in responsible_for(proposal.innovation) if one not in proposing]
        tell(others, "programmes/emails/decided.txt", url=url, **words)


def _proposing_people(proposal: Proposal) -> Sequence[User]:
    """Return who proposed it or, when they have left the national team, its leads; nobody for what
    was loaded."""
    if proposal.by_id is None:
        return ()
    team = people(Membership.role == Role.NATIONAL)
    own = [one for one in team if one.id == proposal.by_id]
    return own or people(Membership.role == Role.NATIONAL, Membership.is_lead)

"""What programmes tell higher rooms, and who is told about proposals."""

from blinker import Signal

from portal.innovations.queries.people import responsible_for
from portal.notifications.outbox import tell
from portal.programmes.models import Assessor, Decision, Proposal

loaded = Signal("The programmes were brought in line with the files.")
"""Sent inside that transaction, with a list as `told`: receivers add lines to what is said."""


def tell_asked(assessor: Assessor) -> None:
    """Tell somebody that they are to assess a proposal."""
    tell(
        [assessor.user],
        "programmes/emails/asked.txt",
        url=f"/programmes/proposals/{assessor.proposal_id}",
        proposal=assessor.proposal,
    )


def tell_decided(proposal: Proposal, decision: Decision) -> None:
    """Tell who proposed it, and the people of the record, what was decided and why in the words
    that are for them. Scores are in no email."""
    words = {"proposal": proposal, "decision": decision}
    if proposal.by is not None:
        url = f"/programmes/proposals/{proposal.id}"
        tell([proposal.by], "programmes/emails/decided.txt", url=url, **words)
    if proposal.innovation is not None:
        url = f"/innovations/{proposal.innovation.id}"
        people = [p for p in responsible_for(proposal.innovation) if p is not proposal.by]
        tell(people, "programmes/emails/decided.txt", url=url, **words)

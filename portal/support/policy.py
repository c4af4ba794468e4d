"""Who may read and decide what in support. Pure.

HIN and national staff read every engagement, so that no HIN works unknowingly beside another.
Only a HIN's own people decide for it; the national team decides nothing.
"""

from collections.abc import Iterable, Set

from portal.accounts.models import Actor
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.policy import is_own
from portal.support.models import (
    DirectoryEntry,
    Engagement,
    Interaction,
    Proposal,
    ProposalKind,
)


def can_read_lists(actor: Actor) -> bool:
    """Whether the actor may read the lists of what networks logged and agreed: HIN staff their
    own network's, the national team every network's."""
    return actor.is_staff


def can_read(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may read who supports the record: staff and the innovator's side."""
    return actor.is_staff or is_own(actor, innovation)


def can_read_task(actor: Actor, engagement: Engagement) -> bool:
    """Whether the actor may read and write in the threads of an engagement: staff of its HIN and
    the innovator's side. Neither another HIN nor the national team."""
    return can_decide(actor, engagement) or is_own(actor, engagement.innovation)


def can_read_partnership(actor: Actor, engagement: Engagement) -> bool:
    """Whether the actor may read what was agreed: staff of the HIN, the innovator's side, and the
    national team."""
    return can_review(actor, engagement) or is_own(actor, engagement.innovation)


def can_review(actor: Actor, engagement: Engagement) -> bool:
    """Whether the actor may read what reviews found, shared or not: staff of the HIN and the
    national team."""
    return can_decide(actor, engagement) or actor.is_national


def can_read_reasons(actor: Actor) -> bool:
    """Whether the actor may read words meant for staff only, such as why a level changed."""
    return actor.is_staff


def can_decide(actor: Actor, engagement: Engagement) -> bool:
    """Whether the actor may decide for the engagement: staff of the HIN whose it is."""
    return actor.is_hin and actor.hin_id is not None and actor.hin_id == engagement.hin_id


def can_edit_directory(actor: Actor) -> bool:
    """Whether the actor may add to the support directory and take entries out."""
    return actor.is_national or actor.is_administrator


def can_edit_entry(actor: Actor, entry: DirectoryEntry) -> bool:
    """Whether the actor may change what an entry says: who may edit the directory, and the leads
    of the network whose it is."""
    own = actor.is_hin and actor.is_lead and actor.hin_id is not None
    return can_edit_directory(actor) or (own and actor.hin_id == entry.hin_id)


def is_asking_side(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may ask a HIN again: the innovation's own people, while it is live."""
    return is_own(actor, innovation) and innovation.status is RecordStatus.SUBMITTED


def can_exempt(actor: Actor, engagement: Engagement) -> bool:
    """Whether the actor may let an engagement off its due date: a lead of the HIN, not
    whoever set it."""
    return can_decide(actor, engagement) and actor.is_lead


def can_propose(
    actor: Actor, innovation: Innovation, kind: ProposalKind, held: Set[int], to_hin_id: int
) -> bool:
    """Whether the actor's HIN may propose this to another; `held` are the HINs that work with the
    record: a handover is of what one holds, joint work is with or from one that does."""
    if not can_log(actor) or innovation.status is not RecordStatus.SUBMITTED:
        return False
    if kind is ProposalKind.HANDOVER:
        return actor.hin_id in held
    return actor.hin_id in held or to_hin_id in held


def can_answer(actor: Actor, proposal: Proposal) -> bool:
    """Whether the actor may accept or decline: staff of the HIN that was asked."""
    return can_log(actor) and actor.hin_id == proposal.to_hin_id


def can_withdraw(actor: Actor, proposal: Proposal) -> bool:
    """Whether the actor may take the proposal back: staff of the HIN that made it."""
    return can_log(actor) and actor.hin_id == proposal.from_hin_id


def can_read_proposal(actor: Actor, proposal: Proposal) -> bool:
    """Whether the actor may read a proposal's words and its answer: the two HINs, and the nation.
    Other staff see that there is one."""
    hins = {proposal.from_hin_id, proposal.to_hin_id}
    return actor.is_national or (actor.is_hin and actor.hin_id in hins)


def can_join(actor: Actor, innovation: Innovation, engagements: Iterable[Engagement]) -> bool:
    """Whether the actor's HIN may begin an engagement beside those that there are."""
    if not actor.is_hin or actor.hin_id is None or innovation.status is not RecordStatus.SUBMITTED:
        return False
    return all(engagement.hin_id != actor.hin_id for engagement in engagements)


def can_read_interaction(actor: Actor, interaction: Interaction) -> bool:
    """Whether the actor may read an interaction's words, once they may read the record: staff of
    the HIN that logged it and, unless it is private, everybody who may read who supports it."""
    return not interaction.is_private or (actor.is_hin and actor.hin_id == interaction.hin_id)


def can_log(actor: Actor) -> bool:
    """Whether the actor may log interactions of their network's engagements."""
    return actor.is_hin and actor.hin_id is not None

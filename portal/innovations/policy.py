"""Who may see and change an innovation record. Pure: rows in, yes or no out.

The same rules stand in SQL in `queries.visible_to`; a test compares the two.
"""

from collections.abc import Callable, Mapping
from datetime import date

from portal.accounts.models import Actor
from portal.audit.models import Audience
from portal.innovations.models import (
    EvidenceFile,
    Innovation,
    RecordStatus,
    Sharing,
    StandardHeld,
    StandardStatus,
)


def is_own(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor is of the innovator's side: its organisation, owner or collaborator, or
    the staff that keep the record on its behalf."""
    if not actor.is_signed_in:
        return False
    if is_keeper(actor, innovation):
        return True
    if actor.is_innovator and actor.organisation_id == innovation.organisation_id:
        return True
    return actor.user_id == innovation.owner_id or any(
        collaborator.user_id == actor.user_id for collaborator in innovation.collaborators
    )


def is_keeper(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor's organisation, a HIN or the national team, keeps the record on behalf of
    its company, which has not taken it over yet."""
    keeps = actor.organisation_id is not None and actor.organisation_id == innovation.kept_by_id
    return actor.is_staff and keeps and innovation.owner_id is None


def was_submitted(innovation: Innovation) -> bool:
    """Whether it ever came on the pipeline: a draft that was archived never did."""
    if innovation.status is RecordStatus.ARCHIVED:
        return innovation.submitted_at is not None
    return innovation.status is RecordStatus.SUBMITTED


def can_see(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may know that the record is there and read its submitted content."""
    if innovation.merged_into_id is not None:
        return False
    if is_own(actor, innovation):
        return True
    if not was_submitted(innovation):
        return False
    if actor.is_staff:
        return True
    if innovation.status is RecordStatus.ARCHIVED:
        return False
    if innovation.sharing is Sharing.PUBLIC:
        return True
    return actor.is_ics and innovation.sharing is Sharing.HINS_AND_ICSS


def can_read_file(actor: Actor, innovation: Innovation, file: EvidenceFile) -> bool:
    """Whether the actor, who may see the record, may read a file of its evidence: what is
    submitted, as all the evidence; what only a draft names, if they are of the innovator's side."""
    return file.evidence_id is not None or is_own(actor, innovation)


def can_register(actor: Actor) -> bool:
    """Whether the actor may start a record: they act for an innovator organisation."""
    return actor.is_innovator and actor.organisation_id is not None


def is_proven(innovation: Innovation, on: date) -> bool:
    """Whether the record counts as proven today (`on`)."""
    return innovation.counts_as_proven(on)


def is_verified(row: StandardHeld, on: date) -> bool:
    """Whether HIN staff checked that the standard is met and the check still holds that day."""
    if row.status is not StandardStatus.YES or row.checked_on is None:
        return False
    return row.valid_until is None or row.valid_until >= on


def can_edit(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may draft and submit sections."""
    return is_own(actor, innovation) and innovation.status is not RecordStatus.ARCHIVED


def can_manage(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may share, transfer, archive or bring back the record: its owner, the lead
    of its organisation or who keeps it on its behalf."""
    is_lead = (
        actor.is_innovator and actor.is_lead and actor.organisation_id == innovation.organisation_id
    )
    is_owner = actor.is_signed_in and actor.user_id == innovation.owner_id
    return is_owner or is_lead or is_keeper(actor, innovation)


def can_delete(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may delete the record: who manages it, while it is a draft that nobody
    else ever saw."""
    return can_manage(actor, innovation) and innovation.status is RecordStatus.DRAFT


def is_hidden_from_icss(innovation: Innovation) -> bool:
    """Whether a submitted record is kept from ICSs by its owner's choice."""
    return innovation.sharing is Sharing.HINS


def can_ask_to_share(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may ask that ICSs see the record: HIN and national staff, of a submitted
    one."""
    return actor.is_staff and innovation.status is RecordStatus.SUBMITTED


def can_see_people(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may know who works on the record, by name."""
    return is_own(actor, innovation) or (actor.is_staff and can_see(actor, innovation))


def _is_of_its_hin(actor: Actor, innovation: Innovation, hin_ids: frozenset[int]) -> bool:
    return actor.is_hin and actor.hin_id in hin_ids | {innovation.hin_id} - {None}


ADDRESS_READERS: Mapping[str, Callable[[Actor, Innovation, frozenset[int]], bool]] = {
    "the people of your organisation and those whom you asked to work on the record with you": (
        lambda actor, innovation, _: is_own(actor, innovation)
    ),
    "the Health Innovation Network of your region, and those that support the record": (
        _is_of_its_hin
    ),
}
"""Who may read the email address of a record's owner and of those who work on it: in words, as the
privacy page says it, and as the rule that the pages follow."""


def can_see_addresses(
    actor: Actor, innovation: Innovation, supporting_hin_ids: frozenset[int]
) -> bool:
    """Whether the actor may know where to write to the people of the record."""
    may = ADDRESS_READERS.values()
    return can_see_people(actor, innovation) and any(
        reads(actor, innovation, supporting_hin_ids) for reads in may
    )


def can_see_confidential(
    actor: Actor, innovation: Innovation, supporting_hin_ids: frozenset[int]
) -> bool:
    """Whether the actor may read what is commercial in confidence: the innovator's side and the
    HINs that have an engagement on the record."""
    if is_own(actor, innovation):
        return True
    return actor.is_hin and actor.hin_id in supporting_hin_ids


def audiences(actor: Actor, innovation: Innovation) -> frozenset[Audience]:
    """Return whose events the actor may read on the record's timeline, besides those of the
    organisation they act for (`audit.queries.readable_by` adds these)."""
    if actor.is_national:
        return frozenset({Audience.EVERYONE, Audience.STAFF, Audience.HIN})
    if actor.is_hin or is_own(actor, innovation):
        return frozenset({Audience.EVERYONE, Audience.STAFF})
    return frozenset({Audience.EVERYONE})


def can_attach_places(actor: Actor) -> bool:
    """Whether the actor may say which place of the directory one is that was entered by name."""
    return actor.is_staff


def looks_first(actor: Actor, innovation: Innovation) -> bool:
    """Whether the record came to the actor's network; every record is for the national team."""
    return actor.is_national or (actor.is_hin and actor.hin_id == innovation.hin_id)


def can_judge_duplicates(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may say that two records are, or are not, the same thing."""
    return can_edit(actor, innovation) or (actor.is_staff and can_see(actor, innovation))

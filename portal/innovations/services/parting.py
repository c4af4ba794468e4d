"""Take back that two records are one, within its days."""

from collections.abc import Collection

from portal.accounts.models import Actor
from portal.accounts.queries.acting import leads_of_hins
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.clock import now
from portal.db import db, lock
from portal.errors import Conflict, Forbidden
from portal.innovations import outbox, policy
from portal.innovations.models import Innovation
from portal.innovations.queries.merging import MergeOfRecords, is_in_area
from portal.innovations.queries.people import own_people
from portal.innovations.queries.supporters import supporting_hin_ids
from portal.innovations.rules.merging import undo_until
from portal.innovations.services import joining
from portal.innovations.services.duplicates import remember
from portal.innovations.services.merging import hold
from portal.merging import Merge, move_back
from portal.notifications.outbox import tell


def can_undo(actor: Actor, found: MergeOfRecords) -> bool:
    """Whether the actor may take the merge back: who manages the kept record, and staff in whose
    area it is, while its days last."""
    until = undo_until(found.merge)
    if until is None or now() > until or found.kept.merged_into_id is not None:
        return False
    manages = policy.can_manage(actor, found.kept)
    return manages or (actor.is_staff and is_in_area(actor, found.kept))


def undo(
    *,
    found: MergeOfRecords,
    why: str,
    also: Collection[str] = (),
    take_back: Collection[str] = (),
    by: Actor,
) -> Merge:
    """Make two records of one again: every row that moved and is still there goes back.

    `also` names rows that came since and go with the other record (`merging.LaterRow.key`),
    `take_back` chosen answers that somebody changed since and that are given up for the kept
    record's own. Raises Forbidden, Conflict when it was undone or is too late.
    """
    merge, kept, other = found.merge, found.kept, found.other
    hold(kept, other)
    lock(merge)
    _refuse_unless_it_stands(found)
    if not can_undo(by, found):
        raise Forbidden("Only staff in whose area it is, or its owner, may take this back.")
    at = now()
    merge.undone_at, merge.undone_by_id = at, by.user_id
    move_back(merge, at, also=also)
    outbox.parted.send(kept, other=other, merge=merge, at=at)
    joining.lead_back(merge, kept, other, why=why, by=by, at=at)
    joining.part_people(merge, kept)
    joining.part_drafts(kept)
    joining.show_own(merge, kept, take_back=take_back, by=by)
    remember(kept, other, is_same=False, by=by)
    _note(kept, other, why, by)
    db.session.flush()
    return merge


def _refuse_unless_it_stands(found: MergeOfRecords) -> None:
    until = undo_until(found.merge)
    if until is None:
        raise Conflict("It was taken back before.")
    if now() > until:
        raise Conflict("It is too long ago to take it back.")
    if found.kept.merged_into_id is not None:
        raise Conflict(f"“{found.kept.name}” became part of another record: take that back first.")


def _note(kept: Innovation, other: Innovation, why: str, by: Actor) -> None:
    for record, from_whom in ((kept, other), (other, kept)):
        summary = f"parted again from “{from_whom.name}”: {why}"
        audit.note(record, "parted", summary, by=by, audience=Audience.STAFF)
    told = {*own_people(kept, besides=by), *own_people(other, besides=by)}
    told |= set(leads_of_hins(supporting_hin_ids(kept.id) | supporting_hin_ids(other.id)))
    tell(
        told,
        "innovations/emails/parted.txt",
        url=f"/innovations/{other.id}",
        kept=kept,
        other=other,
        why=why,
        by=by,
    )

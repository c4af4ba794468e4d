"""Change who sees a record and whether it is in use: sharing, archive and the way back."""

from portal.accounts.models import Actor
from portal.accounts.queries.acting import leads_of_hins
from portal.audit import services as audit
from portal.clock import now
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations import outbox, policy
from portal.innovations.models import (
    Innovation,
    RecordStatus,
    Section,
    SectionCopy,
    Sharing,
    SharingAnswer,
    SharingChange,
    SharingRequest,
    StatusChange,
)
from portal.innovations.policy import can_delete, can_manage
from portal.innovations.queries import people
from portal.innovations.queries.supporters import supporting_hin_ids
from portal.innovations.services.requests import settle, settle_shared
from portal.notifications.outbox import tell


def change_sharing(
    *, innovation: Innovation, sharing: Sharing, by: Actor, version: int | None = None
) -> bool:
    """Set who may see the record from now on; returns whether that is another level than before.

    Raises Conflict when somebody else changed the record after `version` was read.
    """
    _expect(innovation, version)
    _mark_section(innovation, by)
    if innovation.sharing is sharing:
        db.session.flush()
        return False
    before, innovation.sharing = innovation.sharing, sharing
    innovation.changed_at = now()
    db.session.add(SharingChange(innovation_id=innovation.id, sharing=sharing, by_id=by.user_id))
    audit.note(
        innovation,
        "sharing_changed",
        "changed who may see the record",
        changes={"sharing": [before.label, sharing.label]},
        by=by,
    )
    _tell_own(innovation, "sharing_changed", by, before=before.label)
    settle_shared(innovation=innovation, by=by)
    db.session.flush()
    return True


def answer_request(*, request: SharingRequest, is_shared: bool, by: Actor) -> None:
    """Share the record with ICSs as was asked, or say no; raises Forbidden unless the actor
    decides who sees it, Conflict when it was answered before."""
    if not policy.can_manage(by, request.innovation):
        raise Forbidden("The owner or the lead of its organisation decides who sees a record.")
    lock(request)
    if request.answered_at is not None:
        raise Conflict("Somebody of your side answered this before.")
    if is_shared:
        change_sharing(innovation=request.innovation, sharing=Sharing.HINS_AND_ICSS, by=by)
    else:
        settle(request=request, answer=SharingAnswer.DECLINED, by=by)
    db.session.flush()


def archive(*, innovation: Innovation, why: str, by: Actor, version: int | None = None) -> None:
    """Take the record out of use: nobody edits it, ICSs and the public no longer see it.

    Raises Invalid when it is archived already, Conflict when it changed after `version`.
    """
    _expect(innovation, version)
    if innovation.status is RecordStatus.ARCHIVED:
        raise Invalid("This record is archived already.")
    _live(innovation, RecordStatus.ARCHIVED, why, by)
    outbox.archived.send(innovation, at=innovation.changed_at, why=why)
    audit.note(
        innovation,
        "archived",
        f"archived the record: {why}",
        changes={
            "status": [
                _status_before(innovation).label.lower(),
                RecordStatus.ARCHIVED.label.lower(),
            ]
        },
        by=by,
    )
    _tell_own(innovation, "archived", by, why=why)
    _tell_hins(innovation, "archived", by, why=why)
    db.session.flush()


def restore(*, innovation: Innovation, by: Actor, why: str = "") -> None:
    """Bring an archived record back as it was: submitted, or a draft if it never was submitted.

    Raises Invalid when it is not archived.
    """
    if innovation.status is not RecordStatus.ARCHIVED:
        raise Invalid("This record is not archived.")
    status = _status_before(innovation)
    _live(innovation, status, why, by)
    if status is RecordStatus.SUBMITTED:
        outbox.restored.send(innovation, at=innovation.changed_at)
    audit.note(
        innovation,
        "restored",
        "brought the record back" + (f": {why}" if why else ""),
        changes={"status": [RecordStatus.ARCHIVED.label.lower(), status.label.lower()]},
        by=by,
    )
    _tell_own(innovation, "restored", by, why=why)
    _tell_hins(innovation, "restored", by, why=why)
    db.session.flush()


def delete_draft(*, innovation: Innovation, by: Actor) -> None:
    """Delete a draft that was never submitted, with all that hangs on it; its timeline stays.

    Raises Forbidden for whoever does not manage it, Conflict once it was submitted.
    """
    if not can_manage(by, innovation):
        raise Forbidden("Only the owner or the lead of its organisation may delete it.")
    if not can_delete(by, innovation):
        raise Conflict("This record was submitted or archived: it can be archived, not deleted.")
    audit.note(innovation, "deleted", f"deleted the draft “{innovation.name}”", by=by)
    db.session.delete(innovation)
    db.session.flush()


def _status_before(innovation: Innovation) -> RecordStatus:
    return RecordStatus.SUBMITTED if innovation.submitted_at else RecordStatus.DRAFT


def _live(innovation: Innovation, status: RecordStatus, why: str, by: Actor) -> None:
    innovation.status = status
    innovation.changed_at = now()
    db.session.add(
        StatusChange(innovation_id=innovation.id, status=status, by_id=by.user_id, why=why)
    )


def _mark_section(innovation: Innovation, by: Actor) -> None:
    """Say on the task list that somebody answered this section, whatever the answer was."""
    copy = next((c for c in innovation.copies if c.section is Section.SHARING), None)
    if copy is None:
        copy = SectionCopy(section=Section.SHARING)
        innovation.copies.append(copy)
    copy.submitted_at, copy.submitted_by_id, copy.change_wanted = now(), by.user_id, ""


def _expect(innovation: Innovation, version: int | None) -> None:
    lock(innovation, seen=version)


def _tell_own(innovation: Innovation, message: str, by: Actor, **words: str) -> None:
    tell(
        people.own_people(innovation, besides=by),
        f"innovations/emails/{message}.txt",
        url=f"/innovations/{innovation.id}",
        innovation=innovation,
        by=by,
        sharing=innovation.sharing.label,
        **words,
    )


def _tell_hins(innovation: Innovation, message: str, by: Actor, **words: str) -> None:
    if innovation.submitted_at is None:
        return
    tell(
        leads_of_hins(supporting_hin_ids(innovation.id)),
        f"innovations/emails/{message}.txt",
        url=f"/innovations/{innovation.id}",
        innovation=innovation,
        by=by,
        **words,
    )

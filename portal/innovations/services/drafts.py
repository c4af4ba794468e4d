"""Register an innovation and keep the drafts of its sections."""

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.audit.models import Audience
from portal.audit.services import note
from portal.clock import now
from portal.db import db
from portal.errors import Conflict, Forbidden
from portal.innovations.models import (
    EvidenceFile,
    Innovation,
    RecordStatus,
    Section,
    SectionCopy,
    Sharing,
    SharingChange,
    StatusChange,
)
from portal.innovations.policy import can_edit, can_register
from portal.innovations.queries.places import placed, suggested_hin
from portal.innovations.sections.answers import (
    Answers,
    copy_of,
    current_answers,
    differences,
    submitted_answers,
    version_of,
)
from portal.innovations.sections.questions import ABOUT, PARTS, Part


def register(
    *,
    name: str,
    summary: str = "",
    by: Actor,
    organisation_id: int | None = None,
    sharing: Sharing = Sharing.HINS,
    kept_by_id: int | None = None,
) -> Innovation:
    """Start a record of the actor's organisation as a draft that only its people see.

    An importer names the organisation and who may see it, and staff that register on its behalf
    theirs (`kept_by_id`): nobody owns it then. Raises Forbidden for
    whoever acts for no innovator organisation and names none.
    """
    if organisation_id is None and not can_register(by):
        raise Forbidden("Only innovators register innovations.")
    innovation = Innovation(
        name=name,
        summary=summary,
        organisation_id=organisation_id or by.organisation_id,
        owner_id=None if kept_by_id else by.user_id,
        kept_by_id=kept_by_id,
        sharing=sharing,
        copies=[SectionCopy(section=section) for section in PARTS],
    )
    db.session.add(innovation)
    db.session.flush()
    _note_registration(innovation, by=by)
    save_draft(
        innovation=innovation,
        section=Section.ABOUT,
        answers={"name": name, "summary": summary},
        version=version_of(innovation, Section.ABOUT),
        by=by,
    )
    return innovation


def _note_registration(innovation: Innovation, *, by: Actor) -> None:
    dated = {"innovation_id": innovation.id, "by_id": by.user_id}
    db.session.add(StatusChange(status=RecordStatus.DRAFT, **dated))
    db.session.add(SharingChange(sharing=innovation.sharing, **dated))
    note(
        innovation,
        "registered",
        "registered the innovation",
        by=by,
        changes={"name": [None, innovation.name]},
    )


def save_draft(
    *,
    innovation: Innovation,
    section: Section,
    answers: Answers,
    version: int,
    by: Actor,
) -> SectionCopy:
    """Keep answers as the section's draft; questions that `answers` leaves out stay as they are.

    What others see does not change. Raises Forbidden, and Conflict when `version` is not the one
    that the draft has now.
    """
    copy = keep_draft(
        innovation=innovation, section=section, answers=answers, version=version, by=by
    )
    db.session.flush()
    if section is Section.EVIDENCE:
        forget_files(innovation)
    return copy


def keep_draft(
    *,
    innovation: Innovation,
    section: Section,
    answers: Answers,
    version: int,
    by: Actor,
) -> SectionCopy:
    """Do as `save_draft` does, without a flush: for many sections that are submitted at once."""
    _require_edit(innovation, by)
    if version != version_of(innovation, section):
        raise Conflict(_who_changed(innovation, section, by))
    part = PARTS[section]
    before = current_answers(innovation, part)
    after = _completed(part, before, answers)
    copy = copy_of(innovation, section) or _new_copy(innovation, section)
    copy.draft = None if after == _published(innovation, part, copy) else after
    copy.drafted_at, copy.drafted_by_id = now(), by.user_id
    _name_while_draft(innovation, part, after)
    _note_draft(innovation, part, before, after, by=by)
    return copy


def forget_files(innovation: Innovation) -> None:
    """Delete the rows of files that neither the submitted evidence nor its draft names any more;
    the nightly sweep deletes what they name."""
    copy = copy_of(innovation, Section.EVIDENCE)
    items = copy.draft["items"] if copy and copy.draft else []
    named = {number for item in items for number in item.get("files") or []}
    loose = (EvidenceFile.innovation_id == innovation.id) & EvidenceFile.evidence_id.is_(None)
    for row in db.session.scalars(select(EvidenceFile).where(loose)).all():
        if row.id not in named:
            db.session.delete(row)
    db.session.flush()


def _who_changed(innovation: Innovation, section: Section, by: Actor) -> str:
    copy = copy_of(innovation, section)
    is_own = copy is not None and by.is_signed_in and copy.drafted_by_id == by.user_id
    who = "You changed this section in another tab or window" if is_own else ""
    return f"{who or 'Somebody else changed this section'} after you opened the page."


def _require_edit(innovation: Innovation, by: Actor) -> None:
    if by.user_id is not None and not can_edit(by, innovation):
        raise Forbidden("You may not change this innovation.")


def _new_copy(innovation: Innovation, section: Section) -> SectionCopy:
    copy = SectionCopy(section=section)
    innovation.copies.append(copy)
    return copy


def _completed(part: Part, before: Answers, answers: Answers) -> Answers:
    """Return the whole section's answers; the HIN follows the place unless one was chosen."""
    after = {**before, **answers}
    if part is not ABOUT:
        return after
    placed(after)
    moved = any(after[name] != before[name] for name in ("ics", "nation"))
    if after["nation"] and (not after["hin"] or (moved and "hin" not in answers)):
        hin = suggested_hin(after["ics"], after["nation"])
        after["hin"] = hin.code if hin else None
    return after


def _published(innovation: Innovation, part: Part, copy: SectionCopy) -> Answers | None:
    """Return what others see once it was submitted: a draft that says the same is none."""
    return submitted_answers(innovation, part) if copy.submitted_at else None


def _name_while_draft(innovation: Innovation, part: Part, after: Answers) -> None:
    # Nobody else sees it yet: its own people's lists show the name they typed last.
    if part is ABOUT and innovation.status is RecordStatus.DRAFT and after["name"]:
        innovation.name = after["name"]


def _note_draft(
    innovation: Innovation, part: Part, before: Answers, after: Answers, *, by: Actor
) -> None:
    changes = differences(part, before, after)
    if changes:
        note(
            innovation,
            "drafted",
            f"saved a draft of “{part.title}”",
            by=by,
            changes=changes,
            audience=Audience.PRIVATE,
        )

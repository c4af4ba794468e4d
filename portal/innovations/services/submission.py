"""Submit sections: from then on others see what the draft said."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.accounts.models import Actor, User
from portal.audit.models import AuditEvent
from portal.audit.services import note
from portal.clock import PartialDate, day_of, now
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations import outbox
from portal.innovations.models import (
    Innovation,
    RecordStatus,
    Section,
    SectionCopy,
    StageChange,
    StandardHeld,
    StatusChange,
    Use,
)
from portal.innovations.policy import can_edit
from portal.innovations.queries.coding import Codes
from portal.innovations.queries.places import suggested_hin
from portal.innovations.sections.answers import (
    Answers,
    copy_of,
    differences,
    precision_of,
    still_needed,
    submitted_answers,
    version_of_all,
    waiting,
)
from portal.innovations.sections.questions import Part, Question
from portal.innovations.services.change_requests import answer_changes
from portal.innovations.services.drafts import forget_files
from portal.innovations.services.finding import ask_to_find
from portal.reference.models import DeadlineKind, Hin
from portal.reference.queries import due_date


def submit(
    *,
    innovation: Innovation,
    version: int,
    by: Actor,
    sections: Sequence[Section] | None = None,
) -> list[Section]:
    """Submit the waiting drafts (of `sections` only, if given); returns the sections submitted.

    The first submission brings the record on the pipeline. `version` is `version_of_all` of what
    the person read: raises Conflict when somebody changed anything since, Forbidden, and Invalid
    when an answer that is needed is missing.
    """
    _require(innovation, version, by)
    chosen = [p for p in waiting(innovation) if sections is None or p.section in sections]
    is_first = innovation.status is RecordStatus.DRAFT
    changes: dict[str, list[Any]] = {}
    with db.session.no_autoflush:  # looking up codes must not write half a record
        for part in chosen:
            changes |= _submit_part(innovation, part, by=by)
    if is_first:
        _put_on_pipeline(innovation, by=by)
    if chosen or is_first:
        innovation.changed_at = now()
        event = _note(innovation, chosen, changes, is_first=is_first, by=by)
        with db.session.no_autoflush:
            sections_sent = [part.section for part in chosen]
            answer_changes(innovation=innovation, sections=sections_sent, event=event, at=now())
        outbox.submitted.send(innovation, at=now(), is_first=is_first)
    db.session.flush()
    forget_files(innovation)
    if chosen:
        _tell_owner(innovation, is_first=is_first)
    return [part.section for part in chosen]


def _require(innovation: Innovation, version: int, by: Actor) -> None:
    if by.user_id is not None and not can_edit(by, innovation):
        raise Forbidden("You may not submit this innovation.")
    if version != version_of_all(innovation):
        raise Conflict("The record was changed after you opened this page.")
    needed = still_needed(innovation)
    if needed:
        part, question = needed[0]
        raise Invalid(f"{part.title}: {question.needed}", field=question.name)


def _submit_part(innovation: Innovation, part: Part, *, by: Actor) -> dict[str, list[Any]]:
    """Move one draft into what others see; returns what changed from what to what."""
    copy = copy_of(innovation, part.section)
    if copy is None or copy.draft is None:
        return {}
    before = submitted_answers(innovation, part)
    draft: Answers = copy.draft
    if part.is_list:
        _apply_rows(innovation, part, draft["items"])
    else:
        apply_answers(innovation, part, draft, by=by)
    _close(copy, by=by)
    changes = differences(part, before, {**before, **draft})
    return {f"{part.section.value}.{name}": pair for name, pair in changes.items()}


def _close(copy: SectionCopy, *, by: Actor) -> None:
    copy.draft = None
    copy.submitted_at, copy.submitted_by_id = now(), by.user_id
    copy.change_wanted = ""


def apply_answers(innovation: Innovation, part: Part, draft: Answers, *, by: Actor) -> None:
    """Let a record say this to the questions of a section, whole; a new stage is dated."""
    pairs = [(question, draft.get(question.name)) for question in part.questions]
    codes = Codes(pairs)
    values = [(question, codes.value(question, answer)) for question, answer in pairs]
    stage = innovation.stage
    for question, value in values:
        if question.is_many:
            _replace_terms(innovation, question, value)
        else:
            setattr(innovation, question.name, value)
    if innovation.stage is not stage and innovation.stage is not None:
        db.session.add(
            StageChange(innovation_id=innovation.id, stage=innovation.stage, by_id=by.user_id)
        )


def _replace_terms(innovation: Innovation, question: Question, wanted: list[Any]) -> None:
    for term in [t for t in innovation.terms if t.vocabulary is question.vocabulary]:
        if term not in wanted:
            innovation.terms.remove(term)
    innovation.terms.extend(term for term in wanted if term not in innovation.terms)


def _apply_rows(innovation: Innovation, part: Part, items: list[Answers]) -> None:
    """Make the section's rows those of the draft; a row that stays keeps its id."""
    assert part.row is not None  # noqa: S101  # only list sections come here
    codes = Codes((q, item.get(q.name)) for item in items for q in part.questions)
    rows = getattr(innovation, part.rows)
    kept = {row.id: row for row in rows}
    wanted = [(kept.get(item.get("id")) or part.row(), item) for item in items]
    staying = [row for row, _ in wanted]
    for gone in [row for row in rows if row not in staying]:
        rows.remove(gone)
    # A standard may be taken out and put in again: the old row must be gone before the new one.
    db.session.flush()
    for row, item in wanted:
        _fill_row(row, part, item, codes)
        if row not in rows:
            rows.append(row)


def _fill_row(row: Any, part: Part, item: Answers, codes: Codes) -> None:
    values: dict[str, Any] = {}
    for question in part.questions:
        values |= _columns(question, codes.value(question, item.get(question.name)))
    changed = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    if changed and isinstance(row, StandardHeld):
        drop_check(row)
    if changed and isinstance(row, Use):
        row.confirmed_by_id, row.confirmed_on = None, None


def _columns(question: Question, value: Any) -> dict[str, Any]:
    """Return what the row's columns hold for an answer: a day stands beside its precision."""
    if not isinstance(value, PartialDate):
        return {question.name: value}
    day = value.last if question.is_end else value.first
    return {question.name: day, precision_of(question): value.precision}


def drop_check(row: StandardHeld) -> None:
    """Forget the check of a standard: what was checked is no longer what is said."""
    row.checked_by = None
    row.checked_on = None
    row.valid_until = None


def _put_on_pipeline(innovation: Innovation, *, by: Actor) -> None:
    if innovation.hin is None:
        innovation.hin = suggested_hin(
            innovation.ics.code if innovation.ics else None, innovation.nation
        )
    innovation.status = RecordStatus.SUBMITTED
    innovation.submitted_at = now()
    ask_to_find()
    db.session.add(
        StatusChange(innovation_id=innovation.id, status=RecordStatus.SUBMITTED, by_id=by.user_id)
    )


def _note(
    innovation: Innovation,
    parts: Sequence[Part],
    changes: dict[str, list[Any]],
    *,
    is_first: bool,
    by: Actor,
) -> AuditEvent:
    titles = ", ".join(part.title for part in parts)
    verb, what = ("submitted", f"the innovation: {titles}") if is_first else ("updated", titles)
    return note(innovation, verb, f"submitted {what}", by=by, changes=changes)


def pick_up_by(innovation: Innovation) -> date | None:
    """Return the day by which its HIN is due to look at it; None before it is submitted, and
    while the bank holidays that it takes to say so are not loaded."""
    if innovation.submitted_at is None or innovation.hin_id is None:
        return None
    made_on = day_of(innovation.submitted_at)
    return due_date(DeadlineKind.PICK_UP, made_on).due_on


def _tell_owner(innovation: Innovation, *, is_first: bool) -> None:
    owner = db.session.get(User, innovation.owner_id) if innovation.owner_id else None
    hin = db.session.get(Hin, innovation.hin_id) if innovation.hin_id else None
    if owner is not None:
        outbox.tell_submitted(owner, innovation, hin, pick_up_by(innovation), is_first=is_first)

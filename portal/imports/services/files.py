"""Begin an import: keep the file, choose the sheet, match the columns and values, and start it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, delete, select

from portal.accounts.models import Actor
from portal.audit.models import Audience
from portal.audit.services import note
from portal.clock import now
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.files import keep_data
from portal.imports import policy
from portal.imports.models import (
    Import,
    ImportFile,
    ImportMemory,
    ImportRow,
    ImportState,
    Result,
    Verdict,
)
from portal.imports.rules.mapping import LEFT_OUT, NOTHING, Field, word
from portal.jobs import Job, enqueue

CHECK, APPLY, UNDO = "imports.check", "imports.apply", "imports.undo"
MEDIA_TYPE = "application/octet-stream"
BUSY = "This import is at work. Wait until it has ended."


def begin(*, kind: str, name: str, data: bytes, source: str, by: Actor) -> Import:
    """Keep a file that was looked into, for its sender and their colleagues.

    Raises Invalid when it has a virus or there is no room for it.
    """
    if not policy.can_import(by) or by.organisation_id is None:
        raise Forbidden(policy.WHO)
    kept = keep_data(data, name, room=ImportFile.kept_in, by=by, media_type=MEDIA_TYPE)
    importing = Import(
        kind=kind,
        organisation_id=by.organisation_id,
        by_id=by.user_id,
        membership_id=by.membership_id,
        name=kept.name,
        source=source,
        file=ImportFile.of(kept),
    )
    db.session.add(importing)
    db.session.flush()
    note(importing, "begun", f"sent the file “{importing.name}”", by=by, audience=Audience.PRIVATE)
    return importing


def choose_sheet(
    *,
    importing: Import,
    sheet: str,
    header_row: int,
    header: Sequence[str],
    mapping: Mapping[str, int],
) -> None:
    """Take a sheet and the line with the names of its columns; what each means is a guess."""
    expect_open(importing)
    importing.sheet, importing.header_row = sheet, header_row
    importing.header, importing.mapping = list(header), dict(mapping)
    importing.meanings = {}
    importing.state = ImportState.MAPPING
    db.session.flush()


def match_columns(*, importing: Import, mapping: Mapping[str, int], known: Sequence[str]) -> None:
    """Take what a person says that each column means, and remember it for the organisation's next
    file; `known` are the fields that there are."""
    expect_open(importing)
    importing.mapping = {name: column for name, column in mapping.items() if name in known}
    means = {column: name for name, column in importing.mapping.items()}
    headers = {
        word(header): means.get(column, "")
        for column, header in enumerate(importing.header)
        if header
    }
    remember(importing, {"": headers})


def match_values(
    *,
    importing: Import,
    chosen: Mapping[str, Mapping[str, str]],
    memory: Mapping[str, Mapping[str, str]],
) -> None:
    """Take what a person says that values mean, field by field, and remember it; what they meant in
    the last file (`memory`) holds where nobody says otherwise."""
    expect_open(importing)
    taken = {name: dict(memory.get(name, {})) for name in importing.mapping}
    for name, words in importing.meanings.items():
        taken.setdefault(name, {}).update(words)
    said = {
        name: {word(value): code for value, code in values.items()}
        for name, values in chosen.items()
    }
    for name, words in said.items():
        taken.setdefault(name, {}).update(words)
    importing.meanings = taken
    remember(importing, said)


def leave_out(*, importing: Import, ones: Sequence[Field], by: Actor) -> Job:
    """Leave the cells of some columns out that do not fit, and look at every row again."""
    expect_open(importing)
    if not ones or not all(o.may_be_left_out and o.name in importing.mapping for o in ones):
        raise Invalid("Select a column that a row may do without")
    left = {**importing.meanings.get(LEFT_OUT, {}), **{one.name: NOTHING for one in ones}}
    importing.meanings = {**importing.meanings, LEFT_OUT: left}
    return start_check(importing=importing, by=by)


def remember(importing: Import, said: Mapping[str, Mapping[str, str]]) -> None:
    """Keep what words mean to the organisation, by field ("" has headers), in the place of what
    they meant; a value that means nothing any more ("") is forgotten."""
    theirs = select(ImportMemory).where(
        ImportMemory.organisation_id == importing.organisation_id,
        ImportMemory.kind == importing.kind,
        ImportMemory.field.in_(list(said)),
    )
    known = {(row.field, row.word): row for row in db.session.scalars(theirs)}
    for field, words in said.items():
        for text, meaning in words.items():
            row = known.get((field, text))
            if field and not meaning:
                if row is not None:
                    db.session.delete(row)
                continue
            if row is None:
                row = ImportMemory(
                    organisation_id=importing.organisation_id,
                    kind=importing.kind,
                    field=field,
                    word=text,
                )
                db.session.add(row)
            row.meaning = meaning
    db.session.flush()


def start_check(*, importing: Import, by: Actor) -> Job:
    """Queue the look at every row."""
    expect_open(importing)
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == importing.id))
    importing.state, importing.message = ImportState.CHECKING, ""
    return _queue(importing, CHECK, by)


def start_apply(*, importing: Import, by: Actor) -> Job:
    """Queue the bringing in of what was looked at, as who starts it."""
    again = importing.state is ImportState.APPLIED and has_rows(importing, MOVED)
    if importing.state is not ImportState.CHECKED and not again:
        raise Conflict(BUSY if is_busy(importing) else "Look at the rows of the file first.")
    note(importing, "started", f"brings in “{importing.name}”", by=by, audience=Audience.PRIVATE)
    return _start(importing, ImportState.APPLYING, APPLY, by)


def start_undo(*, importing: Import, by: Actor) -> Job:
    """Queue the undoing of all that the import did. Raises Conflict."""
    expect_undoable(importing)
    note(importing, "undoing", f"undoes “{importing.name}”", by=by, audience=Audience.PRIVATE)
    return _start(importing, ImportState.UNDOING, UNDO, by)


def expect_undoable(importing: Import) -> None:
    """Raise Conflict where nothing of an import can be undone now."""
    again = importing.state is ImportState.UNDONE and has_rows(importing, TO_UNDO)
    if importing.state is not ImportState.APPLIED and not again:
        raise Conflict(BUSY if is_busy(importing) else "There is nothing to undo.")


MOVED = (ImportRow.verdict == Verdict.MOVED) & ImportRow.result.is_(None)
TO_UNDO = ImportRow.result == Result.DECIDE


def has_rows(importing: Import, condition: ColumnElement[bool]) -> bool:
    """Whether an import has a row for which something holds."""
    found = select(ImportRow.id).where(ImportRow.import_id == importing.id, condition).limit(1)
    return db.session.scalar(found) is not None


def is_busy(importing: Import) -> bool:
    """Whether a job is at work on it."""
    busy = {ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING}
    return importing.state in busy


def discard(*, importing: Import, by: Actor) -> None:
    """Forget an import of which nothing was brought in, with its file."""
    expect_open(importing)
    note(importing, "discarded", f"discarded “{importing.name}”", by=by, audience=Audience.PRIVATE)
    db.session.delete(importing)
    db.session.flush()


def end(importing: Import, state: ImportState, message: str = "") -> None:
    """Say how an import ended."""
    importing.state, importing.message, importing.ended_at = state, message, now()
    db.session.flush()


def _start(importing: Import, state: ImportState, task: str, by: Actor) -> Job:
    """Queue a job that acts as who starts it."""
    importing.state = state
    importing.by_id, importing.membership_id = by.user_id, by.membership_id
    return _queue(importing, task, by)


def _queue(importing: Import, task: str, by: Actor) -> Job:
    db.session.flush()
    key = f"{task}:{importing.id}"
    job = enqueue(task, key=key, requested_by_id=by.user_id, import_id=importing.id)
    db.session.flush()
    importing.job_id = job.id
    db.session.flush()
    return job


def expect_open(importing: Import) -> None:
    """Raise Conflict where a file is being read or brought in, or was brought in."""
    if is_busy(importing):
        raise Conflict(BUSY)
    if not policy.can_map(importing):
        raise Conflict("This file was brought in. Send it again to bring it in once more.")

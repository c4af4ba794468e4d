"""Take files of the national directory and read them in the background, one after the other."""

from collections.abc import Iterator
from datetime import date

from portal.accounts.models import Actor
from portal.audit.models import Audience
from portal.audit.services import note
from portal.clock import now, today
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.files import keep_data, safe_name
from portal.imports.models import DirectoryFile, DirectoryFileState
from portal.imports.policy import can_read_directory
from portal.imports.services.files import MEDIA_TYPE
from portal.jobs import Job, enqueue
from portal.reference.rules.ods import BY_NAME, report_of
from portal.reference.services import ods
from portal.reference.services.ods_file import LoadResult, OdsFile

READ = "imports.read_directory"
WHO = "Administrators bring the places of the national directory in."
BEGUN_AGAIN = (
    "Its reading was broken off and begun again: what it did before that is not counted here."
)


def receive(
    *, data: bytes, name: str, report: str, on: date, is_part: bool, may_shrink: bool, by: Actor
) -> DirectoryFile:
    """Keep a file that can be read, and queue its reading; `report` is a code, "" where the file is
    called after it.

    Raises Invalid for a day ahead, a report that nobody knows, a virus, or when there is no room.
    """
    if not can_read_directory(by):
        raise Forbidden(WHO)
    called = safe_name(name)
    found = BY_NAME.get(report) or report_of(called)
    if found is None:
        raise Invalid("Select which report it is: the file is not called after one", field="report")
    expect_day(on)
    kept = keep_data(data, name, room=DirectoryFile.kept_in, by=by, media_type=MEDIA_TYPE)
    file = DirectoryFile.of(
        kept,
        by_id=by.user_id,
        report=found.name,
        on=on,
        is_part=is_part,
        may_shrink=may_shrink,
    )
    db.session.add(file)
    return _queued(file, f"sent “{called}” of the national directory ({found.name})", by)


def expect_day(on: date) -> None:
    """Raise Invalid for a day that lies ahead: no file can tell of it."""
    if on > today():
        raise Invalid("The day must be today or in the past", field="on")


def read_again(
    *, file: DirectoryFile, on: date, is_part: bool, may_shrink: bool, by: Actor
) -> DirectoryFile:
    """Queue a file that was refused once more, with what is said of it now."""
    if not can_read_directory(by):
        raise Forbidden(WHO)
    if file.state is not DirectoryFileState.REFUSED:
        raise Conflict("Only a file that was refused is read again. Send it anew otherwise.")
    expect_day(on)
    file.on, file.is_part, file.may_shrink = on, is_part, may_shrink
    file.state, file.message, file.ended_at = DirectoryFileState.WAITING, "", None
    return _queued(file, f"has “{file.name}” read again", by)


def _queued(file: DirectoryFile, words: str, by: Actor) -> DirectoryFile:
    db.session.flush()
    note(file, "sent", words, by=by, audience=Audience.PRIVATE)
    job: Job = enqueue(READ, key=READ, requested_by_id=by.user_id)
    db.session.flush()
    file.job_id = job.id
    db.session.flush()
    return file


def begin(file: DirectoryFile) -> None:
    """Say that a file is being read."""
    is_again = file.state is DirectoryFileState.READING
    file.state, file.message = DirectoryFileState.READING, BEGUN_AGAIN if is_again else ""
    db.session.flush()


def steps(file: DirectoryFile, source: OdsFile, told: LoadResult) -> Iterator[int]:
    """Do a step of reading and yield how many rows are done; the caller commits after each."""
    yield from ods.read(source, told)
    file.counts, file.examples = dict(told.counts), dict(told.examples)
    end(file, DirectoryFileState.READ)


def refuse(file: DirectoryFile, why: str) -> None:
    """Say why a file was not taken."""
    file.message = why
    end(file, DirectoryFileState.REFUSED)


def end(file: DirectoryFile, state: DirectoryFileState) -> None:
    """Say how a file ended."""
    file.state, file.ended_at = state, now()
    db.session.flush()

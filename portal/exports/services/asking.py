"""Ask for an export, keep it when it is made, and note who fetched it."""

from pathlib import Path

from portal.accounts.models import SYSTEM, Actor, User
from portal.audit.models import Audience
from portal.audit.services import note, record
from portal.db import db
from portal.errors import Forbidden
from portal.exports.models import ExportFile
from portal.exports.policy import can_export_all, can_export_own
from portal.exports.rules import EXPORTS
from portal.files import take
from portal.jobs import Job, enqueue

TASK = "exports.make"
OPEN_DATA_TASK = "exports.open_data"


def key_of(organisation_id: int | None) -> str:
    """Return the key of the job that makes the export of an organisation, or of all (None)."""
    return f"{TASK}:{'all' if organisation_id is None else organisation_id}"


def ask_for_export(*, by: Actor) -> Job:
    """Queue the making of an export, once: of the whole portal for those who may have it, of what
    their network may see for others. Raises Forbidden."""
    if can_export_all(by):
        organisation_id = None
    elif can_export_own(by):
        organisation_id = by.organisation_id
    else:
        raise Forbidden("Exports are made by HIN staff, the national team and administrators.")
    what = "the whole portal" if organisation_id is None else by.organisation_name
    record(
        "export_file.asked",
        noun="export_file",
        noun_id=0,
        summary=f"asked for an export of {what}",
        by=by,
        audience=Audience.PRIVATE,
    )
    job = enqueue(
        TASK,
        key=key_of(organisation_id),
        requested_by_id=by.user_id,
        membership_id=None if organisation_id is None else by.membership_id,
        by_id=by.user_id,
    )
    db.session.flush()
    return job


def keep_export(
    *, path: Path, by: User | None, organisation_id: int | None, rows: int, files: int
) -> ExportFile:
    """Keep a zip that was made, until it is deleted."""
    made = ExportFile(
        by_id=by.id if by else None,
        organisation_id=organisation_id,
        stored=take(path, room=EXPORTS),
        size=path.stat().st_size,
        rows=rows,
        files=files,
    )
    db.session.add(made)
    db.session.flush()
    summary = f"made, with {rows} rows and {files} files"
    note(made, "made", summary, by=SYSTEM, audience=Audience.PRIVATE)
    return made


def note_fetched(*, made: ExportFile, by: Actor) -> None:
    """Note that somebody fetched an export."""
    what = "the whole portal" if made.organisation_id is None else "their network"
    note(made, "fetched", f"fetched an export of {what}", by=by, audience=Audience.PRIVATE)
    db.session.flush()

"""Look at the rows of a file, bring them in, undo them: in the background, a little at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import ColumnElement, delete, func, or_, select

from portal.accounts.models import Actor
from portal.accounts.session import actor_of
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, NotFound, PortalError
from portal.imports import queries
from portal.imports.models import (
    DirectoryFile,
    Import,
    ImportRow,
    ImportState,
    Result,
    Treatment,
    Verdict,
)
from portal.imports.rules.mapping import LEFT_OUT, Field
from portal.imports.rules.rows import RecordChanged, RowVerdict, Target, shortened, too_few
from portal.imports.serialise.directory import laid_out
from portal.imports.serialise.kept import lines_of
from portal.imports.serialise.kinds import Desk, kind_of
from portal.imports.services import directory, files, rows
from portal.job_rows import Turns
from portal.jobs import Progress, task
from portal.notifications.outbox import untold
from portal.reference.queries.calendar import calendar_kept
from portal.reference.services import ods
from portal.reference.services.ods_file import LoadResult, OdsFile
from portal.web.csv_files import FileWrong
from portal.web.spreadsheets import Line

JUDGED_AT_ONCE = 50


@task(files.CHECK)
def check(progress: Progress, import_id: int) -> None:
    """Look at every row of a file; run again after a stop, it begins anew."""
    importing = db.session.get_one(Import, import_id)
    if importing.state is not ImportState.CHECKING:
        return
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    db.session.commit()
    try:
        lines = lines_of(importing)
    except (FileWrong, NotFound) as wrong:
        files.end(importing, ImportState.STOPPED, str(wrong))
        return
    _judge_all(importing, lines, progress)
    counts = queries.verdicts_of(importing)
    importing.state = ImportState.STOPPED if too_few(counts) else ImportState.CHECKED
    db.session.commit()


def _judge_all(importing: Import, lines: Sequence[Line], progress: Progress) -> None:
    with queries.only_reading():
        desk = _desk(importing)
    fields = {one.name: one for one in desk.fields}
    seen: dict[tuple[str, ...], int] = {}
    for start in range(0, len(lines), JUDGED_AT_ONCE):
        batch = lines[start : start + JUDGED_AT_ONCE]
        with queries.only_reading():
            judged = [
                (line, *_judged(importing, desk, line, cells, fields)) for line, cells in batch
            ]
        for line, cells, one in judged:
            rows.twice(seen, one, line)
            rows.keep_judged(importing=importing, line=line, cells=cells, judged=one)
        db.session.commit()
        progress(start + len(batch), len(lines), "Looking at rows")


def _judged(
    importing: Import, desk: Desk, line: int, cells: Sequence[str], fields: Mapping[str, Field]
) -> tuple[Sequence[str | None], RowVerdict]:
    """Return the cells of a row that count, and what it is to the portal: cells that do not fit are
    left out (None) of the columns for which somebody said so."""
    judged = desk.judge(line, queries.cells_by_field(importing, cells, fields))
    left = [name for name in judged.problems if name in importing.meanings.get(LEFT_OUT, {})]
    if not left:
        return cells, judged
    columns = {importing.mapping[name] for name in left if name in importing.mapping}
    kept = [None if n in columns else text for n, text in enumerate(cells)]
    again = desk.judge(line, queries.cells_by_field(importing, kept, fields))
    texts = {name: str(cells[importing.mapping[name]]) for name in left}
    again.notes += [
        f"{fields[name].label}: “{shortened(text)}” is left out" for name, text in texts.items()
    ]
    return kept, again


@task(files.APPLY)
def apply(progress: Progress, import_id: int) -> None:
    """Bring in every row that is to be, in short transactions; run again after a stop, it goes on
    with the first row of which nothing is noted."""
    work = _work(import_id, ImportState.APPLYING, back=ImportState.CHECKED)
    if work is None:
        return
    importing, desk, by = work
    fields = {one.name: one for one in desk.fields}
    _rehearse(importing, desk, fields)
    rows.leave_what_is_kept(importing)
    db.session.commit()
    with kind_of(importing.kind).hush:
        do = partial(_bring_in, importing=importing, desk=desk, fields=fields, by=by)
        _each(importing, TO_APPLY, progress, do)
    moved = queries.verdicts_of(importing).get(Verdict.MOVED, 0)
    message = f"{moved} rows are about records that were changed meanwhile" if moved else ""
    files.end(importing, ImportState.APPLIED, message)
    db.session.commit()


def _rehearse(importing: Import, desk: Desk, fields: Mapping[str, Field]) -> None:
    """Look at the first row once more without the lock: a fresh worker learns each statement at its
    first use, and would hold the lock for as long as that takes."""
    with queries.only_reading():
        row = db.session.scalar(
            select(ImportRow).where(ImportRow.import_id == importing.id, TO_APPLY).limit(1)
        )
        if row is not None:
            desk.judge(row.line, queries.cells_by_field(importing, row.cells, fields))


TO_APPLY = ImportRow.result.is_(None) & ImportRow.treatment.in_([Treatment.TAKE, Treatment.BOTH])
TO_UNDO = or_(
    ImportRow.result.in_([Result.MADE, Result.CHANGED]),
    (ImportRow.result == Result.DECIDE) & (ImportRow.treatment == Treatment.TAKE),
)
GONE = "Whoever started it may no longer do so: start it yourself"


def _each(
    importing: Import,
    wanted: ColumnElement[bool],
    progress: Progress,
    do: Callable[[ImportRow], None],
) -> None:
    """Do something with every row for which `wanted` holds, a share of a second at a time. A row
    with which it is done must be wanted no more, or stand before the last."""
    waits = (ImportRow.import_id == importing.id) & wanted
    total = db.session.scalar(select(func.count()).select_from(ImportRow).where(waits)) or 0
    done, last, turns = 0, 0, Turns()
    while True:
        after = waits & (ImportRow.line > last)
        share = db.session.scalars(
            select(ImportRow).where(after).order_by(ImportRow.line).limit(50)
        )
        found = share.all()
        with calendar_kept():
            for row in found:
                do(row)
                done, last = done + 1, row.line
                if turns.is_over:
                    break
        progress(done, total, f"{done} of {total} rows")
        db.session.commit()
        if not found or done >= total:
            return
        turns.rest()


def _bring_in(
    row: ImportRow, *, importing: Import, desk: Desk, fields: Mapping[str, Field], by: Actor
) -> None:
    cells = queries.cells_by_field(importing, row.cells, fields)
    is_new = row.verdict is Verdict.NEW or row.treatment is Treatment.BOTH
    is_like = row.verdict is Verdict.DUPLICATE and not is_new
    target = Target(None if is_new else row.record_id, row.seen, is_like)
    try:
        with db.session.begin_nested():
            did = desk.write(row.line, cells, target)
    except RecordChanged:
        rows.judge_again(row=row, judged=desk.judge(row.line, cells), is_moved=True)
    except (Invalid, Conflict, Forbidden) as why:
        rows.refused(row=row, why=str(why))
    else:
        rows.written(row=row, importing=importing, noun=desk.noun, did=did, by=by)


@task(files.UNDO)
def undo(progress: Progress, import_id: int) -> None:
    """Undo every row whose record nobody has changed since; the others wait for a decision."""
    work = _work(import_id, ImportState.UNDOING, back=ImportState.APPLIED)
    if work is None:
        return
    importing, desk, by = work
    with untold():
        _each(importing, TO_UNDO, progress, lambda row: _undo(row, desk, by))
    waiting = queries.results_of(importing).get(Result.DECIDE, 0)
    message = (
        f"Rows to decide: {waiting}. What they made was changed since, or was made one with another"
        if waiting
        else ""
    )
    files.end(importing, ImportState.UNDONE, message)
    db.session.commit()


def _undo(row: ImportRow, desk: Desk, by: Actor) -> None:
    record_id = row.record_id or 0
    why = desk.stays(row)
    if why:
        row.result, row.treatment, row.problems = Result.DECIDE, None, {"": why}
        return
    row.problems = {}
    version = desk.version(record_id)
    is_told = row.result is Result.DECIDE
    changed = version is not None and version != row.after
    if not is_told and (changed or rows.touched_since(row, desk.noun, desk.related(record_id))):
        row.result, row.treatment = Result.DECIDE, None
        return
    try:
        with db.session.begin_nested():
            desk.undo(row)
            rows.undone(row=row, noun=desk.noun, by=by)
    except (Invalid, Conflict, Forbidden) as why:
        row.result, row.problems = Result.KEPT, {"": str(why)}


def _work(
    import_id: int, state: ImportState, *, back: ImportState
) -> tuple[Import, Desk, Actor] | None:
    """Return an import in this state, with its desk and as whom it acts; None where there is
    nothing to do. Where nobody may act any more, it is led back."""
    importing = db.session.get_one(Import, import_id)
    if importing.state is not state:
        return None
    by = _actor(importing)
    if by is None:
        files.end(importing, back, GONE)
        return None
    with queries.only_reading():
        desk = kind_of(importing.kind).desk(by, importing)
    return importing, desk, by


def _actor(importing: Import) -> Actor | None:
    """Return who brings it in, by an import as the trail says; None when they no longer may."""
    membership = queries.importer_of(importing)
    if membership is None:
        return None
    actor = actor_of(membership.user, membership)
    return replace(actor, name=f"{actor.name} (by import)")


def _desk(importing: Import) -> Desk:
    by = _actor(importing)
    if by is None:
        raise Forbidden(GONE)
    return kind_of(importing.kind).desk(by, importing)


@task(directory.READ)
def read_directory(progress: Progress) -> None:
    """Read every file of the national directory that waits, each in short transactions; run again
    after a stop, it begins with the one that was broken off."""
    while (file := queries.next_directory_file()) is not None:
        directory.begin(file)
        db.session.commit()
        try:
            with laid_out(file) as source:
                _read(file, source, progress)
        except PortalError as why:
            db.session.rollback()
            directory.refuse(file, str(why))
        db.session.commit()


def _read(file: DirectoryFile, source: OdsFile, progress: Progress) -> None:
    """Look a file through, and read it only if it fits."""
    with queries.only_reading():
        rows_there = ods.check(source)
    file.rows = rows_there
    turns = Turns()
    for done in directory.steps(file, source, LoadResult()):
        progress(done, rows_there, f"{source.name}: {done} of {rows_there} rows")
        db.session.commit()
        if turns.is_over:
            turns.rest()

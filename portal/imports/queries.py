"""Read imports: the door, the rows of one, what is remembered, what waits to be verified."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from portal.accounts.models import Actor, Membership, Organisation
from portal.accounts.policy import is_acting
from portal.clock import day_of
from portal.db import by_name, db, reading
from portal.errors import Forbidden, NotFound
from portal.imports.models import (
    DirectoryFile,
    DirectoryFileState,
    Import,
    ImportMemory,
    ImportRow,
    Result,
    Treatment,
    Verdict,
)
from portal.imports.policy import MAY, WHO, can_import, can_read_directory, can_see
from portal.imports.rules.mapping import Field, coded
from portal.innovations.models import Innovation
from portal.jobs import Job
from portal.merging import Merge, Noun
from portal.reference.rules.ods import RANK

Kind = TypeVar("Kind", Verdict, Result)


@contextmanager
def only_reading() -> Iterator[None]:
    """Read for long without the lock that SQLite gives to whoever may write: what was written
    before is committed."""
    db.session.commit()
    with reading():
        yield
        db.session.commit()


def require_importer(actor: Actor) -> Actor:
    """Return the actor if they may bring anything in; raises Forbidden."""
    if not can_import(actor):
        raise Forbidden(WHO)
    return actor


def import_for(actor: Actor, import_id: int) -> Import:
    """Return an import that the actor may see; raises NotFound, and Forbidden for those who bring
    nothing in. The only door."""
    require_importer(actor)
    found = db.session.get(Import, import_id)
    if found is None or not can_see(actor, found):
        raise NotFound("There is no import here that you may see.")
    return found


def imports_of(actor: Actor) -> Select[Import]:
    """Return the imports of the actor's organisation that they may look at, newest first."""
    kinds = [code for code, may in MAY.items() if may(actor)]
    ours = (Import.organisation_id == actor.organisation_id) & Import.kind.in_(kinds)
    newest = (Import.at.desc(), Import.id.desc())
    return select(Import).where(ours).options(joinedload(Import.by)).order_by(*newest)


def row_of(importing: Import, row_id: int) -> ImportRow:
    """Return a row of an import; raises NotFound."""
    found = db.session.get(ImportRow, row_id)
    if found is None or found.import_id != importing.id:
        raise NotFound("There is no such row.")
    return found


def rows_of(
    importing: Import, verdict: Verdict | None = None, result: Result | None = None
) -> Select[ImportRow]:
    """Return the rows of an import in their order, those of one verdict or result."""
    rows = select(ImportRow).where(ImportRow.import_id == importing.id)
    if verdict is not None:
        rows = rows.where(ImportRow.verdict == verdict)
    if result is not None:
        rows = rows.where(ImportRow.result == result)
    return rows.order_by(ImportRow.line, ImportRow.id)


def verdicts_of(importing: Import) -> dict[Verdict, int]:
    """Return how many rows of each verdict an import has."""
    return _counted(importing, ImportRow.verdict, Verdict)


def treatments_of(importing: Import) -> dict[Verdict, dict[Treatment, int]]:
    """Return what is to be done with how many rows of each verdict."""
    kinds = (ImportRow.verdict, ImportRow.treatment)
    counted = select(*kinds, func.count()).where(ImportRow.import_id == importing.id)
    found: dict[Verdict, dict[Treatment, int]] = {}
    for verdict, treatment, count in db.session.execute(counted.group_by(*kinds)):
        if verdict and treatment:
            found.setdefault(verdict, {})[treatment] = count
    return found


def results_of(importing: Import) -> dict[Result, int]:
    """Return how many rows of each result an import has."""
    return _counted(importing, ImportRow.result, Result)


def _counted(
    importing: Import, column: InstrumentedAttribute[Kind | None], kinds: type[Kind]
) -> dict[Kind, int]:
    """Return how many rows have each value of a column, in the order of the values."""
    counted = (
        select(column, func.count()).where(ImportRow.import_id == importing.id).group_by(column)
    )
    found = {kind: count for kind, count in db.session.execute(counted) if kind}
    return {kind: found[kind] for kind in kinds if kind in found}


def problems_by_field(importing: Import) -> dict[str, tuple[int, str]]:
    """Return for each field that is wrong in any row ("" for the row as a whole) in how many, and
    what is said of the first; the commonest first."""
    wrong = select(ImportRow.problems).where(
        ImportRow.import_id == importing.id, ImportRow.verdict == Verdict.WRONG
    )
    found: dict[str, tuple[int, str]] = {}
    for problems in db.session.scalars(wrong.order_by(ImportRow.line)):
        for name, words in problems.items():
            count, first = found.get(name, (0, str(words)))
            found[name] = (count + 1, first)
    return dict(sorted(found.items(), key=lambda one: -one[1][0]))


def memory_of(organisation_id: int, kind: str) -> dict[str, dict[str, str]]:
    """Return what an organisation's words meant in its last files, by field; "" has headers."""
    rows = db.session.scalars(
        select(ImportMemory).where(
            ImportMemory.organisation_id == organisation_id, ImportMemory.kind == kind
        )
    )
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row.field, {})[row.word] = row.meaning
    return found


def memories_of(actor: Actor, kind: str) -> Sequence[ImportMemory]:
    """Return what is remembered of the actor's organisation's files of a kind: what headers mean
    first, then values by their field."""
    theirs = ImportMemory.organisation_id == actor.organisation_id
    order = (ImportMemory.field, ImportMemory.word, ImportMemory.id)
    return db.session.scalars(
        select(ImportMemory).where(theirs, ImportMemory.kind == kind).order_by(*order)
    ).all()


def memory_for(actor: Actor, kind: str, memory_id: int) -> ImportMemory:
    """Return one thing that the actor's organisation's files of a kind left; raises NotFound. The
    only door."""
    found = db.session.get(ImportMemory, memory_id)
    if found is None or (found.organisation_id, found.kind) != (actor.organisation_id, kind):
        raise NotFound("This is not remembered any more.")
    return found


def importer_of(importing: Import) -> Membership | None:
    """Return as whom an import acts, None when they no longer may."""
    found = db.session.get(Membership, importing.membership_id or 0)
    return found if found is not None and is_acting(found) else None


def job_of(importing: Import | DirectoryFile) -> Job | None:
    """Return the job at work on an import, if any was."""
    return db.session.get(Job, importing.job_id) if importing.job_id else None


def cells_by_field(
    importing: Import, cells: Sequence[str | None], fields: Mapping[str, Field]
) -> dict[str, str]:
    """Return the texts of a row by field, values as codes as far as they are known; without those
    that are left out."""
    found: dict[str, str] = {}
    for name, column in importing.mapping.items():
        text = cells[column] if column < len(cells) else ""
        if text is None:
            continue
        one = fields.get(name)
        meanings = importing.meanings.get(name, {})
        if one is not None and text:
            text = coded(one, text, meanings) if one.is_coded else one.free(text)
        found[name] = text
    return found


def merged_since(row: ImportRow, noun: Noun, model: type[Innovation] | type[Organisation]) -> str:
    """Say that the record of a row was made one with another since the row was looked at, with what
    stays and what to do; "" where it was not."""
    about = or_(Merge.kept_id == row.record_id, Merge.other_id == row.record_id)
    stands = Merge.at.is_not(None) & Merge.undone_at.is_(None) & (Merge.at > row.at)
    merge = db.session.scalar(
        select(Merge).where(Merge.noun == noun, about, stands).order_by(Merge.id.desc()).limit(1)
    )
    if merge is None or merge.at is None:
        return ""
    found = select(model.name).where(model.id.in_([merge.kept_id, merge.other_id]))
    names = " and ".join(
        f"“{name}”" for name in db.session.scalars(found.order_by(model.id.desc()))
    )
    return (
        f"{names} were made one on {day_of(merge.at):%d/%m/%Y}. All that belongs to them stays as "
        "it is, and both addresses lead to it. To undo this row, take that merge back first (on "
        "the page of the record), then decide here once more"
    )


def to_verify(actor: Actor) -> Select[*tuple[ImportRow, Innovation]]:
    """Return the rows that claim their record to be proven, which nobody here has checked yet."""
    claims = (ImportRow.to_verify != "") & ImportRow.result.in_([Result.MADE, Result.CHANGED])
    return (
        select(ImportRow, Innovation)
        .join(Import, Import.id == ImportRow.import_id)
        .join(Innovation, Innovation.id == ImportRow.record_id)
        .where(
            claims,
            Import.kind == "innovations",
            Import.organisation_id == actor.organisation_id,
            Innovation.is_proven_until.is_(None),
        )
        .order_by(by_name(Innovation.name), ImportRow.id)
    )


def directory_files(actor: Actor) -> Select[DirectoryFile]:
    """Return the files of the national directory that were sent, newest first; raises Forbidden for
    anybody but administrators."""
    if not can_read_directory(actor):
        raise Forbidden("Administrators bring the places of the national directory in.")
    newest = (DirectoryFile.at.desc(), DirectoryFile.id.desc())
    return select(DirectoryFile).options(joinedload(DirectoryFile.by)).order_by(*newest)


def directory_file(actor: Actor, file_id: int) -> DirectoryFile:
    """Return a file of the national directory; raises NotFound and Forbidden. The only door."""
    found = db.session.scalar(directory_files(actor).where(DirectoryFile.id == file_id))
    if found is None:
        raise NotFound("There is no such file.")
    return found


def next_directory_file() -> DirectoryFile | None:
    """Return the file that is read next: one that was broken off, else of those that wait the one
    whose report comes first, so that who runs or commissions a place is known before it."""
    waits = DirectoryFile.state.in_([DirectoryFileState.WAITING, DirectoryFileState.READING])
    found = db.session.scalars(select(DirectoryFile).where(waits)).all()
    return min(
        found,
        key=lambda one: (one.state is DirectoryFileState.WAITING, RANK[one.report], one.id),
        default=None,
    )

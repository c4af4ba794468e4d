"""Load an export of a whole portal into an empty one of the same version."""

import json
import re
import secrets
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Protocol

from sqlalchemy import Table, bindparam, insert, select, update

from portal.accounts.models import SYSTEM
from portal.audit.models import Audience
from portal.audit.services import record
from portal.db import Base, db, go_on_counting
from portal.errors import Conflict, Invalid
from portal.exports.rules.tables import LeavingTable, leaving_tables
from portal.exports.rules.values import read
from portal.files import take
from portal.jobs import enqueue

AT_ONCE = 500
"""Rows that are written by one statement."""
MUST_BE_EMPTY = ("user", "innovation", "challenge", "audit_event")
NOT_EMPTY = "This portal is not empty. Load an export into a new one, after “flask db upgrade”."
FORMAT = 1
"""Of exports: raised when what is written could not be loaded by what was written before."""
STORED = re.compile(r"[0-9a-f]{32}")
"""How files are called where they are kept."""
Row = dict[str, Any]
Told = Callable[[int, int, str], None]


class Source(Protocol):
    """Where the parts of an export lie: a zip, or a folder into which it was unpacked."""

    def open(self, name: str) -> IO[bytes]:
        """Return a part; raises KeyError or FileNotFoundError."""

    def names(self, begin: str) -> list[str]:
        """Return the names of the parts that begin so."""


class Zipped:
    """An export as it was made."""

    def __init__(self, path: Path) -> None:
        """Open it; raises Invalid for what is no zip."""
        try:
            self.zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as wrong:
            raise Invalid(f"{path} is not an export: {wrong}") from wrong

    def open(self, name: str) -> IO[bytes]:
        """Return a part."""
        return self.zip.open(name)

    def names(self, begin: str) -> list[str]:
        """Return the names of parts."""
        return [name for name in self.zip.namelist() if name.startswith(begin)]


class Unpacked:
    """An export that somebody unpacked."""

    def __init__(self, path: Path) -> None:
        """Look into a folder."""
        self.path = path

    def open(self, name: str) -> IO[bytes]:
        """Return a part."""
        return (self.path / name).open("rb")

    def names(self, begin: str) -> list[str]:
        """Return the names of parts."""
        found = (self.path / begin).rglob("*")
        return [one.relative_to(self.path).as_posix() for one in found if one.is_file()]


def source_at(path: Path) -> Source:
    """Return the export at a path."""
    return Unpacked(path) if path.is_dir() else Zipped(path)


def load(*, source: Source, migration: str, told: Told = lambda done, total, what: None) -> int:
    """Write every row and file of an export, all in one transaction; returns how many rows.

    People come without passwords, and are asked for a new one as those who forgot theirs. Raises
    Conflict when the portal is not empty, Invalid when the export is of another version.
    """
    _expect_version(source, migration)
    _expect_empty()
    every, count = leaving_tables(), 0
    _forget_what_migrations_wrote()
    for number, table in enumerate(every, start=1):
        count += _load_table(source, table)
        told(number, len(every), f"{table.label}: {count:,} rows")
    go_on_counting(db.session.connection(), [table.source for table in every])
    _load_files(source)
    record(
        "export_file.loaded",
        noun="export_file",
        noun_id=0,
        summary=f"loaded an export of {count} rows",
        by=SYSTEM,
        audience=Audience.PRIVATE,
    )
    enqueue("search.rebuild", key="search.rebuild")
    db.session.flush()
    return count


def _expect_version(source: Source, migration: str) -> None:
    try:
        with source.open("datapackage.json") as file:
            said = json.load(file)["portal"]
    except (KeyError, ValueError, OSError) as wrong:
        raise Invalid("This is not an export of a whole portal.") from wrong
    if said["format"] != FORMAT or said["migration"] != migration:
        raise Invalid(
            f"The export was made at migration {said['migration']}, this portal stands at "
            f"{migration}. Load it with the version that made it, then upgrade."
        )


def _expect_empty() -> None:
    for name in MUST_BE_EMPTY:
        if db.session.execute(select(Base.metadata.tables[name]).limit(1)).first() is not None:
            raise Conflict(NOT_EMPTY)


def _forget_what_migrations_wrote() -> None:
    """Delete the terms, places and settings that a new portal has: the export has them all."""
    for table in reversed(leaving_tables()):
        if table.name not in {"audit_event", "audit_words"}:
            db.session.execute(table.source.delete())


# Rows


def _load_table(source: Source, table: LeavingTable) -> int:
    """Write the rows of a table; what refers to rows of its own comes last, when all are there."""
    own = [one.name for one in table.columns if one.refers.startswith(f"{table.name}.")]
    later: list[Row] = []
    count = 0
    for some in _portions(_read(source, table)):
        for row in some:
            later += [_link(table, row, name) for name in own if row[name] is not None]
            row.update(dict.fromkeys(own))
        db.session.execute(insert(table.source), some)
        count += len(some)
    for name in own:
        _link_rows(table.source, name, [one for one in later if name in one])
    return count


def _read(source: Source, table: LeavingTable) -> Iterator[Row]:
    kinds = {one.name: one.kind for one in table.columns}
    with source.open(f"json/{table.name}.jsonl") as lines:
        for line in lines:
            said: Mapping[str, Any] = json.loads(line)
            yield {name: read(kind, said[name]) for name, kind in kinds.items()} | _fresh(table)


def _fresh(table: LeavingTable) -> Row:
    """Return what never leaves and must be there: by it the sessions of a person are known."""
    return {"fs_uniquifier": secrets.token_hex(32)} if table.name == "user" else {}


def _portions(rows: Iterator[Row]) -> Iterator[list[Row]]:
    some: list[Row] = []
    for row in rows:
        some.append(row)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _link(table: LeavingTable, row: Row, name: str) -> Row:
    return {"key": row[table.keys[0]], name: row[name]}


def _link_rows(table: Table, name: str, links: list[Row]) -> None:
    if links:
        key = next(iter(table.primary_key.columns))
        linking = update(table).where(key == bindparam("key")).values({name: bindparam(name)})
        db.session.connection().execute(linking, links)


# Files


def _load_files(source: Source) -> None:
    rooms = {table.files for table in leaving_tables()}
    for name in source.names("files/"):
        _, _, rest = name.partition("/")
        room, _, stored = rest.partition("/")
        if room not in rooms or not STORED.fullmatch(stored):
            raise Invalid(f"The export has a file that no table can name: {name}")
        with _on_disk(source, name) as path:
            take(path, room=room, stored=stored)


@contextmanager
def _on_disk(source: Source, name: str) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "file")
        with source.open(name) as packed:
            path.write_bytes(packed.read())
        yield path

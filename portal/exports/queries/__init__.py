"""Read what was exported, how far an export is, and the tables as they stand at one moment."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Actor
from portal.db import db, reading
from portal.errors import Forbidden, NotFound
from portal.exports.models import ExportFile, OpenDataFile
from portal.exports.policy import can_export, can_export_all, can_fetch
from portal.exports.rules.tables import LeavingTable

READ_AT_ONCE = 500
"""Rows of a table that are in memory at once."""
SHOWN = 20


@contextmanager
def snapshot() -> Iterator[Session]:
    """Read in one transaction that sees every table as it stands when it begins.

    Nobody who writes waits for it: SQLite's write-ahead log and PostgreSQL's versions of rows let
    them go on, and what they commit is not seen here.
    """
    db.session.commit()
    with reading(), db.sessionmaker() as session:
        _see_one_moment(session)
        yield session


@contextmanager
def at_one_moment() -> Iterator[None]:
    """The same for what reads by the session of the application."""
    db.session.commit()
    with reading():
        _see_one_moment(db.session)
        yield
        db.session.commit()


def _see_one_moment(session: Session) -> None:
    """Let every statement of the transaction see the same: on SQLite they do."""
    bind = session.get_bind()
    if isinstance(bind, Engine) and bind.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def rows_of(session: Session, table: LeavingTable) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a table in the order of their keys, the columns that leave alone."""
    source = table.source
    columns = [source.c[one.name] for one in table.columns]
    found = select(*columns).order_by(*source.primary_key.columns)
    once = {"yield_per": READ_AT_ONCE}
    for row in session.execute(found, execution_options=once).mappings():
        yield {str(name): value for name, value in row.items()}


def require_exporter(actor: Actor) -> Actor:
    """Return the actor if they may take anything out; raises Forbidden."""
    if not can_export(actor):
        raise Forbidden(
            "Exports are made by HIN staff, the national team and administrators. What is held"
            " about you is under Your account, Your data."
        )
    return actor


def exports_for(actor: Actor) -> Sequence[ExportFile]:
    """Return the exports that the actor may fetch, the newest first."""
    found: Select[ExportFile] = select(ExportFile).options(joinedload(ExportFile.by))
    whose = (
        ExportFile.organisation_id.is_(None)
        if can_export_all(actor)
        else ExportFile.organisation_id == actor.organisation_id
    )
    newest = found.where(whose).order_by(ExportFile.id.desc()).limit(SHOWN)
    return db.session.scalars(newest).all()


def export_for(actor: Actor, export_id: int) -> ExportFile:
    """Return an export that the actor may fetch; raises NotFound, and Forbidden for those who
    export nothing. The only door."""
    require_exporter(actor)
    made = db.session.get(ExportFile, export_id)
    if made is None or not can_fetch(actor, made):
        raise NotFound("There is no such export. Exports are deleted after some days.")
    return made


def open_data() -> Sequence[OpenDataFile]:
    """Return the files of the open data, by name."""
    return db.session.scalars(select(OpenDataFile).order_by(OpenDataFile.name)).all()


def open_data_file(name: str) -> OpenDataFile | None:
    """Return a file of the open data, None for one that there is not."""
    return db.session.get(OpenDataFile, name)

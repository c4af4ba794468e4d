"""The database: one session per application context, aware UTC times, enums stored by value."""

import enum
import inspect
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from alembic.autogenerate.api import AutogenContext
from alembic.runtime.migration import MigrationContext
from flask import Flask, current_app, request
from flask_alembic import Alembic
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    Dialect,
    Enum,
    MetaData,
    Table,
    Text,
    event,
    func,
    select,
    text,
    update,
)
from sqlalchemy import inspect as state_of
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from portal.connections import engine_options
from portal.errors import Outdated

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment. SQLite forgets time zones, so it is stored as UTC and comes back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC; a naive one is a mistake of ours and raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class LabelledEnum(enum.StrEnum):
    """A choice that is stored as its value and called by its `label`: `NEW = "new", "New"`.

    A third text is the `hint` that stands below it where it is chosen.
    """

    label: str
    hint: str

    def __new__(cls, value: str, label: str = "", hint: str = "") -> Self:
        """Keep label and hint beside the value, which alone is what the member equals."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.hint = hint
        return member


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


JsonColumn = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """What every table shares: names of constraints and the types behind annotations."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        str: Text(),
        datetime: UTCDateTime(),
        # SQLAlchemy stores an enum's *name* unless told; rows outlive our names.
        enum.Enum: Enum(enum.Enum, native_enum=False, length=40, values_callable=_values),
        dict[str, Any]: JsonColumn,
        list[Any]: JsonColumn,
    }


Id = Annotated[int, mapped_column(primary_key=True)]
"""An integer primary key."""


MAX_ID = 2**31 - 1
"""The largest number of a row: what a 32-bit column of PostgreSQL holds."""


def id_from(text: str) -> int | None:
    """Return the number of a row that came from outside, None for what no row can have."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MAX_ID))
    return int(text) if is_number and int(text) <= MAX_ID else None


class by_name(FunctionElement[str]):  # noqa: N801 - reads as SQL's own functions do
    """SQL that sorts a text as people do: accents and case in their place, on any database."""

    type = Text()
    name = "by_name"
    inherit_cache = True


@compiles(by_name, "sqlite")
def _by_name_on_sqlite(element: by_name, compiler: SQLCompiler, **options: Any) -> str:
    return f"folded_for_sorting({compiler.process(element.clauses, **options)})"


@compiles(by_name, "postgresql")
def _by_name_on_postgresql(element: by_name, compiler: SQLCompiler, **options: Any) -> str:
    return f'({compiler.process(element.clauses, **options)}) COLLATE "und-x-icu"'


class Versioned:
    """A row that two people may edit: the second to save a stale copy gets a `Conflict`."""

    version: Mapped[int] = mapped_column(default=1)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        cls.__mapper_args__ = {"version_id_col": cls.version}  # type: ignore[attr-defined]  # a table has it
        super().__init_subclass__(**kwargs)


_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read.

    On SQLite every other transaction takes the write lock when it begins: one that reads first
    and writes later would be refused at its first write if another process had written since.
    """
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """A short transaction of its own that writes, whatever the request does: it ends what the
    session has read so far and commits what is written inside."""
    db.session.commit()
    token = _reading.set(False)
    try:
        yield
        db.session.commit()
    finally:
        _reading.reset(token)


def set_reading(value: bool) -> None:
    """Say whether this request only reads (set at its start, from its method)."""
    _reading.set(value)


db = SQLAlchemy(session_options={"expire_on_commit": True})


def has_changed(row: Base, names: Iterable[str]) -> bool:
    """Whether a flush writes, or has just written, another value to one of these attributes. Of a
    new row it knows only what was set, not what a default fills in."""
    return any(state_of(row).attrs[name].history.has_changes() for name in names)


Insert = sqlite.Insert | postgresql.Insert


def insert_into(model: type[Base]) -> Insert:
    """Return an INSERT that can say what happens when the row is there already."""
    on_postgresql = db.session.get_bind().dialect.name == "postgresql"
    make: Callable[[type[Base]], Insert] = postgresql.insert if on_postgresql else sqlite.insert
    return make(model)


def add_new(row: Base) -> bool:
    """Add a row unless the database says that it is there already; returns whether it was added.

    Of several who add the same at once the first one does; what else the transaction did stays.
    """
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return False
    return True


def lock(row: Base, *, seen: int | None = None, words: Callable[[], str] | None = None) -> None:
    """Hold a row, and let only those change it who saw its newest version: the optimistic lock.

    The row is read anew and kept from others until the transaction ends: they see what was done.
    `seen` is the version of the page that the person saw, None for a change that rests on none;
    `words` say what happened meanwhile. Raises Outdated.
    """
    db.session.flush()  # a refresh forgets what waits to be written
    # Only its own table is locked: PostgreSQL refuses to lock the outer side of the joins that
    # load what belongs to it.
    db.session.refresh(row, with_for_update={"of": type(row)})
    if seen is not None and getattr(row, "version", None) != seen:
        raise Outdated(row, words() if words else "")


def use_once(of: type[Base], *unused: ColumnElement[bool], **used: Any) -> bool:
    """Use a row up by one conditional UPDATE; returns whether the caller is the one who did.

    `unused` name the row and say that nobody used it yet, `used` are the values that say somebody
    did. Of several callers at once all but the first wait, find nothing unused and get False: a
    read followed by a write would let all of them in.
    """
    done = db.session.execute(update(of).where(*unused).values(**used))
    count: int = done.rowcount  # type: ignore[attr-defined]  # an UPDATE's result has it
    return count == 1


def go_on_counting(connection: Connection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL give the next rows numbers above those that were copied into tables."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        key = table.primary_key.columns.values()[0]
        named = {"table": f'"{table.name}"', "key": key.name}
        found = "SELECT pg_get_serial_sequence(:table, :key)"
        sequence = connection.scalar(text(found), named)
        last = connection.scalar(select(func.max(key))) if sequence else None
        if last:
            connection.execute(
                text("SELECT setval(:name, :last)"), {"name": sequence, "last": last}
            )


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")
    connection.info[ONLY_READ] = True


ONLY_READ = "only_read"
"""Under this name a connection holds whether its transaction ran nothing but SELECT."""
_READS = re.compile(r"SELECT\b|WITH\b(?!.*\b(?:INSERT|UPDATE|DELETE|MERGE)\b)", re.DOTALL)


@event.listens_for(Engine, "before_cursor_execute")
def _note_writing(connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
    if not _READS.match(statement):
        connection.info[ONLY_READ] = False


@event.listens_for(Engine, "rollback")
def _end_reading(connection: Connection) -> None:
    """End what only read by a commit on PostgreSQL: with a rollback psycopg forgets every statement
    that the connection has prepared, and each page would have all of its own planned again."""
    if connection.dialect.name != "postgresql" or not _reading.get():
        return
    raw: Any = connection.connection.dbapi_connection
    if connection.info.get(ONLY_READ) and raw.info.transaction_status == IN_TRANSACTION:
        raw.commit()


IN_TRANSACTION = 2
"""What libpq says of a transaction in which nothing has failed."""


class Migrations(Alembic):
    """Numbered migrations: `0001_start.py`, `0002_…`."""

    def rev_id(self) -> str:
        """Return the next free number, four digits."""
        taken = [int(s.revision) for s in self.script_directory.walk_revisions()]
        return f"{max(taken, default=0) + 1:04d}"

    def run_migrations(self, fn: Callable[[Any, MigrationContext], list[Any]], **kw: Any) -> None:
        """Run migrations, on SQLite without foreign keys, which are checked before each commit.

        Most changes of a table make SQLite build it anew, and dropping the old one would delete
        all that hangs on it.
        """
        context = self.migration_context
        connection = context.connection
        if connection is None or connection.dialect.name != "sqlite":
            super().run_migrations(fn, **kw)
            return
        connection.rollback()  # foreign keys cannot be lifted within a transaction
        raw: Any = connection.connection.dbapi_connection
        context.on_version_apply_callbacks = (_check_foreign_keys,)
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            super().run_migrations(fn, **kw)
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(*, ctx: MigrationContext, **_: Any) -> None:
    """Refuse what a migration did if rows name rows that are gone: raises RuntimeError."""
    found = ctx.connection and ctx.connection.exec_driver_sql("PRAGMA foreign_key_check")
    broken = found.fetchall() if found else []
    if broken:
        raise RuntimeError(f"The migration would break {len(broken)} rows: {broken[:5]}")


migrations = Migrations(metadatas=Base.metadata, run_mkdir=False)


def upgrade() -> None:
    """Bring the tables up to date, in a context whose end closes the migrations' connection."""
    with current_app.app_context():
        migrations.upgrade()


def init_app(app: Flask) -> None:
    """Give the application its database and its `flask db` commands."""
    app.config["ALEMBIC"] = {
        "script_location": os.path.join(os.path.dirname(__file__), "..", "migrations"),
        "file_template": "%%(rev)s_%%(slug)s",
    }
    app.config["ALEMBIC_CONTEXT"] = {
        "render_as_batch": True,
        "compare_type": True,
        "render_item": _render,
    }
    app.config["SQLALCHEMY_ENGINES"] = {
        name: engine_options(given) if isinstance(given, str) else given
        for name, given in app.config["SQLALCHEMY_ENGINES"].items()
    }
    db.init_app(app)
    # There are no async engines: the extension's async teardown would only start an event loop at
    # the end of every request, and be refused where one runs already.
    app.teardown_appcontext_funcs = [
        end for end in app.teardown_appcontext_funcs if not inspect.iscoroutinefunction(end)
    ]
    migrations.init_app(app)
    app.before_request(_note_method)


def _render(kind: str, item: object, context: AutogenContext) -> str | Literal[False]:
    """Write our own types into migrations as what they are: migrations outlive our code."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def _note_method() -> None:
    set_reading(request.method in {"GET", "HEAD", "OPTIONS"})

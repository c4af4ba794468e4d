"""The tables of an index: one set per generation, and one row that says which set is in use."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from psycopg.errors import InsufficientPrivilege, UndefinedTable

from search_index.interface import IndexUnusable
from search_index.postgres.connecting import Connection
from search_index.ranking import FORMAT, Settings

PREFIX = "searchindex"
_CURRENT = f"""
CREATE TABLE IF NOT EXISTS {PREFIX} (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    format integer NOT NULL, analysis text NOT NULL, generation integer NOT NULL,
    change bigint NOT NULL, made integer NOT NULL, averages jsonb NOT NULL
)"""
_TABLES = """
CREATE TABLE <record> (
    id bigint NOT NULL, version bigint NOT NULL, fingerprint text NOT NULL,
    standing real NOT NULL, labels text[] NOT NULL, codes text[] NOT NULL, names text[] NOT NULL,
    themes bytea NOT NULL
);
CREATE TABLE <field> (
    id bigint NOT NULL, place smallint NOT NULL, name text NOT NULL, body text NOT NULL,
    tokens text NOT NULL, words tsvector GENERATED ALWAYS AS (tokens::tsvector) STORED
);
CREATE TABLE <posting> (
    stem text COLLATE "C" NOT NULL, id bigint NOT NULL, impact real NOT NULL,
    surfaces text[] NOT NULL
);
CREATE TABLE <surface> (surface text COLLATE "C" NOT NULL, stem text COLLATE "C" NOT NULL);
CREATE TABLE <theme> (stem text COLLATE "C" NOT NULL, direction bytea NOT NULL);
CREATE TABLE <completion> (
    start text COLLATE "C" NOT NULL, place smallint NOT NULL, shown text NOT NULL,
    folded text COLLATE "C" NOT NULL, id bigint NOT NULL
);
"""
_INDEXES = """
ALTER TABLE <record> ADD PRIMARY KEY (id);
CREATE INDEX ON <record> USING gin (names);
ALTER TABLE <field> ADD PRIMARY KEY (id, place);
CREATE INDEX ON <field> USING gin (words);
ALTER TABLE <posting> ADD PRIMARY KEY (stem, id) INCLUDE (impact);
CREATE INDEX ON <posting> (id);
ALTER TABLE <surface> ADD PRIMARY KEY (surface, stem);
ALTER TABLE <theme> ADD PRIMARY KEY (stem);
CREATE INDEX ON <completion> (start, id);
CREATE INDEX ON <completion> (id);
"""
_NAMES = ("record", "field", "posting", "surface", "theme", "completion")


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one generation: ``tables("SELECT … <record>")`` fills in their names."""

    generation: int

    def __call__(self, statement: str) -> bytes:
        """A statement with the names of tables in place of ``<name>``."""
        named = re.sub(r"<(\w+)>", rf"{PREFIX}_{self.generation}_\1", statement)
        return named.encode()

    def create(self, connection: Connection) -> None:
        """Make them, empty and without indexes."""
        connection.execute(self(_TABLES))

    def finish(self, connection: Connection) -> None:
        """Add indexes once they are filled, and let the planner know what is in them."""
        connection.execute(self(_INDEXES))
        if has_trigrams(connection):
            connection.execute(self("CREATE INDEX ON <surface> USING gin (surface gin_trgm_ops)"))
        for name in _NAMES:
            connection.execute(self(f"ANALYZE <{name}>"))


@dataclass(frozen=True, slots=True)
class State:
    """What the one row says.

    ``change`` grows with each change, ``made`` is how many records there were when average lengths
    and themes were taken.
    """

    generation: int
    change: int
    made: int
    averages: Mapping[str, float]

    @property
    def tables(self) -> Tables:
        """The tables in use."""
        return Tables(self.generation)

    def changed(self, averages: Mapping[str, float]) -> "State":
        """The state after one more change."""
        return replace(self, change=self.change + 1, averages=averages)


def current(connection: Connection, settings: Settings) -> State:
    """The state; raises ``IndexUnusable`` when there is none or another version made it."""
    try:
        row = connection.execute(
            f"SELECT format, analysis, generation, change, made, averages FROM {PREFIX}".encode()
        ).fetchone()
    except UndefinedTable as error:
        raise IndexUnusable("There is no search index in the database.") from error
    if row is None:
        raise IndexUnusable("There is no search index in the database.")
    if (row[0], row[1]) != (FORMAT, settings.digest()):
        raise IndexUnusable("The search index was made by another version.")
    return State(*row[2:])


def exists(connection: Connection) -> bool:
    """Whether an index was ever completed here, by whatever version."""
    found = connection.execute("SELECT to_regclass(%s)", (PREFIX,)).fetchone()
    return bool(found and found[0])


def next_generation(connection: Connection) -> int:
    """A free number for a generation; makes the one row's table."""
    connection.execute(_CURRENT.encode())
    row = connection.execute(f"SELECT generation FROM {PREFIX}".encode()).fetchone()
    return int(row[0]) + 1 if row else 1


def left_over(connection: Connection) -> list[str]:
    """The tables that no reader comes to any more."""
    rows = connection.execute(
        f"SELECT tablename FROM pg_tables, {PREFIX} WHERE schemaname = current_schema() "
        f"AND tablename ~ '^{PREFIX}_[0-9]+_' "
        f"AND NOT tablename ^@ ('{PREFIX}_' || generation || '_')".encode()
    )
    return [str(name) for (name,) in rows]


def swap(connection: Connection, state: State, settings: Settings) -> None:
    """Let the one row say ``state``: readers go there when this is committed."""
    connection.execute(f"DELETE FROM {PREFIX}".encode())
    row = (
        FORMAT,
        settings.digest(),
        state.generation,
        state.change,
        state.made,
        json.dumps(dict(state.averages)),
    )
    connection.execute(
        f"INSERT INTO {PREFIX} VALUES (true, %s, %s, %s, %s, %s, %s)".encode(),
        row,
    )


def has_trigrams(connection: Connection) -> bool:
    """Whether the server's trigrams can be used here."""
    found = connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'").fetchone()
    return found is not None


def allow_trigrams(connection: Connection) -> None:
    """Switch trigrams on where the server has them and lets us; else spelling does without."""
    offered = "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'"
    if has_trigrams(connection) or not connection.execute(offered).fetchone():
        return
    try:
        with connection.transaction():
            connection.execute("CREATE EXTENSION pg_trgm")
    except InsufficientPrivilege:
        return

"""The engine whose records lie in PostgreSQL: any number of web machines share one index."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from search_index.interface import (
    Answer,
    Document,
    IndexFacts,
    IndexUnusable,
    Query,
    Suggestion,
)
from search_index.postgres import asking, schema
from search_index.postgres.connecting import Connection, Server
from search_index.postgres.readers import Reader
from search_index.postgres.schema import State, Tables
from search_index.postgres.writing import Batch, clean, forget, newest
from search_index.ranking import FORMAT, Settings

T = TypeVar("T")
_ATTEMPTS = 4
_REPORT = 500
_READERS = 64
_GROWN = 100


class PostgresIndex:
    """An index in the tables of a database."""

    def __init__(self, url: str, settings: Settings | None = None, *, create: bool = False) -> None:
        """Open the index at ``url``, making an empty one only when ``create`` is set.

        Raises ``IndexUnusable`` when there is none, or another version of the engine made it.
        """
        self.settings = settings or Settings()
        self._url = url
        self._server = Server(url)
        self._guard = threading.Lock()
        self._readers: dict[tuple[int, int, frozenset[str] | None], Reader] = {}
        if create:
            with self._server.writing() as connection:
                if not schema.exists(connection):
                    fill(connection, (), self.settings)
        self._read(lambda connection, state: None)

    def _read(self, work: Callable[[Connection, State], T]) -> T:
        """What ``work`` makes of the index; tries again when a rebuild just swapped tables."""
        for attempt in range(_ATTEMPTS):
            try:
                with self._server.reading() as connection:
                    return work(connection, schema.current(connection, self.settings))
            except IndexUnusable:
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError

    def _reader(self, connection: Connection, state: State, query: Query) -> Reader:
        """Who asks; what was looked up for the same labels is remembered until a change."""
        key = (state.generation, state.change, query.audience)
        with self._guard:
            held = self._readers.get(key) if query.allowed is None else None
        reader = Reader(connection, state.tables, query, held)
        if query.allowed is None:
            with self._guard:
                if len(self._readers) >= _READERS:
                    self._readers = {}
                self._readers[key] = reader
        return reader

    def search(self, query: Query) -> Answer:
        """Answer a query; see ``interface.Index``."""

        asked = replace(query, text=clean(query.text.replace("\x00", " ")))

        def work(connection: Connection, state: State) -> Answer:
            reader = self._reader(connection, state, asked)
            return asking.search(connection, state, reader, asked, self.settings)

        return self._read(work)

    def suggest(
        self, prefix: str, *, limit: int = 8, audience: frozenset[str] | None = None
    ) -> list[Suggestion]:
        """Complete what is being typed; see ``interface.Index``."""
        return self._read(
            lambda connection, state: asking.suggest(
                connection, state.tables, prefix, limit, audience, self.settings
            )
        )

    def put(self, documents: Iterable[Document]) -> int:
        """Add or replace records in one transaction; see ``interface.Index``."""
        given = list(documents)
        with self._server.writing() as connection:
            state = schema.current(connection, self.settings)
            written = put(connection, state, given, self.settings)
            left = schema.left_over(connection)
        self._server.drop(left)
        return written

    def remove(self, ids: Iterable[int]) -> int:
        """Forget records in one transaction; see ``interface.Index``."""
        with self._server.writing() as connection:
            state = schema.current(connection, self.settings)
            removed = forget(connection, state.tables, list(ids))
            schema.swap(connection, state.changed(state.averages), self.settings)
        return removed

    def clear(self) -> None:
        """Forget everything, by swapping empty tables in."""
        rebuild(self._url, (), settings=self.settings)

    def count(self) -> int:
        """How many records there are."""
        return self._read(lambda connection, state: _count(connection, state.tables))

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Each id with its document's fingerprint."""

        def work(connection: Connection, state: State) -> list[tuple[int, str]]:
            held = state.tables("SELECT id, fingerprint FROM <record> ORDER BY id")
            return [(int(one), str(print_)) for one, print_ in connection.execute(held)]

        yield from self._read(work)

    def check(self) -> None:
        """PostgreSQL looks after its pages: whether it answers is all there is to see."""
        self.count()

    def about(self) -> IndexFacts:
        """Facts for the health page."""
        return IndexFacts("postgresql", f"{FORMAT}/{self.settings.digest()}", self.count())

    def close(self) -> None:
        """Let go of the connections."""
        self._server.close()


def rebuild(
    url: str,
    documents: Iterable[Document],
    progress: Callable[[int], None] = lambda done: None,
    settings: Settings | None = None,
) -> int:
    """Build new tables beside those at ``url`` and swap them in; return how many records.

    All in one transaction: searches go on in the old tables until it is committed, writers wait,
    and when anything fails (or the process dies) the old tables stay. Only then the old ones go.
    """
    server = Server(url)
    try:
        with server.writing() as connection:
            done = fill(connection, documents, settings or Settings(), progress)
            left = schema.left_over(connection)
        server.drop(left)
        return done
    finally:
        server.close()


def fill(
    connection: Connection,
    documents: Iterable[Document],
    settings: Settings,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Make tables of the next generation, fill them and use them; the last ones are left over."""
    schema.allow_trigrams(connection)
    batch, again = Batch(settings), list[Document]()
    for document in documents:
        if document.id in batch:
            again.append(document)
            continue
        batch.add(document)
        if not len(batch) % _REPORT:
            progress(len(batch))
    progress(len(batch))
    tables = Tables(schema.next_generation(connection))
    tables.create(connection)
    state = batch.fill(connection, tables)
    tables.finish(connection)
    schema.swap(connection, state, settings)
    if again:
        put(connection, state, again, settings)
    return len(batch)


def put(
    connection: Connection, state: State, documents: Iterable[Document], settings: Settings
) -> int:
    """Write what is newer than what is held; return how many documents were accepted."""
    given = list(documents)
    rows = connection.execute(
        state.tables("SELECT id, version FROM <record> WHERE id = ANY(%s)"),
        ([document.id for document in given],),
    )
    latest, accepted = newest(given, dict(rows.fetchall()))
    batch = Batch(settings)
    for document in latest:
        batch.add(document)
    forget(connection, state.tables, [document.id for document in latest])
    schema.swap(connection, batch.append(connection, state), settings)
    if _count(connection, state.tables) > 2 * state.made + _GROWN:
        fill(connection, held_documents(connection, state.tables), settings)
    return accepted


def _count(connection: Connection, tables: Tables) -> int:
    row = connection.execute(tables("SELECT count(*) FROM <record>")).fetchone()
    return int(row[0]) if row else 0


def held_documents(connection: Connection, tables: Tables) -> Iterator[Document]:
    """Every record as it was given."""
    with connection.cursor(name="held") as cursor:
        cursor.execute(
            tables(
                "SELECT id, version, standing, labels, codes, array(SELECT ARRAY[name, body] "
                "FROM <field> f WHERE f.id = r.id ORDER BY place) FROM <record> r ORDER BY id"
            )
        )
        for one, version, standing, labels, codes, fields in cursor:
            facets: dict[str, list[str]] = {}
            for held in codes:
                facet, _, value = held.partition("=")
                facets.setdefault(facet, []).append(value)
            yield Document(one, dict(fields), facets, frozenset(labels), standing, version)

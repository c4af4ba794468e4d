"""From documents to the rows of an index; every statistic is made by ``building``, as embedded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from search_index import text, themes
from search_index.arrays import Array
from search_index.building import Builder
from search_index.columns import Columns
from search_index.interface import Document
from search_index.postgres.connecting import Connection
from search_index.postgres.schema import State, Tables
from search_index.ranking import Settings, fingerprint
from search_index.text import fold

LAST_POSITION = 16_383


class _Row(NamedTuple):
    """A row of ``<record>`` but for its themes."""

    id: int
    version: int
    fingerprint: str
    standing: float
    labels: list[str]
    codes: list[str]
    names: list[str]


class Batch:
    """Documents on their way into tables."""

    def __init__(self, settings: Settings) -> None:
        """Start with none."""
        self._settings = settings
        self._builder = Builder(settings)
        self._rows: list[_Row] = []
        self._ids: set[int] = set()

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, one: int) -> bool:
        return one in self._ids

    def add(self, document: Document) -> None:
        """Read one document; its id must be a new one."""
        fields = {name: clean(written) for name, written in document.fields.items()}
        facets = {name: [*map(clean, values)] for name, values in document.facets.items()}
        self._builder.add(Document(document.id, fields, facets, (), document.standing))
        self._ids.add(document.id)
        names = {text.name_key(fields.get(name, "")) for name in self._settings.names}
        self._rows.append(
            _Row(
                document.id,
                document.version,
                fingerprint(document),
                document.standing,
                sorted(map(clean, document.audience)),
                sorted({code(name, value) for name in facets for value in facets[name]}),
                sorted(name for name in names if name),
            )
        )

    def fill(self, connection: Connection, tables: Tables) -> State:
        """Write everything into new tables, with average lengths and themes of their own."""
        columns = themes.fit(self._builder.columns(), self._settings)
        self._write(connection, tables, columns)
        _copy(connection, tables("COPY <surface> FROM STDIN"), _surfaces(columns))
        _copy(connection, tables("COPY <theme> FROM STDIN"), _directions(columns))
        return State(tables.generation, 0, len(self), columns.averages)

    def append(self, connection: Connection, state: State) -> State:
        """Write everything beside what is there, measured by the averages and themes in use."""
        columns = self._builder.columns(state.averages or None)
        stems = [columns.terms.at(number) for number in range(len(columns.terms))]
        placed = themes.place(columns, directions(connection, state.tables, stems))
        columns = columns.with_themes(columns.term_themes, placed)
        self._write(connection, state.tables, columns)
        found = list(_surfaces(columns))
        connection.execute(
            state.tables(
                "INSERT INTO <surface> SELECT * FROM unnest(%s::text[], %s::text[]) "
                "ON CONFLICT DO NOTHING"
            ),
            ([surface for surface, _ in found], [stem for _, stem in found]),
        )
        return state.changed(state.averages or columns.averages)

    def _write(self, connection: Connection, tables: Tables, columns: Columns) -> None:
        vectors = columns.row_themes
        rows = ((*row, vectors[at].tobytes()) for at, row in enumerate(self._rows))
        _copy(connection, tables("COPY <record> FROM STDIN"), rows)
        fields = tables("COPY <field> (id, place, name, body, tokens) FROM STDIN")
        _copy(connection, fields, _fields(columns))
        _copy(connection, tables("COPY <posting> FROM STDIN"), _postings(columns))
        _copy(connection, tables("COPY <completion> FROM STDIN"), _completions(columns))


def forget(connection: Connection, tables: Tables, ids: Sequence[int]) -> int:
    """Delete the rows of records; return how many records there were."""
    for name in ("field", "posting", "completion"):
        connection.execute(tables(f"DELETE FROM <{name}> WHERE id = ANY(%s)"), (list(ids),))
    gone = connection.execute(tables("DELETE FROM <record> WHERE id = ANY(%s)"), (list(ids),))
    return gone.rowcount


def newest(documents: Iterable[Document], held: Mapping[int, int]) -> tuple[list[Document], int]:
    """The documents to write, given the versions held by id, and how many were accepted.

    Of several with one id the last is written that no newer one stands against.
    """
    versions, latest, accepted = dict(held), dict[int, Document](), 0
    for document in documents:
        if versions.get(document.id, document.version) <= document.version:
            versions[document.id] = document.version
            latest[document.id] = document
            accepted += 1
    return list(latest.values()), accepted


def directions(connection: Connection, tables: Tables, stems: Sequence[str]) -> Array:
    """The direction of each stem among the themes, nothing for those that have none."""
    rows = connection.execute(
        tables("SELECT stem, direction FROM <theme> WHERE stem = ANY(%s)"), (list(stems),)
    ).fetchall()
    held = {stem: np.frombuffer(direction, np.float16) for stem, direction in rows}
    count = connection.execute(
        tables("SELECT octet_length(direction) / 2 FROM <theme> LIMIT 1")
    ).fetchone()
    found = np.zeros((len(stems), count[0] if count else 0), dtype=np.float16)
    for number, stem in enumerate(stems):
        if stem in held:
            found[number] = held[stem]
    return found


def clean(written: str) -> str:
    """A text that the server can hold, of the same length."""
    return written.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def code(facet: str, value: str) -> str:
    """A facet value as one text."""
    return clean(f"{facet}={value}")


def quoted(stem: str) -> str:
    """A stem as a ``tsvector`` or ``tsquery`` writes it."""
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"


def _copy(connection: Connection, statement: bytes, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _stems(columns: Columns) -> list[str]:
    return [columns.terms.at(number) for number in range(len(columns.terms))]


def _fields(columns: Columns) -> Iterator[tuple[int, int, str, str, str]]:
    """Each field of each record with its stems and where they stand."""
    lexemes = [quoted(stem) for stem in _stems(columns)]
    ids, sections = columns.ids.tolist(), columns.sections.tolist()
    for row, one in enumerate(ids):
        for place, section in enumerate(range(sections[row], sections[row + 1])):
            held = slice(columns.token_ends[section], columns.token_ends[section + 1])
            terms = columns.surface_term[columns.token_surface[held]].tolist()
            positions = columns.token_position[held].tolist()
            tokens = " ".join(
                f"{lexemes[term]}:{position + 1}"
                for term, position in zip(terms, positions, strict=True)
                if position < LAST_POSITION
            )
            name = columns.field_names[columns.section_field[section]]
            yield one, place, name, columns.field_text(section), tokens


def _postings(columns: Columns) -> Iterator[tuple[str, int, float, list[str]]]:
    """Each stem of each record with its impact and the ways in which the record writes it."""
    sizes = np.diff(columns.token_ends)
    section_row = np.repeat(np.arange(len(columns)), np.diff(columns.sections))
    row = np.repeat(section_row, sizes)
    pairs = np.unique(columns.token_surface.astype(np.int64) * max(len(columns), 1) + row)
    surface, row = np.divmod(pairs, max(len(columns), 1))
    term = columns.surface_term[surface]
    order = np.lexsort((row, term))
    surface, row, term = surface[order], row[order], term[order]
    first = np.flatnonzero(np.diff(term * np.int64(max(len(columns), 1)) + row, prepend=-1))
    bounds = [*first.tolist(), len(surface)]
    words = [columns.surfaces.at(number) for number in range(len(columns.surfaces))]
    stems, numbers = _stems(columns), surface.tolist()
    for at, (begin, end) in enumerate(pairwise(bounds)):
        one, impact = int(columns.ids[columns.rows[at]]), float(columns.impacts[at])
        yield stems[term[begin]], one, impact, [words[n] for n in numbers[begin:end]]


def _surfaces(columns: Columns) -> Iterator[tuple[str, str]]:
    stems = _stems(columns)
    for number, term in enumerate(columns.surface_term.tolist()):
        surface = columns.surfaces.at(number)
        if surface:
            yield surface, stems[term]


def _directions(columns: Columns) -> Iterator[tuple[str, bytes]]:
    stems = _stems(columns)
    for number in np.flatnonzero(columns.term_themes.any(axis=1)).tolist():
        yield stems[number], columns.term_themes[number].tobytes()


def _completions(columns: Columns) -> Iterator[tuple[str, int, str, str, int]]:
    for number, value in enumerate(columns.complete_value.tolist()):
        shown, place = columns.shown.at(value), int(columns.shown_field[value])
        held = slice(columns.shown_row_ends[value], columns.shown_row_ends[value + 1])
        start, folded = columns.completions.at(number), fold(shown)
        for one in columns.ids[columns.shown_rows[held]].tolist():
            yield start, place, shown, folded, one

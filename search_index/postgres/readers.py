"""What one reader sees of the tables; the same rules as in ``search_index.readers``."""

from collections.abc import Iterable, Sequence
from typing import Any

from search_index import spelling, text
from search_index.interface import Query
from search_index.postgres.connecting import Connection
from search_index.postgres.schema import Tables, has_trigrams
from search_index.postgres.writing import clean, code
from search_index.ranking import idf

# So low that one error in a word of four letters is not missed; distances decide afterwards.
_ALIKE = 0.1


class Reader:
    """A reader's records and their words; what plans are made with."""

    def __init__(
        self, connection: Connection, tables: Tables, query: Query, same: "Reader | None" = None
    ) -> None:
        """``query`` names the reader by ``audience`` and ``allowed``.

        ``same`` is the same reader of the same records, whose look-ups need not be made again.
        """
        self._connection = connection
        self._tables = tables
        self.condition, self.parameters = readable(query)
        self.sees_all = self.condition == "true"
        self._frequencies: dict[str, int] = same._frequencies if same else {}
        self._nearest: dict[str, str | None] = same._nearest if same else {}
        self.records: int = same.records if same else self._count()

    def _count(self) -> int:
        return int(self._rows(f"SELECT count(*) FROM <record> r WHERE {self.condition}")[0][0])

    def _rows(self, statement: str, **parameters: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(
            self._tables(statement), self.parameters | parameters
        ).fetchall()

    def learn(self, stems: Iterable[str]) -> None:
        """Look up in one statement how many records hold each stem."""
        unknown = [stem for stem in stems if stem not in self._frequencies]
        if not unknown:
            return
        seen = "" if self.sees_all else f"JOIN <record> r USING (id) WHERE {self.condition}"
        rows = self._rows(
            "SELECT stem, count(*) FROM "
            "(SELECT stem, id FROM <posting> WHERE stem = ANY(%(stems)s)) p "
            f"{seen} GROUP BY stem",
            stems=unknown,
        )
        self._frequencies.update(dict.fromkeys(unknown, 0) | {stem: int(n) for stem, n in rows})

    def frequency(self, stem: str) -> int:
        """How many records hold a stem."""
        self.learn([stem])
        return self._frequencies[stem]

    def idf(self, stem: str) -> float:
        """How telling a stem is."""
        return idf(self.records, self.frequency(stem))

    def starting(self, prefix: str, limit: int) -> Sequence[str]:
        """The stems of known words that start with the prefix, most used first."""
        rows = self._rows(
            f"SELECT DISTINCT stem FROM <surface> s WHERE surface >= %(prefix)s "
            f"AND surface < %(end)s AND {self._held()}",
            prefix=clean(prefix),
            end=after(clean(prefix)),
        )
        stems = [stem for (stem,) in rows]
        self.learn(stems)
        return sorted(stems, key=lambda stem: (-self.frequency(stem), stem))[:limit]

    def nearest(self, word: str) -> str | None:
        """The known word closest to a mistyped one."""
        if not spelling.allowed_errors(word):
            return None
        if word not in self._nearest:
            self._nearest[word] = next(iter(self._closest(word)), None)
        return self._nearest[word]

    def alike(self, word: str, limit: int) -> Sequence[str]:
        """The stems of known words within a typing error or two, likeliest first."""
        known = self._closest(word) if spelling.allowed_errors(word) else []
        return [text.stem(one) for one in known[:limit]]

    def values(self, facet: str) -> Iterable[str]:
        """Every value of a facet."""
        start = code(facet, "")
        rows = self._rows(
            "SELECT DISTINCT value FROM <record> r, unnest(r.codes) AS value "
            f"WHERE value ^@ %(start)s AND {self.condition}",
            start=start,
        )
        return [value.removeprefix(start) for (value,) in rows]

    def _closest(self, word: str) -> list[str]:
        rows = self._alike(clean(word))
        self.learn({stem for _, stem in rows})
        return spelling.closest(word, [(surface, self.frequency(stem)) for surface, stem in rows])

    def _alike(self, word: str) -> list[tuple[str, str]]:
        """The words that may be meant, each with its stem."""
        limit = spelling.allowed_errors(word)
        trigrams = ""
        if has_trigrams(self._connection):
            self._rows(f"SELECT set_limit({_ALIKE})")
            trigrams = "AND surface %% %(word)s"
        rows = self._rows(
            f"SELECT surface, stem FROM <surface> s WHERE length(surface) BETWEEN %(least)s "
            f"AND %(most)s {trigrams} AND {self._held()}",
            word=word,
            least=len(word) - limit,
            most=len(word) + limit,
        )
        return [(surface, stem) for surface, stem in rows]

    def _held(self) -> str:
        """SQL: a record of the reader's holds the word ``s`` as written, not just its stem."""
        return (
            "EXISTS (SELECT FROM <posting> p JOIN <record> r USING (id) WHERE p.stem = s.stem "
            f"AND s.surface = ANY(p.surfaces) AND {self.condition})"
        )


def readable(query: Query) -> tuple[str, dict[str, object]]:
    """SQL for what a reader may see of ``<record> r``, with its parameters."""
    parts: list[str] = []
    parameters: dict[str, object] = {}
    if query.audience is not None:
        parts.append("r.labels && %(audience)s::text[]")
        parameters["audience"] = sorted(map(clean, query.audience))
    if query.allowed is not None:
        parts.append("r.id = ANY(%(allowed)s)")
        parameters["allowed"] = list(query.allowed)
    return " AND ".join(parts) or "true", parameters


def after(prefix: str) -> str:
    """A text that sorts after everything that starts with ``prefix``."""
    return prefix + "\U0010ffff"


def stems_of(written: str) -> set[str]:
    """Every stem and concept of a question."""
    return {token.stem for token in text.tokens(written)}

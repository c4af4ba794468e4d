"""One search over the tables: one statement finds, scores, orders and counts."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from search_index import answering, themes
from search_index.answering import FieldMatch, Scored
from search_index.conditions import All, Condition, Not, OneOf, WordSequence
from search_index.interface import Answer, Document, Hit, Query, Suggestion
from search_index.planning import Plan, plan
from search_index.postgres.connecting import Connection
from search_index.postgres.readers import Reader, after, readable, stems_of
from search_index.postgres.schema import State, Tables
from search_index.postgres.writing import clean, code, directions, quoted
from search_index.ranking import Settings
from search_index.records import analyse
from search_index.text import fold


class _Result(NamedTuple):
    """What the one statement gives: how many hits miss which filters (a bit each; 0 for none),
    the same by facet value, and the best results in order."""

    missing: list[tuple[int, int]]
    values: list[tuple[str, int, int]]
    best: list[Scored]


def search(
    connection: Connection, state: State, reader: Reader, query: Query, settings: Settings
) -> Answer:
    """Answer a query; see ``interface.Index``."""
    reader.learn(stems_of(query.text[:1000]))
    asked = plan(query, reader, settings)

    def answer(softer: Plan) -> Answer:
        return _Search(connection, state, reader, query, softer, settings).answer()

    return answering.or_nearest(query, asked, answer)


class _Search:
    """One plan followed for one query."""

    def __init__(
        self,
        connection: Connection,
        state: State,
        reader: Reader,
        query: Query,
        asked: Plan,
        settings: Settings,
    ) -> None:
        self.connection = connection
        self.tables = state.tables
        self.reader = reader
        self.query = query
        self.asked = asked
        self.settings = settings
        reader.learn(asked.stems())
        self.weights = [reader.idf(term.stem) * term.importance for term in asked.terms]
        words = sum(term.stem[0] != "#" for term in asked.terms)
        self.portion = themes.share(words, state.averages, settings)
        self.filters = {name: values for name, values in query.filters.items() if values}

    def answer(self) -> Answer:
        """The whole answer."""
        result = self._ask()
        missing = dict(result.missing)
        total = missing.get(0, 0)
        ranked = self._with_themes(result.best)
        return Answer(
            hits=tuple(self._hits(ranked[self.query.offset : self.query.last()])),
            total=total,
            facets={name: self._counts(name, result.values) for name in self.query.facets},
            suggestion=self.asked.suggestion,
            emptied_by={} if total else self._emptied_by(missing),
            understood=self.asked.understood,
        )

    def _ask(self) -> _Result:
        parameters: dict[str, object] = {
            **self.reader.parameters,
            "stems": [clean(term.stem) for term in self.asked.terms],
            "words": [quoted(clean(term.stem)) for term in self.asked.terms],
            "fields": [term.field for term in self.asked.terms],
            "weights": self.weights,
            "least": self.asked.near(self.settings) * max(self.weights, default=0.0) * (1 - 1e-9),
            "lift": self.settings.standing,
            "name": [clean(self.asked.name_key)] if self.asked.name_key else [],
            "facets": [f"{clean(name)}=" for name in self.query.facets],
            "only": None if self.query.only is None else list(self.query.only),
            "limit": self._wanted(),
        }
        conditions = list(self._conditions(parameters))
        hits = (_SCORED if self.asked.asks() else _UNSCORED).format(
            readable=" AND ".join([self.reader.condition, *conditions]),
            missing=self._missing(parameters),
        )
        statement = _STATEMENT.format(hits=hits)
        row = self.connection.execute(self.tables(statement), parameters).fetchone()
        missing, values, ids, scores, exact = row or ([], [], [], [], [])
        best = zip(ids or [], scores or [], exact or [], strict=True)
        return _Result(
            [(bits, count) for bits, count in missing or []],
            [(value, bits, count) for value, bits, count in values or []],
            [Scored(one, score, is_exact) for one, score, is_exact in best],
        )

    def _wanted(self) -> int | None:
        """How many of the best are needed: themes re-order more than are shown."""
        shown = self.query.last()
        return max(shown, themes.CANDIDATES) if shown is not None and self.portion else shown

    def _conditions(self, parameters: dict[str, object]) -> Iterator[str]:
        if self.query.only is not None:
            yield "r.id = ANY(%(only)s)"
        for condition in self.asked.required:
            yield _sql(condition, parameters)
        for condition in self.asked.excluded:
            yield f"NOT {_sql(condition, parameters)}"

    def _missing(self, parameters: dict[str, object]) -> str:
        """SQL: a bit for each filter that a record does not pass."""
        bits = ["0"]
        for number, (name, values) in enumerate(self.filters.items()):
            parameters[f"filter{number}"] = [code(name, value) for value in sorted(values)]
            bits.append(
                f"CASE WHEN r.codes && %(filter{number})s::text[] THEN 0 ELSE {1 << number} END"
            )
        return " + ".join(bits)

    def _bit(self, name: str) -> int:
        names = list(self.filters)
        return 1 << names.index(name) if name in names else 0

    def _counts(self, name: str, values: Sequence[tuple[str, int, int]]) -> dict[str, int]:
        """How many results have each value, under every filter but the facet's own."""
        counts: Counter[str] = Counter()
        start = f"{clean(name)}="
        for value, bits, count in values:
            if value.startswith(start) and not bits & ~self._bit(name):
                counts[value.removeprefix(start)] += count
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def _emptied_by(self, missing: Mapping[int, int]) -> dict[str, int]:
        """For each filter, how many results there would be without it."""
        return {name: missing.get(self._bit(name), 0) for name in self.filters}

    def _with_themes(self, best: list[Scored]) -> list[Scored]:
        """The results in their last order."""
        if not self.portion or not best:
            return best
        by_stem = {
            term.stem: weight for term, weight in zip(self.asked.terms, self.weights, strict=True)
        }
        known = directions(self.connection, self.tables, list(by_stem))
        if not known.shape[1]:
            return best
        question = themes.of_question(list(by_stem.values()), known)
        values = np.array([one.score for one in best])
        values = themes.blend(
            values, np.arange(len(best)), self._themes(best), question, self.portion, values.max()
        )
        blended = [
            one._replace(score=score) for one, score in zip(best, values.tolist(), strict=True)
        ]
        return sorted(blended, key=lambda one: (-one.exact_name, -one.score, one.id))

    def _themes(self, best: Sequence[Scored]) -> Any:
        """The vector of each result; those far down keep nothing, because nothing is added."""
        rows = self.connection.execute(
            self.tables("SELECT id, themes FROM <record> WHERE id = ANY(%s)"),
            ([one.id for one in best[: 2 * themes.CANDIDATES]],),
        ).fetchall()
        held: dict[int, bytes] = dict(rows)
        size = max((len(vector) for vector in held.values()), default=0)
        blank = bytes(size)
        whole = b"".join(held.get(one.id) or blank for one in best)
        return np.frombuffer(whole, dtype=np.int8).reshape(len(best), size)

    def _hits(self, ranked: Sequence[Scored]) -> Iterator[Hit]:
        explained = ranked[: self.query.passages] if self.asked.asks() else []
        found = self._fields([one.id for one in explained])
        idfs = {stem: self.reader.idf(stem) for stem in self.asked.stems()}
        telling = answering.weights(self.asked, idfs)
        for scored in explained:
            yield answering.hit(scored, found.get(scored.id, []), telling, self.settings)
        for scored in ranked[len(explained) :]:
            yield answering.plain_hit(scored)

    def _fields(self, ids: Sequence[int]) -> dict[int, list[FieldMatch]]:
        """By id, the fields that hold any of the stems, with where."""
        stems = self.asked.stems()
        found: dict[int, list[FieldMatch]] = {}
        if not ids or not stems:
            return found
        rows = self.connection.execute(
            self.tables(
                "SELECT id, name, body FROM <field> WHERE id = ANY(%s) AND words @@ %s::tsquery "
                "ORDER BY id, place"
            ),
            (list(ids), " | ".join(quoted(clean(stem)) for stem in sorted(stems))),
        )
        for one, name, body in rows:
            matches = analyse(Document(one, {name: body})).matches(name, stems)
            found.setdefault(one, []).append(FieldMatch(name, body, matches))
        return found


def _sql(condition: Condition, parameters: dict[str, object]) -> str:
    """SQL for whether ``<record> r`` meets a condition; values go into ``parameters``."""
    name = f"condition{len(parameters)}"
    if isinstance(condition, WordSequence):
        return _held(condition, name, parameters)
    if isinstance(condition, OneOf):
        parameters[name] = [code(condition.facet, value) for value in sorted(condition.values)]
        return f"(r.codes && %({name})s::text[])"
    if isinstance(condition, Not):
        return f"(NOT {_sql(condition.part, parameters)})"
    join = " AND " if isinstance(condition, All) else " OR "
    return f"({join.join(_sql(part, parameters) for part in condition.parts)})"


def _held(condition: WordSequence, name: str, parameters: dict[str, object]) -> str:
    parameters[name] = _as_tsquery(condition)
    within = ""
    if condition.field:
        parameters[f"{name}_field"] = clean(condition.field)
        within = f"AND f.name = %({name}_field)s "
    return (
        f"EXISTS (SELECT FROM <field> f WHERE f.id = r.id {within}"
        f"AND f.words @@ %({name})s::tsquery)"
    )


def _as_tsquery(condition: WordSequence) -> str:
    """A condition in the server's words; ``<n>`` is a distance."""
    steps = [" | ".join(quoted(clean(stem)) for stem in sorted(step)) for step in condition.steps]
    written = f"({steps[0]})"
    for step, gap, before in zip(steps[1:], condition.gaps[1:], condition.gaps, strict=False):
        written = f"({written} <{gap - before}> ({step}))"
    return written


_SCORED = """
SELECT r.id, r.codes, s.exact, s.score * (1 + %(lift)s * r.standing) AS score,
    {missing} AS missing
FROM (
    SELECT id, sum(score) AS score, sum(held) AS held, bool_or(exact) AS exact FROM (
        SELECT p.id, a.weight * p.impact AS score, a.weight AS held, false AS exact
        FROM unnest(%(stems)s::text[], %(words)s::text[], %(fields)s::text[], %(weights)s::float8[])
            AS a (stem, word, field, weight)
        JOIN <posting> p ON p.stem = a.stem
        WHERE a.field = '' OR EXISTS (
            SELECT FROM <field> f
            WHERE f.id = p.id AND f.name = a.field AND f.words @@ a.word::tsquery
        )
        UNION ALL
        SELECT id, 0, 0, true FROM <record> WHERE names && %(name)s::text[]
    ) touched GROUP BY id
) s JOIN <record> r ON r.id = s.id
WHERE (s.exact OR (s.score > 0 AND s.held >= %(least)s)) AND {readable}
"""
_UNSCORED = """
SELECT r.id, r.codes, r.names && %(name)s::text[] AS exact, r.standing::float8 AS score,
    {missing} AS missing
FROM <record> r WHERE {readable}
"""
_STATEMENT = """
WITH hit AS MATERIALIZED ({hits})
SELECT
    (SELECT jsonb_agg(jsonb_build_array(missing, records)) FROM (
        SELECT missing, count(*) AS records FROM hit GROUP BY missing) m),
    (SELECT jsonb_agg(jsonb_build_array(code, missing, records)) FROM (
        SELECT code, missing, count(*) AS records FROM hit, unnest(codes) AS code
        WHERE cardinality(%(facets)s::text[]) > 0 AND code ^@ ANY(%(facets)s)
        GROUP BY code, missing) v),
    best.ids, best.scores, best.exacts
FROM (
    SELECT array_agg(id) AS ids, array_agg(score) AS scores, array_agg(exact) AS exacts FROM (
        SELECT id, score, exact FROM hit WHERE missing = 0
        ORDER BY exact DESC, score DESC, id LIMIT %(limit)s
    ) ordered
) best
"""


def suggest(
    connection: Connection,
    tables: Tables,
    prefix: str,
    limit: int,
    audience: frozenset[str] | None,
    settings: Settings,
) -> list[Suggestion]:
    """Complete what is being typed; see ``interface.Index``."""
    start = fold(clean(prefix)).strip()
    if not start:
        return []
    condition, parameters = readable(Query(audience=audience))
    rows = connection.execute(
        tables(
            "SELECT DISTINCT ON (c.place, c.folded) c.place, c.folded, c.shown, c.id "
            "FROM <completion> c JOIN <record> r USING (id) "
            f"WHERE c.start >= %(start)s AND c.start < %(end)s AND {condition} "
            "ORDER BY c.place, c.folded, c.id"
        ),
        {**parameters, "start": start, "end": after(start)},
    ).fetchall()
    ranked = sorted(rows, key=lambda row: (not row[1].startswith(start), row[0], row[1]))
    return [
        Suggestion(shown, settings.suggest[place], one) for place, _, shown, one in ranked[:limit]
    ]

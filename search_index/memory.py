"""The engine in its slowest and plainest form: every definition followed word by word.

Used by tests as the yardstick that faster backends must equal, and for tiny collections.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from search_index import answering, spelling
from search_index.answering import FieldMatch, Scored
from search_index.completing import completions, starts_a_word
from search_index.interface import Answer, Document, Hit, IndexFacts, Query, Suggestion
from search_index.planning import Plan, plan
from search_index.ranking import FORMAT, Settings, fingerprint, idf, impact
from search_index.records import Analysed, analyse
from search_index.text import fold, stem


class MemoryIndex:
    """An index in plain dictionaries; nothing outlives it."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Start empty; ``settings`` default to the product's."""
        self.settings = settings or Settings()
        self._records: dict[int, Analysed] = {}

    def put(self, documents: Iterable[Document]) -> int:
        """Add or replace records; see ``interface.Index``."""
        written = 0
        for document in documents:
            held = self._records.get(document.id)
            if held is None or held.document.version <= document.version:
                self._records[document.id] = analyse(document)
                written += 1
        return written

    def remove(self, ids: Iterable[int]) -> int:
        """Forget records; see ``interface.Index``."""
        return sum(self._records.pop(one, None) is not None for one in ids)

    def clear(self) -> None:
        """Forget everything."""
        self._records.clear()

    def count(self) -> int:
        """How many records there are."""
        return len(self._records)

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Each id with its document's fingerprint."""
        for one, record in sorted(self._records.items()):
            yield one, fingerprint(record.document)

    def check(self) -> None:
        """Nothing is stored."""

    def about(self) -> IndexFacts:
        """Facts for the health page."""
        return IndexFacts("memory", str(FORMAT), self.count())

    def close(self) -> None:
        """Nothing to let go of."""

    def search(self, query: Query) -> Answer:
        """Answer a query; see ``interface.Index``."""
        reader = _Reader(record for record in self._records.values() if _may_read(record, query))
        asked = plan(query, reader, self.settings)

        def answer(softer: Plan) -> Answer:
            return self._answer(query, softer, reader, self._scores(query, softer, reader))

        return answering.or_nearest(query, asked, answer)

    def _answer(
        self,
        query: Query,
        asked: Plan,
        reader: "_Reader",
        scores: Mapping[int, Scored],
    ) -> Answer:
        readable = reader.records
        found = [r for r in readable if r.document.id in scores and _passes(r, query.filters)]
        ranked = sorted(
            (scores[record.document.id] for record in found),
            key=lambda scored: (-scored.exact_name, -scored.score, scored.id),
        )
        return Answer(
            hits=tuple(self._hits(query, asked, reader, ranked[query.offset : query.last()])),
            total=len(ranked),
            facets={name: _count(name, query, readable, scores) for name in query.facets},
            suggestion=asked.suggestion,
            emptied_by={} if ranked else _emptied_by(query, readable, scores),
            understood=asked.understood,
        )

    def _scores(self, query: Query, asked: Plan, reader: "_Reader") -> dict[int, Scored]:
        """The records that answer, each with its score."""
        averages = self._averages()
        telling = {term.stem: reader.idf(term.stem) for term in asked.terms}
        strongest = max((telling[t.stem] * t.importance for t in asked.terms), default=0.0)
        scores: dict[int, Scored] = {}
        for record in reader.records:
            if not _meets(record, asked) or not _is_among(record, query.only):
                continue
            score, share = self._score(record, asked, telling, averages)
            exact = bool(asked.name_key) and asked.name_key in record.name_keys(self.settings)
            if (
                exact
                or not asked.asks()
                or (score and share >= asked.near(self.settings) * strongest)
            ):
                lifted = score * (1 + self.settings.standing * record.document.standing)
                shown = lifted if asked.asks() else record.document.standing
                scores[record.document.id] = Scored(record.document.id, shown, exact)
        return scores

    def _score(
        self,
        record: Analysed,
        asked: Plan,
        telling: Mapping[str, float],
        averages: Mapping[str, float],
    ) -> tuple[float, float]:
        """The score of a record and the sum of the weights of the words it holds."""
        score = covered = 0.0
        for term in asked.terms:
            frequencies = record.frequencies.get(term.stem, {})
            if term.field and term.field not in frequencies:
                continue
            if frequencies:
                weight = telling[term.stem] * term.importance
                covered += weight
                score += weight * impact(frequencies, record.lengths, averages, self.settings)
        return score, covered

    def _averages(self) -> dict[str, float]:
        """The average length of each field over the records that have it."""
        lengths: dict[str, list[int]] = {}
        for record in self._records.values():
            for name, length in record.lengths.items():
                lengths.setdefault(name, []).append(length)
        return {name: sum(values) / len(values) for name, values in lengths.items()}

    def _hits(
        self, query: Query, asked: Plan, reader: "_Reader", ranked: Sequence[Scored]
    ) -> Iterator[Hit]:
        stems = asked.stems()
        weights = answering.weights(asked, {stem: reader.idf(stem) for stem in stems})
        for place, scored in enumerate(ranked):
            if place >= query.passages or not asked.asks():
                yield answering.plain_hit(scored)
                continue
            record = self._records[scored.id]
            fields = [
                FieldMatch(name, record.document.fields[name], record.matches(name, stems))
                for name in record.tokens
            ]
            yield answering.hit(scored, fields, weights, self.settings)

    def suggest(
        self, prefix: str, *, limit: int = 8, audience: frozenset[str] | None = None
    ) -> list[Suggestion]:
        """Complete what is being typed; see ``interface.Index``."""
        start = fold(prefix).strip()
        query = Query(audience=audience)
        found: dict[tuple[str, str], tuple[bool, Suggestion]] = {}
        for one, record in sorted(self._records.items()):
            if not start or not _may_read(record, query):
                continue
            for name, value in completions(record.document, self.settings):
                if starts_a_word(start, fold(value)):
                    inner = not fold(value).startswith(start)
                    found.setdefault((name, fold(value)), (inner, Suggestion(value, name, one)))
        order = {name: place for place, name in enumerate(self.settings.suggest)}
        ranked = sorted(found.values(), key=lambda f: (f[0], order[f[1].field], fold(f[1].text)))
        return [suggestion for _, suggestion in ranked[:limit]]


class _Reader:
    """The records that one reader may see, and their words; what plans are made with."""

    def __init__(self, records: Iterable[Analysed]) -> None:
        self.records = list(records)

    def frequency(self, stem: str) -> int:
        """How many records hold the stem."""
        return sum(stem in record.frequencies for record in self.records)

    def idf(self, stem: str) -> float:
        """How telling a stem is."""
        return idf(len(self.records), self.frequency(stem))

    def starting(self, prefix: str, limit: int) -> Sequence[str]:
        """The stems of known words that start with the prefix, most used first."""
        stems = {stem for surface, stem in self._surfaces() if surface.startswith(prefix)}
        return sorted(stems, key=lambda stem: (-self.frequency(stem), stem))[:limit]

    def nearest(self, word: str) -> str | None:
        """The known word closest to a mistyped one."""
        known = ((surface, self.frequency(stem)) for surface, stem in self._surfaces())
        return next(iter(spelling.closest(word, known)), None)

    def alike(self, word: str, limit: int) -> Sequence[str]:
        """The stems of known words within a typing error or two, likeliest first."""
        known = ((surface, self.frequency(stem)) for surface, stem in self._surfaces())
        return [stem(one) for one in spelling.closest(word, known)[:limit]]

    def values(self, facet: str) -> Iterable[str]:
        """Every value of a facet."""
        return set().union(*(record.document.facets.get(facet, ()) for record in self.records))

    def _surfaces(self) -> set[tuple[str, str]]:
        """Every word as written, folded, with its stem."""
        return set().union(*(record.surfaces for record in self.records))


def _is_among(record: Analysed, ids: Collection[int] | None) -> bool:
    return ids is None or record.document.id in ids


def _may_read(record: Analysed, query: Query) -> bool:
    document = record.document
    labelled = query.audience is None or bool(query.audience & set(document.audience))
    return labelled and _is_among(record, query.allowed)


def _meets(record: Analysed, asked: Plan) -> bool:
    return all(record.meets(condition) for condition in asked.required) and not any(
        record.meets(condition) for condition in asked.excluded
    )


def _passes(record: Analysed, filters: Mapping[str, frozenset[str]], but: str = "") -> bool:
    return all(
        name == but or not chosen or bool(chosen & set(record.document.facets.get(name, ())))
        for name, chosen in filters.items()
    )


def _count(
    name: str, query: Query, readable: Sequence[Analysed], scores: Mapping[int, Scored]
) -> dict[str, int]:
    """How many results have each value of a facet, under every filter but its own."""
    counts: Counter[str] = Counter()
    for record in readable:
        if record.document.id in scores and _passes(record, query.filters, but=name):
            counts.update(set(record.document.facets.get(name, ())))
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _emptied_by(
    query: Query, readable: Sequence[Analysed], scores: Mapping[int, Scored]
) -> dict[str, int]:
    """For each filter, how many results there would be without it."""
    return {
        name: sum(
            record.document.id in scores and _passes(record, query.filters, but=name)
            for record in readable
        )
        for name, chosen in query.filters.items()
        if chosen
    }

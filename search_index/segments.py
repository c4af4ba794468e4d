"""Columns as they are now: without the records that were changed or removed since."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index import spelling
from search_index.arrays import Array, encode
from search_index.columns import AUDIENCE, NO_ROWS, Columns, any_of, letter_bits, packed, spread
from search_index.interface import Query
from search_index.planning import Condition, Plan
from search_index.ranking import Settings, idf

Mask = NDArray[np.bool_]
_SPAN = 1 << 17


class Segment:
    """Columns with a note of which rows no longer count; never changed once made."""

    def __init__(
        self, columns: Columns, alive: Mask | None = None, gone: Counter[int] | None = None
    ) -> None:
        """All rows count unless ``alive`` says which; ``gone`` counts the terms of the others."""
        self.columns = columns
        self.alive: Mask = np.ones(len(columns), dtype=np.bool_) if alive is None else alive
        self.records = int(np.count_nonzero(self.alive))
        self._gone = gone or Counter[int]()

    def without(self, ids: Iterable[int]) -> "Segment":
        """The same columns with the records of these ids no longer counted."""
        found = {self.columns.row_of.get(one, -1) for one in ids}
        rows = np.array([row for row in found if row >= 0 and self.alive[row]], dtype=np.int64)
        if not len(rows):
            return self
        alive, gone = self.alive.copy(), self._gone.copy()
        alive[rows] = False
        tokens, sections = self.columns.tokens_of(rows)
        owners = np.searchsorted(self.columns.sections, sections, side="right")
        pairs = np.unique(np.stack([owners, self.columns.token_term[tokens]]), axis=1)
        gone.update(pairs[1].tolist())
        return Segment(self.columns, alive, gone)

    def frequency(self, stem: str) -> int:
        """How many records hold a stem."""
        term = self.columns.term(stem)
        if term < 0:
            return 0
        held = self.columns.postings(term)
        return int(held.stop - held.start - self._gone[term])

    def starting(self, prefix: str) -> set[str]:
        """The stems of the words that start with a prefix."""
        terms = {int(self.columns.surface_term[n]) for n in self.columns.surfaces.starting(prefix)}
        return {self.columns.terms.at(term) for term in terms}

    def near(self, word: str) -> list[tuple[str, int]]:
        """The words that may lie within the allowed errors of a word, with their counts.

        Every error changes at most two of the 32 bits that note which letters a word has.
        """
        limit = spelling.allowed_errors(word)
        letters, lengths = self.columns.surface_shapes
        wanted = np.bitwise_or.reduce(letter_bits(np.frombuffer(encode(word), dtype=np.uint8)))
        differ = np.bitwise_count(letters ^ wanted) <= 2 * limit
        close = np.abs(lengths - len(encode(word))) <= limit
        chosen = np.flatnonzero(differ & close)
        errors = spelling.distances(word, self._as_letters(chosen, len(encode(word)) + limit))
        return [
            (self.columns.surfaces.at(n), int(self.columns.surface_count[n]))
            for n in chosen[errors <= limit].tolist()
        ]

    def _as_letters(self, chosen: Array, width: int) -> Array:
        """Surfaces as rows of letters; what is not ASCII counts byte by byte."""
        columns = self.columns
        first = columns.surface_ends[chosen]
        lengths = columns.surface_ends[chosen + 1] - first
        letters = np.zeros((len(chosen), width), dtype=np.uint32)
        rows = np.repeat(np.arange(len(chosen)), lengths)
        at = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        letters[rows, at] = columns.surface_letters[spread(first, first + lengths)]
        return letters

    def readable(self, query: Query) -> Mask:
        """The rows that the reader may see."""
        mask = self.alive
        if query.audience is not None:
            labels = [self.columns.rows_with(AUDIENCE, label) for label in query.audience]
            mask = mask & any_of(len(mask), labels)
        if query.allowed is not None:
            allowed = np.fromiter(query.allowed, dtype=np.int64)
            mask = mask & np.isin(self.columns.ids, allowed)
        return mask

    def chosen(self, filters: Mapping[str, frozenset[str]]) -> dict[str, Mask]:
        """For each filter the rows that pass it."""
        return {
            name: any_of(len(self.alive), [self.columns.rows_with(name, one) for one in values])
            for name, values in filters.items()
            if values
        }

    def scores(
        self, plan: Plan, weights: Sequence[float], settings: Settings
    ) -> tuple[Array, Mask]:
        """The score of every row, and which rows hold enough of the question."""
        scores = np.zeros(len(self.alive), dtype=np.float32)
        least = settings.near * max(weights, default=0.0)
        faint: list[tuple[Array, Array, np.float32]] = []
        for term, weight in zip(plan.terms, weights, strict=True):
            rows, impacts = self._impacts(term.stem, term.field)
            if weight >= least:
                scores[rows] += np.float32(weight) * impacts
            elif len(rows):
                faint.append((rows, impacts, np.float32(weight)))
        enough = scores > 0
        if faint:
            enough |= _enough(len(scores), faint, least)
            for rows, impacts, share in faint:
                scores[rows] += share * impacts
        return scores * self._lift(settings), enough

    def _lift(self, settings: Settings) -> Array:
        lift: Array = 1 + np.float32(settings.standing) * self.columns.standing
        return lift

    def _impacts(self, stem: str, field: str) -> tuple[Array, Array]:
        columns = self.columns
        term = columns.term(stem)
        if term < 0:
            return NO_ROWS, np.empty(0, np.float32)
        held = columns.postings(term)
        rows, impacts = columns.rows[held], columns.impacts[held]
        if not field:
            return rows, impacts
        within = (columns.inside[held] & self._bit(field)) != 0
        return rows[within], impacts[within]

    def _bit(self, field: str) -> np.uint32:
        names = self.columns.field_names
        return np.uint32(1 << names.index(field)) if field in names else np.uint32(0)

    def meeting(self, condition: Condition) -> Mask:
        """The rows that hold what a condition asks."""
        steps = [
            any_of(len(self.alive), [self._impacts(stem, condition.field)[0] for stem in step])
            for step in condition.steps
        ]
        mask: Mask = np.logical_and.reduce(steps)
        if len(steps) == 1 or not mask.any():
            return mask
        return any_of(len(mask), [self._in_order(np.flatnonzero(mask), condition)])

    def _in_order(self, candidates: Array, condition: Condition) -> Array:
        """The candidates that hold the steps one after another in one field."""
        columns = self.columns
        tokens, sections = columns.tokens_of(candidates)
        if condition.field:
            wanted = columns.field_names.index(condition.field)
            inside = columns.section_field[sections] == wanted
            tokens, sections = tokens[inside], sections[inside]
        terms = columns.token_term[tokens]
        places = sections * _SPAN + columns.token_position[tokens]
        found: Array | None = None
        for step, gap in zip(condition.steps, condition.gaps, strict=True):
            numbers = [columns.term(stem) for stem in step]
            here = places[np.isin(terms, numbers)] - gap
            found = here if found is None else found[np.isin(found, here)]
        held = np.unique(found // _SPAN) if found is not None else NO_ROWS
        rows: Array = np.searchsorted(columns.sections, held, side="right") - 1
        return rows

    def named(self, key: str) -> Array:
        """The rows with exactly this name."""
        return self.columns.rows_named(key) if key else NO_ROWS

    def counts(self, facet: str, mask: Mask) -> dict[str, int]:
        """How many rows of a mask have each value of a facet."""
        columns = self.columns
        values = columns.facet_values.get(facet, [])
        if not values:
            return {}
        first = columns.value_codes[(facet, values[0])]
        counts = np.zeros(len(values), dtype=np.int64)
        lines = columns.bits_of[first : first + len(values)]
        many = lines >= 0
        if many.any():
            shared = columns.value_bits[lines[many]] & packed(mask)
            counts[many] = np.bitwise_count(shared).sum(axis=1, dtype=np.int64)
        few = np.flatnonzero(~many)
        if len(few):
            begin, end = columns.value_ends[first + few], columns.value_ends[first + few + 1]
            held = mask.view(np.uint8)[columns.held_rows[spread(begin, end)]]
            starts = np.cumsum(end - begin) - (end - begin)
            counts[few] = np.add.reduceat(held, starts, dtype=np.int64)
        return {v: c for v, c in zip(values, counts.tolist(), strict=True) if c}


def _enough(size: int, faint: Sequence[tuple[Array, Array, np.float32]], least: float) -> Mask:
    """The rows where words too weak to make a result each make one together."""
    held = np.zeros(size, dtype=np.float32)
    if sum(weight for _, _, weight in faint) < least:
        return held > 0
    for rows, _, weight in faint:
        held[rows] += weight
    return held >= least


class Snapshot:
    """All segments together, as one search sees them; what plans are made with."""

    def __init__(self, segments: Iterable[Segment], space: Columns | None) -> None:
        """``segments`` with records count; ``space`` holds the themes that all are placed in."""
        self.space = space
        self.segments = tuple(segment for segment in segments if segment.records)
        self._nearest: dict[str, str | None] = {}

    @cached_property
    def records(self) -> int:
        """How many records there are."""
        return sum(segment.records for segment in self.segments)

    def frequency(self, stem: str) -> int:
        """How many records hold a stem."""
        return sum(segment.frequency(stem) for segment in self.segments)

    def idf(self, stem: str) -> float:
        """How telling a stem is."""
        return idf(self.records, self.frequency(stem))

    def starting(self, prefix: str, limit: int) -> Sequence[str]:
        """The stems of known words that start with the prefix, most used first."""
        stems = {stem for segment in self.segments for stem in segment.starting(prefix)}
        return sorted(stems, key=lambda stem: (-self.frequency(stem), stem))[:limit]

    def nearest(self, word: str) -> str | None:
        """The known word closest to a mistyped one."""
        if not spelling.allowed_errors(word):
            return None
        if word not in self._nearest:
            counts: Counter[str] = Counter()
            for segment in self.segments:
                for known, count in segment.near(word):
                    counts[known] += count
            self._nearest[word] = spelling.nearest(word, counts.items())
        return self._nearest[word]

    def about(self) -> dict[str, Any]:
        """Sizes, for the health page."""
        return {
            "segments": len(self.segments),
            "terms": sum(len(segment.columns.terms) for segment in self.segments),
            "postings": sum(len(segment.columns.rows) for segment in self.segments),
        }

"""Columns as they are now: without the records that were changed or removed since."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from search_index import spelling
from search_index.arrays import Array, encode
from search_index.columns import AUDIENCE, NO_ROWS, Columns, any_of, letter_bits, packed, spread
from search_index.planning import Condition, Plan
from search_index.ranking import Settings

Mask = NDArray[np.bool_]
_SPAN = 1 << 17
_FIRST_LOOK = 16


class Segment:
    """Columns with a note of which rows no longer count; never changed once made."""

    def __init__(self, columns: Columns, alive: Mask | None = None) -> None:
        """All rows count unless ``alive`` says which."""
        self.columns = columns
        self.alive: Mask = np.ones(len(columns), dtype=np.bool_) if alive is None else alive
        self.records = int(np.count_nonzero(self.alive))
        self._lifts: dict[float, Array] = {}

    def without(self, ids: Iterable[int]) -> "Segment":
        """The same columns with the records of these ids no longer counted."""
        found = {self.columns.row_of.get(one, -1) for one in ids}
        rows = np.array([row for row in found if row >= 0 and self.alive[row]], dtype=np.int64)
        if not len(rows):
            return self
        alive = self.alive.copy()
        alive[rows] = False
        return Segment(self.columns, alive)

    def readable(self, audience: frozenset[str] | None, allowed: Collection[int] | None) -> Mask:
        """The rows that a reader may see; see ``interface.Query``."""
        mask = self.alive
        if audience is not None:
            labels = [self.columns.rows_with(AUDIENCE, label) for label in audience]
            mask = mask & any_of(len(mask), labels)
        return mask if allowed is None else mask & self.among(allowed)

    def among(self, ids: Collection[int]) -> Mask:
        """The rows of these ids."""
        return np.isin(self.columns.ids, np.fromiter(ids, dtype=np.int64))

    def frequency(self, stem: str, mask: Mask) -> int:
        """How many rows of a mask hold a stem."""
        term = self.columns.term(stem)
        if term < 0:
            return 0
        return int(np.count_nonzero(mask[self.columns.rows[self.columns.postings(term)]]))

    def holds(self, surface: int, mask: Mask) -> bool:
        """Whether any row of a mask holds a word as written, and not just its stem."""
        columns = self.columns
        rows = columns.rows[columns.postings(int(columns.surface_term[surface]))]
        rows = rows[mask[rows]]
        start, size = 0, _FIRST_LOOK
        while start < len(rows):
            tokens, _ = columns.tokens_of(rows[start : start + size])
            if (columns.token_surface[tokens] == surface).any():
                return True
            start, size = start + size, size * 4
        return False

    def near(self, word: str) -> list[int]:
        """The numbers of the surfaces that may lie within the allowed errors of a word.

        Every error changes at most two of the 32 bits that note which letters a word has.
        """
        limit = spelling.allowed_errors(word)
        letters, lengths = self.columns.surface_shapes
        wanted = np.bitwise_or.reduce(letter_bits(np.frombuffer(encode(word), dtype=np.uint8)))
        differ = np.bitwise_count(letters ^ wanted) <= 2 * limit
        close = np.abs(lengths - len(encode(word))) <= limit
        chosen = np.flatnonzero(differ & close)
        errors = spelling.distances(word, self._as_letters(chosen, len(encode(word)) + limit))
        return [int(number) for number in chosen[errors <= limit]]

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
        scores *= self._lift(settings.standing)
        return scores, enough

    def _lift(self, share: float) -> Array:
        """What full standing multiplies each score by."""
        if share not in self._lifts:
            self._lifts[share] = 1 + np.float32(share) * self.columns.standing
        return self._lifts[share]

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
        terms = columns.terms_of(tokens)
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

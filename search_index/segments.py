"""Columns as they are now: without the records that were changed or removed since."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index import adding, spelling
from search_index.arrays import Array, encode
from search_index.columns import AUDIENCE, NO_ROWS, Columns, any_of, letter_bits, spread
from search_index.conditions import All, Any, Condition, Not, OneOf, WordSequence
from search_index.planning import Plan
from search_index.ranking import Settings

Mask = NDArray[np.bool_]
_SPAN = 1 << 17
_FIRST_LOOK = 16
_MIN_SCORE = np.float32(1e-9)
_NOTHING = np.zeros(2, dtype=np.int32)


class Segment:
    """Columns with a note of which rows no longer count; never changed once made."""

    def __init__(self, columns: Columns, alive: Mask | None = None) -> None:
        """All rows count unless ``alive`` says which."""
        self.columns = columns
        self.alive: Mask = np.ones(len(columns), dtype=np.bool_) if alive is None else alive
        self.records = int(np.count_nonzero(self.alive))

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
        self,
        plan: Plan,
        weights: Sequence[float],
        named: Array,
        reader_lift: Array,
        settings: Settings,
    ) -> Array:
        """The score of every row: 0 where it holds too little of the question or is hidden.

        ``named`` are the rows whose name was typed, ``reader_lift`` what multiplies each score;
        it is 0 for rows that the reader may not see.
        """
        scores = np.zeros(len(reader_lift), dtype=np.float32)
        shares = np.array(weights, dtype=np.float32)
        least = plan.near(settings) * max(weights, default=0.0)
        faint: list[tuple[_Postings, Array]] = []
        for place, (term, weight) in enumerate(zip(plan.terms, weights, strict=True)):
            postings = self._postings(term.stem, term.field)
            if weight >= least:
                postings.add(scores, shares[place : place + 1])
            else:
                faint.append((postings, shares[place : place + 1]))
        if faint:
            enough = scores > 0
            if sum(weight for weight in weights if weight < least) >= least:
                enough |= _together(len(scores), faint) >= least
            enough[named] = True
            for postings, share in faint:
                postings.add(scores, share)
            scores *= enough
        if len(named):
            scores[named] = np.maximum(scores[named], _MIN_SCORE)
        scores *= reader_lift
        return scores

    def lift(self, mask: Mask, share: float) -> Array:
        """What standing multiplies the score of each row of a mask by; 0 for the others."""
        lift: Array = (1 + np.float32(share) * self.columns.standing) * mask
        return lift

    def _postings(self, stem: str, field: str) -> "_Postings":
        columns = self.columns
        term = columns.term(stem)
        ends = columns.ends[term : term + 2] if term >= 0 else _NOTHING
        if not field:
            return _Postings(ends, columns.rows, columns.impacts)
        held = slice(int(ends[0]), int(ends[1]))
        within = (columns.inside[held] & self._bit(field)) != 0
        rows, impacts = columns.rows[held][within], columns.impacts[held][within]
        return _Postings(np.array([0, len(rows)], dtype=np.int32), rows, impacts)

    def _bit(self, field: str) -> np.uint32:
        names = self.columns.field_names
        return np.uint32(1 << names.index(field)) if field in names else np.uint32(0)

    def meeting(self, condition: Condition) -> Mask:
        """The rows that hold what a condition asks."""
        match condition:
            case WordSequence():
                return self._holding(condition)
            case OneOf():
                rows = [self.columns.rows_with(condition.facet, one) for one in condition.values]
                return any_of(len(self.alive), rows)
            case All():
                return reduce(np.logical_and, [self.meeting(part) for part in condition.parts])
            case Any():
                return reduce(np.logical_or, [self.meeting(part) for part in condition.parts])
            case Not():
                return ~self.meeting(condition.part)

    def _holding(self, condition: WordSequence) -> Mask:
        steps = [
            any_of(len(self.alive), [self._postings(stem, condition.field).held() for stem in step])
            for step in condition.steps
        ]
        mask: Mask = np.logical_and.reduce(steps)
        if len(steps) == 1 or not mask.any():
            return mask
        return any_of(len(mask), [self._in_order(np.flatnonzero(mask), condition)])

    def _in_order(self, candidates: Array, condition: WordSequence) -> Array:
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

    def counts(self, facets: Sequence[str], mask: Mask) -> dict[str, dict[str, int]]:
        """How many rows of a mask have each value of some facets, the most frequent first."""
        return self.columns.tally(facets).counts(mask)


class _Postings(NamedTuple):
    """Which rows hold a stem, and its impact in each: from ``ends[0]`` to ``ends[1]``."""

    ends: Array
    rows: Array
    impacts: Array

    def held(self) -> Array:
        """The rows alone."""
        return self.rows[int(self.ends[0]) : int(self.ends[1])]

    def add(self, scores: Array, share: Array) -> None:
        """``scores[rows] += share * impacts``."""
        adding.add(scores, self.ends, self.rows, self.impacts, share)


def _together(size: int, faint: Sequence[tuple[_Postings, Array]]) -> Array:
    """For every row the sum of the weights of the words that it holds."""
    held = np.zeros(size, dtype=np.float32)
    for postings, share in faint:
        rows = postings.held()
        ends = np.array([0, len(rows)], dtype=np.int32)
        _Postings(ends, rows, np.ones(len(rows), dtype=np.float32)).add(held, share)
    return held

"""What a search reads: everything about a set of records as plain arrays.

Row numbers run from 0; a *section* is one field of one record. See ``docs/search.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

import numpy as np

from search_index import arrays
from search_index.arrays import Array, SortedStrings
from search_index.interface import IndexUnusable

NO_ROWS = np.empty(0, dtype=np.int32)
_REMEMBERED = 20_000
_REMEMBERED_TALLIES = 4
AUDIENCE = "\x00audience"


@dataclass(frozen=True)
class Columns:
    """The arrays of a set of records; made by ``building.Builder`` or mapped from disk.

    Per record: ``ids``, ``standing``. Per term (sorted): postings ``rows``, ``impacts`` and
    ``inside`` (a bit per field that holds it) from ``ends[t]`` to ``ends[t + 1]``. Per record
    ``sections``; per section its field, where its tokens and its text end. Per token its surface
    (a folded word with its stem; a concept has no word, or a mark where it is only near), where
    it starts, how long it is and its position. Per facet value ``held_rows``,
    and a line of ``value_bits`` when many records have it.
    Per term and per record a vector of themes (no columns where there are too few records).
    """

    ids: Array
    standing: Array
    term_letters: Array
    term_ends: Array
    ends: Array
    rows: Array
    impacts: Array
    inside: Array
    sections: Array
    section_field: Array
    token_ends: Array
    text_ends: Array
    texts: Array
    token_surface: Array
    token_start: Array
    token_length: Array
    token_position: Array
    surface_letters: Array
    surface_ends: Array
    surface_term: Array
    surface_near: Array
    name_keys: Array
    name_rows: Array
    value_ends: Array
    held_rows: Array
    bits_of: Array
    value_bits: Array
    complete_letters: Array
    complete_ends: Array
    complete_value: Array
    shown_letters: Array
    shown_ends: Array
    shown_field: Array
    shown_row_ends: Array
    shown_rows: Array
    field_names: tuple[str, ...]
    averages: dict[str, float]
    facet_values: dict[str, list[str]]
    term_themes: Array
    row_themes: Array

    def with_themes(self, term_themes: Array, row_themes: Array) -> Self:
        """The same columns with other themes; see ``themes``."""
        return replace(self, term_themes=term_themes, row_themes=row_themes)

    def save(self, folder: Path) -> None:
        """Write everything into a new folder."""
        held = {f.name: getattr(self, f.name) for f in fields(self)}
        plain = {name: value for name, value in held.items() if isinstance(value, np.ndarray)}
        facts = {name: value for name, value in held.items() if name not in plain}
        arrays.save(folder, plain, facts)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map a folder; raises ``IndexUnusable`` when it is damaged."""
        plain, facts = arrays.load(folder)
        facts["field_names"] = tuple(facts["field_names"])
        try:
            columns = cls(**{**plain, **facts})
        except TypeError as error:
            raise IndexUnusable("The columns of the search index are damaged.") from error
        columns._check()
        return columns

    def _check(self) -> None:
        """Scores are added up without a look at each row number, so all are looked at once."""
        ends, rows = self.ends, self.rows
        sound = len(ends) == len(self.term_ends) and not ends[0] and ends[-1] == len(rows)
        sound = sound and len(rows) == len(self.impacts) and bool((ends[:-1] <= ends[1:]).all())
        if not sound or (len(rows) and not 0 <= rows.min() <= rows.max() < len(self)):
            raise IndexUnusable("The columns of the search index are damaged.")

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def terms(self) -> SortedStrings:
        """The stems, sorted."""
        return SortedStrings(self.term_letters, self.term_ends)

    @cached_property
    def surfaces(self) -> SortedStrings:
        """Every word as written, folded, sorted; one per pair of word and stem."""
        return SortedStrings(self.surface_letters, self.surface_ends)

    @cached_property
    def completions(self) -> SortedStrings:
        """The folded values that can complete what is typed, from each of their words on."""
        return SortedStrings(self.complete_letters, self.complete_ends)

    @cached_property
    def shown(self) -> SortedStrings:
        """The values as written."""
        return SortedStrings(self.shown_letters, self.shown_ends)

    @cached_property
    def value_codes(self) -> dict[tuple[str, str], int]:
        """The number of each value of each facet."""
        pairs = ((name, value) for name, values in self.facet_values.items() for value in values)
        return {pair: code for code, pair in enumerate(pairs)}

    @cached_property
    def row_of(self) -> dict[int, int]:
        """The row of each id."""
        return {int(one): row for row, one in enumerate(self.ids)}

    @cached_property
    def surface_shapes(self) -> tuple[Array, Array]:
        """For each surface, which letters it has (32 bits) and its length in bytes."""
        if not len(self.surface_letters):
            return np.zeros(len(self.surfaces), np.uint32), np.diff(self.surface_ends)
        bits = letter_bits(self.surface_letters)
        return np.bitwise_or.reduceat(bits, self.surface_ends[:-1]), np.diff(self.surface_ends)

    @cached_property
    def _tallies(self) -> "dict[tuple[str, ...], Tally]":
        return {}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {}

    def term(self, stem: str) -> int:
        """The number of a stem, or -1; the ones asked for lately are remembered."""
        number = self._numbers.get(stem)
        if number is None:
            if len(self._numbers) > _REMEMBERED:
                self._numbers.clear()
            number = self._numbers[stem] = self.terms.find(stem)
        return number

    def terms_of(self, tokens: Array) -> Array:
        """The term of each token."""
        held: Array = self.surface_term[self.token_surface[tokens]]
        return held

    def stem_of(self, surface: int) -> str:
        """The stem of a surface."""
        return self.terms.at(int(self.surface_term[surface]))

    def postings(self, term: int) -> slice:
        """Where the postings of a term lie."""
        return slice(int(self.ends[term]), int(self.ends[term + 1]))

    def rows_with(self, facet: str, value: str) -> Array:
        """The rows that have a value."""
        code = self.value_codes.get((facet, value), -1)
        if code < 0:
            return NO_ROWS
        return self.held_rows[self.value_ends[code] : self.value_ends[code + 1]]

    def rows_named(self, key: str) -> Array:
        """The rows that carry exactly this name, as ``text.name_key`` folds it."""
        wanted = hashed(key)
        first = last = int(self.name_keys.searchsorted(wanted))
        while last < len(self.name_keys) and self.name_keys[last] == wanted:
            last += 1
        return self.name_rows[first:last]

    def tally(self, facets: Sequence[str]) -> "Tally":
        """What it takes to count some facets; the ones asked for lately are remembered."""
        key = tuple(facets)
        found = self._tallies.get(key)
        if found is None:
            if len(self._tallies) >= _REMEMBERED_TALLIES:
                self._tallies.clear()
            found = self._tallies[key] = Tally(self, key)
        return found

    def field_text(self, section: int) -> str:
        """The text of a section."""
        start, end = self.text_ends[section], self.text_ends[section + 1]
        return self.texts[start:end].tobytes().decode("utf-8", "surrogatepass")

    def tokens_of(self, chosen: Array) -> tuple[Array, Array]:
        """The token numbers of rows, and for each the section it is in."""
        sections = spread(self.sections[chosen], self.sections[chosen + 1])
        first, last = self.token_ends[sections], self.token_ends[sections + 1]
        return spread(first, last), np.repeat(sections, last - first)


class Tally:
    """Counts the values of some facets in one pass.

    What many records have is counted as bits, what few have by looking at each of those records.
    """

    def __init__(self, columns: Columns, facets: Sequence[str]) -> None:
        """Gather the bits and the rows of every value."""
        self._values = [(name, columns.facet_values.get(name, [])) for name in facets]
        codes = np.array(
            [columns.value_codes[name, value] for name, held in self._values for value in held],
            dtype=np.int64,
        )
        lines = columns.bits_of[codes]
        self._size = len(codes)
        self._many, self._few = np.flatnonzero(lines >= 0), np.flatnonzero(lines < 0)
        self._bits = columns.value_bits[lines[self._many]]
        begin, end = columns.value_ends[codes[self._few]], columns.value_ends[codes[self._few] + 1]
        self._rows = columns.held_rows[spread(begin, end)]
        self._starts = np.cumsum(end - begin) - (end - begin)

    def counts(self, mask: "np.ndarray[Any, np.dtype[np.bool_]]") -> dict[str, dict[str, int]]:
        """How many rows of a mask have each value of each facet, the most frequent first."""
        counts = np.zeros(self._size, dtype=np.int64)
        if len(self._many):
            held = np.bitwise_count(self._bits & packed(mask))
            counts[self._many] = held.sum(axis=1, dtype=np.int64)
        if len(self._few):
            held = mask.view(np.uint8)[self._rows]
            counts[self._few] = np.add.reduceat(held, self._starts, dtype=np.int64)
        found: dict[str, dict[str, int]] = {}
        start = 0
        for name, values in self._values:
            here = counts[start : start + len(values)]
            start += len(values)
            best = np.argsort(-here, kind="stable")[: np.count_nonzero(here)]
            named = [values[place] for place in best.tolist()]
            found[name] = dict(zip(named, here[best].tolist(), strict=True))
        return found


def spread(first: Array, last: Array) -> Array:
    """The numbers of several ranges, one range after another."""
    sizes = last - first
    before = np.cumsum(sizes) - sizes
    numbers: Array = np.repeat(first - before, sizes) + np.arange(sizes.sum())
    return numbers


def hashed(key: str) -> np.uint64:
    """A name key as a number."""
    digest = blake2b(arrays.encode(key), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "big") >> 1)


def packed(mask: "np.ndarray[Any, np.dtype[np.bool_]]") -> Array:
    """A mask as bits, 64 to a number."""
    held = np.packbits(mask, bitorder="little")
    whole = np.zeros(-(-len(mask) // 64) * 8, dtype=np.uint8)
    whole[: len(held)] = held
    return whole.view(np.uint64)


def letter_bits(letters: Array) -> Array:
    """One of 32 bits for each byte."""
    bits: Array = np.left_shift(np.uint32(1), letters.astype(np.uint32) & np.uint32(31))
    return bits


def grouped(groups: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """Lists of rows as one array and the ends of each."""
    ends = np.cumsum([0, *map(len, groups)], dtype=np.int64)
    flat = [row for group in groups for row in group]
    return ends, np.array(flat, dtype=np.int32)


def any_of(size: int, chosen: Sequence[Array]) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """A mask of the rows in any of the lists."""
    mask = np.zeros(size, dtype=np.bool_)
    for rows in chosen:
        mask[rows] = True
    return mask

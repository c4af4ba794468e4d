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
from search_index.arrays import Array, Words
from search_index.interface import IndexUnusable

NO_ROWS = np.empty(0, dtype=np.int32)
_REMEMBERED = 20_000
AUDIENCE = "\x00audience"


@dataclass(frozen=True)
class Columns:
    """The arrays of a set of records; made by ``building.Builder`` or mapped from disk.

    Per record: ``ids``, ``standing``. Per term (sorted): postings ``rows``, ``impacts`` and
    ``inside`` (a bit per field that holds it) from ``ends[t]`` to ``ends[t + 1]``. Per record
    ``sections``; per section its field, where its tokens and its text end. Per token its term,
    where it starts, how long it is and its position. Per facet value ``held_rows``,
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
    token_term: Array
    token_start: Array
    token_length: Array
    token_position: Array
    surface_letters: Array
    surface_ends: Array
    surface_count: Array
    surface_term: Array
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
            return cls(**{**plain, **facts})
        except TypeError as error:
            raise IndexUnusable("The columns of the search index are damaged.") from error

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def terms(self) -> Words:
        """The stems, sorted."""
        return Words(self.term_letters, self.term_ends)

    @cached_property
    def surfaces(self) -> Words:
        """Every word as written, folded, sorted; one per pair of word and stem."""
        return Words(self.surface_letters, self.surface_ends)

    @cached_property
    def completions(self) -> Words:
        """The folded values that can complete what is typed, from each of their words on."""
        return Words(self.complete_letters, self.complete_ends)

    @cached_property
    def shown(self) -> Words:
        """The values as written."""
        return Words(self.shown_letters, self.shown_ends)

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
        if not len(self.surfaces):
            return np.empty(0, np.uint32), np.empty(0, np.int64)
        bits = letter_bits(self.surface_letters)
        return np.bitwise_or.reduceat(bits, self.surface_ends[:-1]), np.diff(self.surface_ends)

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
        first, last = np.searchsorted(self.name_keys, [wanted, wanted + np.uint64(1)])
        return self.name_rows[first:last]

    def field_text(self, section: int) -> str:
        """The text of a section."""
        start, end = self.text_ends[section], self.text_ends[section + 1]
        return self.texts[start:end].tobytes().decode("utf-8", "surrogatepass")

    def tokens_of(self, chosen: Array) -> tuple[Array, Array]:
        """The token numbers of rows, and for each the section it is in."""
        sections = spread(self.sections[chosen], self.sections[chosen + 1])
        first, last = self.token_ends[sections], self.token_ends[sections + 1]
        return spread(first, last), np.repeat(sections, last - first)


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

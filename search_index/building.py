"""From documents to columns."""

from array import array
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from search_index import text
from search_index.arrays import Array, encode, joined
from search_index.columns import AUDIENCE, Columns, grouped, hashed, packed
from search_index.completing import completions, word_starts
from search_index.interface import Document
from search_index.ranking import NEAR, Settings
from search_index.text import Token, fold

_MAX_FIELDS = 32
_MANY = 512  # more than one record in so many
_LAST_POSITION = 65_535
_MAX_TOKEN_LENGTH = 65_535
_NEARBY = "~"  # what stands for the word of a concept that is only near; "" of one that is meant


class Builder:
    """Takes documents one by one, then gives their columns."""

    def __init__(self, settings: Settings) -> None:
        """Start with no documents."""
        self._settings = settings
        self._ids = array("q")
        self._standing = array("f")
        self._sections = array("q", [0])
        self._section_field = array("B")
        self._token_ends = array("q", [0])
        self._text_ends = array("q", [0])
        self._texts = bytearray()
        self._token_surface = array("i")
        self._token_start = array("I")
        self._token_length = array("H")
        self._token_position = array("H")
        self._fields: dict[str, int] = {}
        self._surfaces: dict[tuple[str, str], int] = {}
        self._written: dict[tuple[str, str, bool], int] = {}
        self._names: list[tuple[int, int]] = []
        self._values: dict[tuple[str, str], list[int]] = {}
        self._shown: dict[tuple[str, str], list[int]] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, document: Document) -> None:
        """Read one document."""
        row = len(self._ids)
        self._ids.append(document.id)
        self._standing.append(document.standing)
        for name, written in document.fields.items():
            if written:
                self._add_section(name, written)
        self._sections.append(len(self._section_field))
        self._add_values(row, document)

    def _add_section(self, name: str, written: str) -> None:
        field = self._fields.setdefault(name, len(self._fields))
        if field >= _MAX_FIELDS:
            raise ValueError(f"more than {_MAX_FIELDS} fields")
        tokens = text.tokens(written)
        known = self._written.get
        numbers = [known((token.surface, token.stem, token.is_near)) for token in tokens]
        self._token_surface.extend(
            self._surface(token) if number is None else number
            for token, number in zip(tokens, numbers, strict=True)
        )
        self._token_start.extend([token.start for token in tokens])
        self._token_length.extend([min(t.end - t.start, _MAX_TOKEN_LENGTH) for t in tokens])
        self._token_position.extend([min(token.position, _LAST_POSITION) for token in tokens])
        self._section_field.append(field)
        self._token_ends.append(len(self._token_surface))
        self._texts += encode(written)
        self._text_ends.append(len(self._texts))

    def _surface(self, token: Token) -> int:
        """The number of a word not met before as it is written here."""
        word = fold(token.surface)
        if token.stem[0] == "#":
            word = _NEARBY if token.is_near else ""
        number = self._surfaces.setdefault((word, token.stem), len(self._surfaces))
        self._written[token.surface, token.stem, token.is_near] = number
        return number

    def _add_values(self, row: int, document: Document) -> None:
        labelled = {**document.facets, AUDIENCE: document.audience}
        for facet, values in labelled.items():
            for value in set(values):
                self._values.setdefault((facet, value), []).append(row)
        names = {text.name_key(document.fields.get(name, "")) for name in self._settings.names}
        self._names.extend((int(hashed(key)), row) for key in names if key)
        for field, value in completions(document, self._settings):
            self._shown.setdefault((field, value), []).append(row)

    def columns(self, averages: Mapping[str, float] | None = None) -> Columns:
        """Everything added so far; ``averages`` of field lengths default to its own."""
        order = sorted({stem for _, stem in self._surfaces}, key=encode)
        names = tuple(self._fields)
        parts: dict[str, Any] = {
            **self._plain(),
            **_words("term", map(encode, order)),
            **self._surface_columns({stem: number for number, stem in enumerate(order)}),
            **self._name_columns(),
            **self._value_columns(),
            **self._completion_columns(),
            "field_names": names,
            "term_themes": np.zeros((len(order), 0), dtype=np.float16),
            "row_themes": np.zeros((len(self._ids), 0), dtype=np.int8),
        }
        parts["averages"] = dict(averages) if averages else _averages(parts, names)
        return Columns(**{**parts, **_postings(parts, len(order), self._settings)})

    def _plain(self) -> dict[str, Array]:
        return {
            "ids": _numbers(self._ids, np.int64),
            "standing": _numbers(self._standing, np.float32),
            "sections": _numbers(self._sections, np.int64),
            "section_field": _numbers(self._section_field, np.uint8),
            "token_ends": _numbers(self._token_ends, np.int64),
            "text_ends": _numbers(self._text_ends, np.int64),
            "texts": np.frombuffer(bytes(self._texts), dtype=np.uint8),
            "token_start": _numbers(self._token_start, np.uint32),
            "token_length": _numbers(self._token_length, np.uint16),
            "token_position": _numbers(self._token_position, np.uint16),
        }

    def _surface_columns(self, terms: Mapping[str, int]) -> dict[str, Array]:
        ordered = sorted(self._surfaces, key=lambda pair: (encode(pair[0]), encode(pair[1])))
        renumbered = np.empty(len(ordered), dtype=np.int32)
        renumbered[[self._surfaces[pair] for pair in ordered]] = np.arange(len(ordered))
        return {
            **_words("surface", (encode(word) for word, _ in ordered)),
            "surface_term": np.array([terms[stem] for _, stem in ordered], dtype=np.int32),
            "surface_near": np.array([word == _NEARBY for word, _ in ordered], dtype=np.bool_),
            "token_surface": renumbered[_numbers(self._token_surface, np.int32)],
        }

    def _name_columns(self) -> dict[str, Array]:
        ordered = sorted(self._names)
        return {
            "name_keys": np.array([key for key, _ in ordered], dtype=np.uint64),
            "name_rows": np.array([row for _, row in ordered], dtype=np.int32),
        }

    def _value_columns(self) -> dict[str, Any]:
        ordered = sorted(self._values)
        ends, rows = grouped([self._values[pair] for pair in ordered])
        by_facet: dict[str, list[str]] = {}
        for facet, value in ordered:
            by_facet.setdefault(facet, []).append(value)
        bits = value_bits(len(self._ids), ends, rows)
        return {"value_ends": ends, "held_rows": rows, "facet_values": by_facet, **bits}

    def _completion_columns(self) -> dict[str, Array]:
        order = {name: place for place, name in enumerate(self._settings.suggest)}
        ordered = sorted(self._shown, key=lambda pair: (order[pair[0]], pair[1]))
        keys = sorted(
            (encode(start), number)
            for number, (_, value) in enumerate(ordered)
            for start in word_starts(fold(value))
        )
        ends, rows = grouped([self._shown[pair] for pair in ordered])
        return {
            **_words("complete", (key for key, _ in keys)),
            "complete_value": np.array([number for _, number in keys], dtype=np.int32),
            **_words("shown", (encode(value) for _, value in ordered)),
            "shown_field": np.array([order[field] for field, _ in ordered], dtype=np.uint8),
            "shown_row_ends": ends,
            "shown_rows": rows,
        }


def value_bits(size: int, ends: Array, rows: Array) -> dict[str, Array]:
    """For each value that many records have, one bit per record; ``bits_of`` says which line."""
    many = np.flatnonzero(np.diff(ends) * _MANY > size)
    bits_of = np.full(len(ends) - 1, -1, dtype=np.int32)
    bits_of[many] = np.arange(len(many))
    lines = np.zeros((len(many), -(-size // 64)), dtype=np.uint64)
    for line, value in enumerate(many.tolist()):
        mask = np.zeros(size, dtype=np.bool_)
        mask[rows[ends[value] : ends[value + 1]]] = True
        lines[line] = packed(mask)
    return {"bits_of": bits_of, "value_bits": lines}


def _numbers(values: "array[Any]", kind: Any) -> Array:
    return np.array(values, dtype=kind)


def _words(name: str, sorted_words: Iterable[bytes]) -> dict[str, Array]:
    letters, ends = joined(sorted_words)
    return {f"{name}_letters": letters, f"{name}_ends": ends}


def _averages(parts: Mapping[str, Array], names: tuple[str, ...]) -> dict[str, float]:
    """The average length of each field over the records that have it."""
    lengths, field = np.diff(parts["token_ends"]), parts["section_field"]
    held = {name: lengths[(field == number) & (lengths > 0)] for number, name in enumerate(names)}
    return {name: float(values.mean()) for name, values in held.items() if len(values)}


def _postings(parts: Mapping[str, Any], terms: int, settings: Settings) -> dict[str, Array]:
    """The impact of every term in every record that holds it; see ``ranking``."""
    sizes = np.diff(parts["token_ends"])
    section_row = np.repeat(np.arange(len(parts["ids"])), np.diff(parts["sections"]))
    section = np.repeat(np.arange(len(sizes)), sizes)
    # One number per (term, section), so that one sort counts how often each field holds a term.
    token_term = parts["surface_term"].astype(np.int64)[parts["token_surface"]]
    keys = token_term * max(len(sizes), 1) + section
    keys, places = np.unique(keys, return_inverse=True)
    shares = np.where(parts["surface_near"], NEAR, 1.0)
    counts = np.bincount(places, shares[parts["token_surface"]])
    term, section = np.divmod(keys, max(len(sizes), 1))
    frequency = counts * _section_factors(parts, sizes, settings)[section]
    row, field = section_row[section], parts["section_field"][section].astype(np.uint32)
    first = np.flatnonzero(np.diff(term * max(len(parts["ids"]), 1) + row, prepend=-1))
    if not len(first):
        return _no_postings(terms)
    total = np.add.reduceat(frequency, first)
    inside = np.bitwise_or.reduceat(np.left_shift(np.uint32(1), field), first)
    ends = np.concatenate(([0], np.cumsum(np.bincount(term[first], minlength=terms))))
    return {
        "ends": ends.astype(np.int32),
        "rows": row[first].astype(np.int32),
        "impacts": (total / (settings.k1 + total)).astype(np.float32),
        "inside": inside,
    }


def _section_factors(parts: Mapping[str, Any], sizes: Array, settings: Settings) -> Array:
    """What one occurrence of a word counts in each section."""
    names, averages = parts["field_names"], parts["averages"]
    chosen = [settings.of(name) for name in names]
    weight = np.array([one.weight for one in chosen])
    b = np.array([one.b for one in chosen])
    average = np.array([averages.get(name, 1.0) for name in names])
    field = parts["section_field"]
    if not len(field):
        return np.empty(0)
    return np.asarray(weight[field] / (1 - b[field] + b[field] * sizes / average[field]))


def _no_postings(terms: int) -> dict[str, Array]:
    return {
        "ends": np.zeros(terms + 1, dtype=np.int32),
        "rows": np.empty(0, dtype=np.int32),
        "impacts": np.empty(0, dtype=np.float32),
        "inside": np.empty(0, dtype=np.uint32),
    }

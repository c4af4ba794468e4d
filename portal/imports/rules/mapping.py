"""Guess what the columns and values of a file mean: by memory, by name, by what stands in them.
Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from portal.reference.rules import folded_label

NAME_LIKENESS = 86
"""Of 100: from here on a header is taken as a name that is only spelt otherwise."""
VALUE_LIKENESS = 84
VALUES_KNOWN = 0.6
"""The part of a column's values that a vocabulary must know for the column to be taken for it."""
SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Field:
    """What a column of a file may answer."""

    name: str
    label: str
    needed: str = ""
    """What to say where it is missing; empty when it may be."""
    synonyms: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    """Code and label of each value that it may have; empty when it is free."""
    is_many: bool = False
    hint: str = ""
    says_whose: bool = False
    """Whether it says whose the record is: without it a row means another."""
    is_key: bool = False
    """Whether it finds a record that is there: a row that has it needs only what it changes."""
    is_named: bool = False
    """Whether only its name tells its column, never what stands in it: a yes or a 3 means many
    things."""
    known: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The code behind each folded code, label and former label."""
    resolve: Callable[[str], str | None] | None = field(default=None, repr=False)
    """Finds the code of what `known` has not: a name that a place had before."""
    likely: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The code that other words most likely mean, folded: proposed, never taken unasked."""
    ended: Callable[[str], str] | None = field(default=None, repr=False)
    """Says of a name of what is there no longer what to name instead; "" of every other."""
    were: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What each code was called that was a choice once and is none now."""

    def code_of(self, value: str) -> str | None:
        """Return the code that a value names, None for none."""
        found = self.known.get(word(value))
        return found or (self.resolve(value) if self.resolve else None)

    def says_ended(self, value: str) -> str:
        """Return what to name instead of what is there no longer; "" where that is not so."""
        return self.ended(value) if self.ended else ""

    def label_of(self, code: str) -> str:
        """Return what a code is called, or was; the code itself where it never was a choice."""
        return dict(self.choices).get(code) or self.were.get(code, code)

    def offers(self, code: str) -> bool:
        """Whether a code is one of the choices today, or says that the value is left out."""
        return code == NOTHING or any(code == one for one, _ in self.choices)

    @property
    def may_be_left_out(self) -> bool:
        """Whether a row means the same record without its cell."""
        return not (self.needed or self.says_whose or self.is_key)

    def free(self, text: str) -> str:
        """Return what a cell that no list codes says: "" where that may be left out and is."""
        return "" if not self.needed and says_nothing(text) else text

    @property
    def is_coded(self) -> bool:
        """Whether its values come from a list."""
        return bool(self.choices)


@dataclass(frozen=True, slots=True)
class Guess:
    """Which column answers a field, and from what that is known."""

    column: int
    why: str


def word(text: str) -> str:
    """Return a header or value with what only looks different left out."""
    return folded_label(text.replace("_", " "))


def guessed(
    fields: Sequence[Field],
    header: Sequence[str],
    values: Mapping[int, Sequence[str]],
    memory: Mapping[str, str],
) -> dict[str, Guess]:
    """Return for each field the column that answers it, where one does.

    `memory` is what headers meant before ("" for nothing): it comes before every guess, unless it
    is a field that there is no more. Of the others a column with the very name comes before one
    with a like name, and that before one whose values a vocabulary knows. No column answers two
    fields.
    """
    found: dict[str, Guess] = {}
    free = {n for n, name in enumerate(header) if name}
    by_name = {one.name: one for one in fields}
    for column in sorted(free):
        meaning = memory.get(word(header[column]))
        if meaning is None or (meaning and meaning not in by_name):
            continue
        free.discard(column)
        if meaning and meaning not in found:
            found[meaning] = Guess(column, LAST_TIME)
    for guess in (_by_name, _by_part, _by_like_name):
        _take(guess(fields, header), found, free)
    _take(_by_values(fields, values), found, free)
    return found


LAST_TIME, CHOSEN = "as last time", "as you chose"
"""Why a column is taken for a field, where nothing was guessed."""

Proposals = Sequence[tuple[float, str, int, str]]
"""How sure, which field, which column, and why."""


def _take(proposals: Proposals, found: dict[str, Guess], free: set[int]) -> None:
    for _score, name, column, why in sorted(proposals, key=lambda one: -one[0]):
        if name not in found and column in free:
            found[name] = Guess(column, why)
            free.discard(column)


def remembered(
    fields: Sequence[Field], header: Sequence[str], memory: Mapping[str, str]
) -> dict[str, int]:
    """Return for each field the column that answers it without a guess: by what its header meant
    in the last file, or by the field's very name or label."""
    found: dict[str, Guess] = {}
    free = {n for n, name in enumerate(header) if name}
    _take(_by_memory(fields, header, memory), found, free)
    exact = {word(name): one.name for one in fields for name in (one.label, one.name)}
    named = [
        (1.0, exact[word(n)], at, "by its name") for at, n in enumerate(header) if word(n) in exact
    ]
    _take([one for one in named if word(header[one[2]]) not in memory], found, free)
    return {name: guess.column for name, guess in found.items()}


def _by_memory(
    fields: Sequence[Field], header: Sequence[str], memory: Mapping[str, str]
) -> Proposals:
    known = {one.name for one in fields}
    meant = ((memory.get(word(name), ""), column) for column, name in enumerate(header))
    return [(2.0, name, column, LAST_TIME) for name, column in meant if name in known]


def _names(one: Field) -> tuple[str, ...]:
    return (one.name, one.label, *one.synonyms)


def _by_name(fields: Sequence[Field], header: Sequence[str]) -> Proposals:
    called = {word(name): one.name for one in reversed(fields) for name in reversed(_names(one))}
    named = {word(one.name): one.name for one in fields}
    return [
        (2.0 if word(name) in named else 1.0, {**called, **named}[word(name)], n, "by its name")
        for n, name in enumerate(header)
        if word(name) in called
    ]


def _by_part(fields: Sequence[Field], header: Sequence[str]) -> Proposals:
    """Propose by one of several names of a column: "Website / URL", "Proven (Y/N)"."""
    parts = [(n, part) for n, name in enumerate(header) for part in _header_parts(name)]
    found = _by_name(fields, [part for _, part in parts])
    return [
        (sure, field, parts[n][0], f"by the name “{parts[n][1]}”") for sure, field, n, _ in found
    ]


def _header_parts(name: str) -> list[str]:
    return [part.strip() for part in re.split(r"[/|():,]| [-–—] ", name) if part.strip()]


def likely_table(
    sheets: Mapping[str, Sequence[tuple[int, Sequence[str]]]], fields: Sequence[Field]
) -> tuple[str, int]:
    """Return the sheet and the number of its line that most likely name the columns: with the most
    names that are known, else the first line that is filled as far as those below. `sheets` has
    the first lines of each sheet, none of them empty."""
    found = [
        (_likeness(cells, fields), _is_filled(cells, lines), -at, -number, name)
        for at, (name, lines) in enumerate(sheets.items())
        for number, cells in lines
    ]
    *_, number, name = max(found)
    return name, -number


def _likeness(cells: Sequence[str], fields: Sequence[Field]) -> int:
    """Return how many fields the cells of a line name."""
    named = (*_by_name(fields, cells), *_by_part(fields, cells))
    return len({field for _, field, _, _ in named})


def _is_filled(cells: Sequence[str], lines: Sequence[tuple[int, Sequence[str]]]) -> bool:
    most = max(sum(map(bool, others)) for _, others in lines)
    return sum(map(bool, cells)) * 2 > most


def _by_like_name(fields: Sequence[Field], header: Sequence[str]) -> Proposals:
    called = {word(name): one.name for one in reversed(fields) for name in reversed(_names(one))}
    proposals = []
    for n, name in enumerate(header):
        best = process.extractOne(
            word(name), list(called), scorer=fuzz.token_sort_ratio, score_cutoff=NAME_LIKENESS
        )
        if best is not None:
            proposals.append((best[1], called[best[0]], n, f"by a name like “{best[0]}”"))
    return proposals


def _by_values(fields: Sequence[Field], values: Mapping[int, Sequence[str]]) -> Proposals:
    proposals = []
    for column, texts in values.items():
        sample = {part for text in texts[:SAMPLE] for part in parts_of(text)}
        for one in fields:
            if not one.is_coded or one.is_named or not sample:
                continue
            share = sum(1 for text in sample if one.code_of(text)) / len(sample)
            if share >= VALUES_KNOWN:
                proposals.append((share, one.name, column, "by what stands in it"))
    return proposals


BLANK = frozenset(
    {"", "n a", "na", "none", "nil", "tbc", "tbd", "to be confirmed", "unknown", "not known"}
    | {"not applicable", "not available", "not stated", "not yet known"}
)
"""How people say, folded, that a cell has nothing."""


def says_nothing(text: str) -> bool:
    """Whether a cell only says that there is nothing: empty, a dash, "n/a", "TBC"."""
    return word(text) in BLANK


def parts_of(text: str) -> list[str]:
    """Return the values of a cell that may hold several, one on each line or with ; or | between
    them."""
    return [part for part in (p.strip() for p in re.split(r"[;|\n]", text)) if part]


def meaning_of(one: Field, value: str) -> str | None:
    """Return the code that a value most likely means, None where none is like it: "Device" has the
    words of "Medical device". It is proposed, and a person says yes. Nothing is proposed for what
    is there no longer: one of those that followed often has a part of its name."""
    exact = one.code_of(value)
    if exact is not None:
        return exact
    if one.says_ended(value):
        return None
    if word(value) in one.likely:
        return one.likely[word(value)]
    best = process.extractOne(
        word(value), list(one.known), scorer=fuzz.token_set_ratio, score_cutoff=VALUE_LIKENESS
    )
    return one.known[best[0]] if best is not None else None


def standing(
    fields: Sequence[Field], memory: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Return of what words meant (`memory`, by field; "" has headers) what they can mean today:
    what a value meant that is no choice any more is left to be asked anew."""
    by_name = {one.name: one for one in fields}
    return {
        name: {
            value: code for value, code in meant.items() if not name or by_name[name].offers(code)
        }
        for name, meant in memory.items()
        if not name or name in by_name
    }


def coded(one: Field, text: str, meanings: Mapping[str, str]) -> str:
    """Return a cell with each value replaced by its code, as far as one is known; what a person
    said that a value means comes first."""
    values = _split(one, text, meanings) if one.is_many else [text]
    codes = [_code(one, value, meanings) or value for value in values]
    return "; ".join(code for code in codes if code != NOTHING)


def completed(
    cells: Mapping[str, str], fields: Sequence[Field], said: Mapping[str, Any]
) -> dict[str, str]:
    """Return the cells of a row with what its record says (`said`, by field, in words) wherever no
    column of the file speaks of it."""
    by_name = {one.name: one for one in fields}
    rest = {
        name: coded(by_name[name], str(value), {}) if by_name[name].is_coded else str(value)
        for name, value in said.items()
        if name not in cells and value not in (None, "")
    }
    return {**rest, **cells}


NOTHING = "-"
"""The meaning of a value that is to be left out."""


LEFT_OUT = ""
"""Among the meanings of an import, the fields whose cells are left out where they do not fit."""


def _code(one: Field, value: str, meanings: Mapping[str, str]) -> str | None:
    return meanings.get(word(value)) or one.code_of(value)


def _split(one: Field, text: str, meanings: Mapping[str, str]) -> list[str]:
    """Return the values of a cell; a comma parts them too where each part is known."""
    if _code(one, text, meanings):
        return [text]
    found: list[str] = []
    for part in parts_of(text):
        commas = [piece.strip() for piece in part.split(",") if piece.strip()]
        knows_all = all(_code(one, piece, meanings) for piece in commas)
        found += commas if len(commas) > 1 and knows_all else [part]
    return found


def said_values(one: Field, texts: Sequence[str], meanings: Mapping[str, str]) -> dict[str, str]:
    """Return the values of a column of which a person said what they mean, each once in their
    order, with its code."""
    found: dict[str, tuple[str, str]] = {}
    for text in texts:
        for value in _split(one, text, meanings) if one.is_many else [text]:
            if code := meanings.get(word(value)):
                found.setdefault(word(value), (value, code))
    return dict(found.values())


def unknown_values(one: Field, texts: Sequence[str], meanings: Mapping[str, str]) -> list[str]:
    """Return the values of a column that name nothing, each once, in their order."""
    found: dict[str, str] = {}
    for text in texts:
        for value in _split(one, text, meanings) if one.is_many else [text]:
            if value and _code(one, value, meanings) is None:
                found.setdefault(word(value), value)
    return list(found.values())

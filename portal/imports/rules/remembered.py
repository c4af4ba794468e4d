"""What is remembered of an organisation's files, in words, and what of it holds no longer. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.imports.models import ImportMemory
from portal.imports.rules.mapping import NOTHING, Field

LEFT_OUT = "Left out"


@dataclass(frozen=True, slots=True)
class Remembered:
    """One header or value of an organisation's files, and what it means there."""

    id: int
    word: str
    """The header or value, folded."""
    field: str
    """The field whose value it is; "" of a header."""
    of: str
    """What it is, in words."""
    means: str
    is_ended: bool
    """Whether what it means is there no longer, so that it is asked anew."""


def ended_words_of(one: Field, code: str) -> str:
    """Return what is said of a value that meant a code which is a choice no longer."""
    return f"Before, it meant “{one.label_of(code)}”, which is in the list no longer."


def told(rows: Sequence[ImportMemory], fields: Sequence[Field]) -> list[Remembered]:
    """Return what is remembered in words, in the order of the fields, headers first."""
    by_name = {one.name: one for one in fields}
    place = {name: n for n, name in enumerate(["", *by_name])}
    ordered = sorted(rows, key=lambda row: (place.get(row.field, len(place)), row.word, row.id))
    return [
        _header(row, by_name.get(row.meaning)) if not row.field else _value(row, by_name)
        for row in ordered
    ]


def _header(row: ImportMemory, meant: Field | None) -> Remembered:
    means = meant.label if meant else row.meaning or LEFT_OUT
    is_ended = bool(row.meaning) and meant is None
    return Remembered(row.id, row.word, "", "Name of a column", means, is_ended)


def _value(row: ImportMemory, by_name: dict[str, Field]) -> Remembered:
    one = by_name.get(row.field)
    if one is None:
        return Remembered(row.id, row.word, row.field, row.field, row.meaning, is_ended=True)
    means = LEFT_OUT if row.meaning == NOTHING else one.label_of(row.meaning)
    is_ended = not one.offers(row.meaning)
    return Remembered(row.id, row.word, one.name, f"Value of: {one.label}", means, is_ended)

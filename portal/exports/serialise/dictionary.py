"""The data dictionary: every table that leaves, its columns, vocabularies and figures in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.admin.rules import noun_words
from portal.exports.rules.tables import Leaving, LeavingTable, leaving_tables

HEADER = ("table", "column", "kind", "refers_to", "meaning", "values")
KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "yes or no",
    "date": "day",
    "datetime": "moment in UTC",
    "object": "JSON object",
    "array": "JSON list",
}


@dataclass(frozen=True, slots=True)
class ColumnDescription:
    """A column in words."""

    name: str
    kind: str
    refers: str
    meaning: str
    values: str


def described(one: Leaving) -> ColumnDescription:
    """Return a column in words."""
    values = "; ".join(f"{value} ({label})" if label else value for value, label in one.choices)
    meaning = one.meaning.replace("`", "") or _by_name(one.name)
    return ColumnDescription(one.name, KINDS[one.kind], one.refers, meaning, values)


def _by_name(name: str) -> str:
    """Return what a column means whose name says all: "waiting_for" is "Waiting for"."""
    return noun_words(name.removesuffix("_id"))


def by_room() -> dict[str, list[LeavingTable]]:
    """Return the tables that leave by the room that has them, both by name."""
    found: dict[str, list[LeavingTable]] = {}
    for table in sorted(leaving_tables(), key=lambda one: (one.room, one.name)):
        found.setdefault(table.room, []).append(table)
    return found


def dictionary_rows() -> Iterator[Sequence[str]]:
    """Yield every column as a row under HEADER."""
    for tables in by_room().values():
        for table in tables:
            for one in map(described, table.columns):
                yield (table.name, one.name, one.kind, one.refers, one.meaning, one.values)

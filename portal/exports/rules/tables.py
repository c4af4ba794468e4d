"""Which tables and columns leave the portal, of which kind they are and what they mean.

A column leaves when its table does, its kind is known here, the room that has it declared its words
(`portal.personal`) as nothing hidden, and the row it refers to leaves too. All else stays.
"""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from sqlalchemy import JSON, Boolean, Column, Date, Enum, Float, Integer, Numeric, String, Table

from portal.db import Base, UTCDateTime
from portal.personal import Place, places

KINDS = (
    (Enum, "string"),
    (String, "string"),
    (Boolean, "boolean"),
    (Integer, "integer"),
    (UTCDateTime, "datetime"),
    (Date, "date"),
    (Numeric, "number"),
    (Float, "number"),
    (JSON, "object"),
)
"""The kinds of column that leave, by the names that Table Schema has for them."""
USUAL = {
    "id": "The number of the row",
    "version": "Counts how often the row was changed",
    "at": "When it was",
    "on": "On which day it was",
    "by_id": "Who did it",
    "position": "Its place in the list, the smallest first",
    "size": "In bytes",
    "attempts": "How often it was tried",
}
"""What names mean that many tables have."""
FRESH = frozenset({("user", "fs_uniquifier")})
"""Columns that stay and must not be empty: who loads an export makes them anew."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A column that leaves."""

    name: str
    kind: str
    meaning: str
    """As its model says, with its unit; "" where the name says all, which a number never does."""
    choices: tuple[tuple[str, str], ...]
    """The values that it may have, and what each is called."""
    refers: str
    """"table.column" to which it refers, "" for none."""
    is_key: bool
    is_unique: bool
    may_be_unknown: bool


@dataclass(frozen=True, slots=True)
class LeavingTable:
    """A table that leaves, with its columns that do."""

    name: str
    label: str
    room: str
    meaning: str
    columns: tuple[Leaving, ...]
    files: str
    """The room of the files that its rows name, "" for none."""

    @property
    def source(self) -> Table:
        """The table."""
        return Base.metadata.tables[self.name]

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns by which a row is known."""
        return tuple(one.name for one in self.columns if one.is_key)


def leaving_tables() -> Sequence[LeavingTable]:
    """Return every table that leaves, each after those to which it refers."""
    said = {place.table: place for place in places()}
    return [
        _leaving(table, said.get(table.name, Place(table.name)))
        for table in Base.metadata.sorted_tables
        if not stays(table.name)
    ]


def stays(table: str) -> str:
    """Return why a table stays, "" where it leaves."""
    return next((place.stays for place in places() if place.table == table), "")


def kind_of(column: Column[object]) -> str:
    """Return the kind of a column, "" for one that no export can have."""
    found = next((kind for type_, kind in KINDS if isinstance(column.type, type_)), "")
    if found == "object" and "list[" in str(_annotation(column)):
        return "array"
    return found


def _leaving(table: Table, place: Place) -> LeavingTable:
    model = model_of(table)
    return LeavingTable(
        name=table.name,
        label=place.label,
        room=model.__module__.split(".")[1] if model else _room_of(table),
        meaning=_first(inspect.getdoc(model) or "") if model else "",
        columns=tuple(_columns(table, place)),
        files=place.files,
    )


def _room_of(table: Table) -> str:
    """Return the room of a table without a class: that of the row to which it belongs."""
    key = next(iter(table.primary_key.columns))
    above = model_of(next(iter(key.foreign_keys)).column.table)
    return above.__module__.split(".")[1] if above else ""


def _columns(table: Table, place: Place) -> Iterator[Leaving]:
    docs = docs_of(table)
    for column in table.columns:
        kind = kind_of(column)
        if not kind or column.name in place.secret or _refers_to_what_stays(column):
            continue
        key = next(iter(column.foreign_keys), None)
        yield Leaving(
            name=column.name,
            kind=kind,
            meaning=docs.get(column.name) or USUAL.get(column.name, ""),
            choices=_choices(column),
            refers=f"{key.column.table.name}.{key.column.name}" if key else "",
            is_key=column.primary_key,
            is_unique=bool(column.unique),
            may_be_unknown=bool(column.nullable),
        )


def _refers_to_what_stays(column: Column[object]) -> bool:
    return any(stays(key.column.table.name) for key in column.foreign_keys)


def _choices(column: Column[object]) -> tuple[tuple[str, str], ...]:
    members = getattr(column.type, "enum_class", None) or ()
    return tuple((str(one.value), getattr(one, "label", "")) for one in members)


# Words, from the models themselves


@cache
def model_of(table: Table) -> type[Base] | None:
    """Return the class of a table, None for one that only joins two others."""
    found = (one for one in Base.registry.mappers if one.local_table is table)
    return next((one.class_ for one in found), None)


def _annotation(column: Column[object]) -> object:
    model = model_of(column.table)
    every = (vars(one).get("__annotations__", {}) for one in model.__mro__) if model else ()
    return next((said[column.name] for said in every if column.name in said), "")


@cache
def docs_of(table: Table) -> Mapping[str, str]:
    """Return what a model says below each of its columns, in one line."""
    model = model_of(table)
    above = reversed(model.__mro__) if model else ()
    ours = [one for one in above if one.__module__.startswith("portal.")]
    return {name: words for one in ours for name, words in _docs(one)}


@cache
def _classes_in(module: str) -> Mapping[str, ast.ClassDef]:
    """Return the classes of a module as they are written: `inspect.getsource` of each class would
    parse the module again for each, four seconds in all."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {one.name: one for one in tree.body if isinstance(one, ast.ClassDef)}


def _docs(model: type) -> Iterator[tuple[str, str]]:
    said = _classes_in(model.__module__).get(model.__name__)
    for node, after in pairwise(said.body if said else []):
        target = node.target if isinstance(node, ast.AnnAssign) else None
        words = after.value if isinstance(after, ast.Expr) else None
        if isinstance(target, ast.Name) and isinstance(words, ast.Constant):
            yield target.id, _first(str(words.value))


def _first(words: str) -> str:
    """Return the first paragraph of a docstring as one line."""
    return " ".join(words.strip().split("\n\n")[0].split())

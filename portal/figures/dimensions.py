"""What a dimension is: a fact by which records are counted and filtered, that a room contributes.

A room declares its dimensions in a `DimensionSet` of its own `dimensions.py`, beside what it lets a
cell count; `portal/rooms.py` names the sets once. The cross-tab, its filters, the list behind a
cell, downloads and the page of definitions read them here.

The contract is SQL: a record has one value of a dimension (`column`, correlated to the record's
table) or one in each of several rows (`rows` and `value`). Dimensions that name the same `Rows` are
facts of one row, and a cell takes all of them from one and the same row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, case

from portal.accounts.models import Actor
from portal.figures.rules import Figure
from portal.reference.models import Vocabulary

Day = date | None
"""A day that is over; None is today, of which the newest rows tell."""
Raw = int | None
"""What the database gives for a value: always a number, for those are grouped fastest."""

NONE = "none"
"""The value, in addresses, of records for which a dimension says nothing."""
ANY = "any"
"""In the address of a cell: whatever the dimension says. It tells what the number counted by."""

RECORD = "The innovation record, as submitted"
ABOUT, FOR, PROOF, SUPPORT, WHO, WHEN = GROUPS = (
    "What it is",
    "Who and what it is for",
    "Proof and use",
    "Support",
    "Who makes it",
    "When it was registered",
)
"""Headings under which people look for a dimension, in the order of pages; others come after."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a dimension: its code in addresses, its name on pages, and its place."""

    code: str
    label: str
    place: int
    members: tuple[int, ...] = ()
    """Of a group of terms: their ids."""


@dataclass(frozen=True, slots=True)
class Named:
    """One term, or one place, of a coded list."""

    id: int
    code: str
    label: str
    group: str


Lists = Mapping[str, Sequence[Named]]
"""The coded lists, each in order: by vocabulary, and "ics", "hin" and "region"."""
Values = Mapping[str, Mapping[Raw, Value]]
"""By code of the dimension and then by what the database holds; None is "no value"."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Rows as they are joined to a record in one statement."""

    table: Any
    """An alias of its own."""
    on: ColumnElement[bool]
    """Which of them are the record's."""
    key: ColumnElement[int] | None = None
    """The id of a row, where something else hangs on it that a cell may count."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A kind of rows of which a record can have several, each with one or more facts."""

    code: str
    words: str
    """What several facts of it come from, as in "one and the same engagement"."""
    join: Callable[[ColumnElement[int], Day, Values], Joined]
    """Join them to the record with this id."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing that is known of an innovation; either `column`, or `rows` and `value`."""

    code: str
    """Its name in addresses."""
    label: str
    group: str
    """The heading under which a person looks for it."""
    definition: str
    values: Callable[[Lists], Mapping[int, Value]]
    """What it can be, by what the database holds."""
    source: str = RECORD
    vocabulary: Vocabulary | None = None
    """The coded list that `values` needs, if one of those."""
    column: Callable[[Day], ColumnElement[Any]] | None = None
    """SQL over the record's table, of a dimension with one value."""
    rows: Rows | None = None
    value: Callable[[Any, Day, Values], ColumnElement[Any]] | None = None
    """SQL over the table that `rows` joined."""
    is_unique: bool = True
    """With `rows`: whether a value comes once for each record at most."""
    is_dated: bool = False
    """Whether it is answered as at the day asked for; else as the record says today."""
    is_support: bool = False
    """Whether it tells who supports a record: only staff and the record's own people know."""
    none: str = "Not recorded"
    """What a record without a value is shown as; "" where every record has one."""

    def __post_init__(self) -> None:
        """Refuse what is neither one value nor several; raises ValueError."""
        if (self.column is None) == (self.rows is None) or (self.rows is None) != (
            self.value is None
        ):
            raise ValueError(f"{self.code}: give a column, or rows and a value")

    @property
    def is_multiple(self) -> bool:
        """Whether a record can have several values, and so counts once under each."""
        return self.rows is not None


@dataclass(frozen=True, slots=True)
class CountQuery:
    """What a cell's figure is counted over."""

    actor: Actor
    cells: FromClause
    """A row for each record of a cell: `id`, `organisation_id`, and `row_id` where the figure's
    own rows are what the cell is made of."""
    day: Day
    shown: Sequence[ColumnElement[Any]]
    """What stands before the count, and is grouped by."""
    of_rows: bool = False
    """Whether `cells.row_id` is there: then count only what hangs on that row."""


@dataclass(frozen=True, slots=True)
class CellFigure:
    """A figure that a cell may count, and how."""

    figure: Figure
    count: Callable[[CountQuery], Select[Any]]
    rows: Rows | None = None
    """Whose rows what it counts hangs on: hours on an engagement."""
    is_records: bool = False
    """Whether it counts the records themselves, so that single values add up to the margin."""


@dataclass(frozen=True, slots=True)
class DimensionSet:
    """What one room contributes to cross-tabs."""

    dimensions: Sequence[Dimension] = ()
    figures: Sequence[CellFigure] = ()


_dimensions: Mapping[str, Dimension] = {}
_figures: Mapping[str, CellFigure] = {}


def register(sets: Sequence[DimensionSet]) -> None:
    """Use these sets from now on; called once, when the application is put together.

    Raises ValueError when two dimensions, or two figures, share a code.
    """
    global _dimensions, _figures  # noqa: PLW0603  # set once, at start
    known = [one for each in sets for one in each.dimensions]
    counted = [one for each in sets for one in each.figures]
    for codes in ([one.code for one in known], [one.figure.code for one in counted]):
        if len(codes) != len(set(codes)):
            raise ValueError(f"Two share a code: {sorted(codes)}")
    _dimensions = {one.code: one for one in sorted(known, key=_place)}
    _figures = {one.figure.code: one for one in counted}


def _place(one: Dimension) -> int:
    return GROUPS.index(one.group) if one.group in GROUPS else len(GROUPS)


def dimensions() -> Mapping[str, Dimension]:
    """Return every room's dimensions by code, in the order of forms and pages."""
    return _dimensions


def cell_figures() -> Mapping[str, CellFigure]:
    """Return what a cell may count by code, in the order of forms and pages."""
    return _figures


# For the rooms that contribute


def numbered(rows: Iterable[tuple[int, str, str]]) -> dict[int, Value]:
    """Return values in this order: what the database holds, code, label."""
    return {raw: Value(code, label, place) for place, (raw, code, label) in enumerate(rows)}


def from_list(name: str) -> Callable[[Lists], Mapping[int, Value]]:
    """Return the values of a dimension that are the ids of a coded list."""
    return lambda lists: numbered((one.id, one.code, one.label) for one in lists[name])


def from_members(kinds: Iterable[Any]) -> Callable[[Lists], Mapping[int, Value]]:
    """Return the values of a dimension that are the places of an enumeration's members."""
    return lambda _: numbered((place, kind.value, kind.label) for place, kind in enumerate(kinds))


def place_of(column: Any, kinds: Iterable[Any]) -> ColumnElement[Any]:
    """Return SQL for the place of an enumeration's member: groups by number are fastest."""
    return case(*((column == kind, place) for place, kind in enumerate(kinds)))


def yes(test: ColumnElement[bool]) -> ColumnElement[int]:
    """Return SQL for 1 or 0."""
    return case((test, 1), else_=0)


def yes_or_no(when: str, otherwise: str) -> Callable[[Lists], Mapping[int, Value]]:
    """Return the values of a dimension that is true or not, in words."""
    return lambda _: numbered([(1, "yes", when), (0, "no", otherwise)])

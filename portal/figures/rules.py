"""What a figure is: a defined number that rooms contribute, count and trace to its rows. Pure.

A room declares its figures, and how they are counted, in a `FigureSet` of its own `figures.py`;
`portal/rooms.py` names the sets once. Pages, downloads, frozen rows and reports read them here.
"""

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.reference.rules import Quarter

REPORT = "AHSN Network report, quarter 1 of 2021/22"
OURS = "this product's own rule"
WHOLE = ""
"""The group of a value that counts everything, whatever its group."""


class Rhythm(enum.StrEnum):
    """For which time a figure is told."""

    QUARTER = "quarter"
    """For any quarter, from dated rows."""
    TODAY = "today"
    """For this very day; a past quarter has it only if it was frozen."""
    DAY = "day"
    """As at the end of any day."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that the portal defines: its code is what frozen rows, addresses and files keep."""

    code: str
    label: str
    definition: str
    """What counts, and what does not."""
    source: str
    unit: str = ""
    rhythm: Rhythm = Rhythm.QUARTER
    is_personal: bool = False
    """Whether its groups are people: only their own HIN sees more than the whole."""
    one: str = ""
    """What one of the counted things is called, where a sentence needs it."""
    many: str = ""
    parts: int = 1
    """How many equal parts of the unit the stored number counts: 4 for quarter-hours."""
    is_crossed: bool = False
    """Whether the national team reads it as a table of networks by groups."""
    is_median: bool = False
    """Whether it is a middle value: where nothing was counted there is none, which is not 0."""
    is_support: bool = False
    """Whether it tells who supports a record: only staff and the record's own people know."""

    @property
    def is_now_only(self) -> bool:
        """Whether it tells of this very day alone."""
        return self.rhythm is Rhythm.TODAY


@dataclass(frozen=True, slots=True)
class Value:
    """One number: of a figure, of one HIN or the nation (None), of a group or the whole ("")."""

    code: str
    hin_id: int | None
    group: str
    value: float


Columns = Sequence[tuple[int | None, str]]
"""The networks in their order (None is the nation), with their names."""


def groups_of(figure: Figure, found: Sequence[Value], labels: Mapping[str, str]) -> list[str]:
    """Return the groups of a figure in the order of `labels`, the whole last."""
    groups = {one.group for one in found if one.code == figure.code}
    order = {group: place for place, group in enumerate(labels)}
    named = sorted(groups - {WHOLE}, key=lambda group: order.get(group, len(order)))
    return [*named, WHOLE] if WHOLE in groups or not named else named


@dataclass(frozen=True, slots=True)
class Period:
    """For what a set is counted: a quarter, the day on which somebody asks, and as known when."""

    quarter: Quarter
    today: date
    as_of: datetime | None = None
    """Rows entered or corrected after this moment do not count; None counts all."""

    @property
    def tells_of_today(self) -> bool:
        """Whether figures of this very day have a value: today's quarter, and while freezing."""
        return self.as_of is not None or self.is_running

    @property
    def is_running(self) -> bool:
        """Whether the quarter is the one of the day on which somebody asks."""
        return Quarter.of(self.today) == self.quarter


@dataclass(frozen=True, slots=True)
class RowsQuery:
    """Which rows behind a figure are asked for."""

    figure: Figure
    period: Period
    hin_id: int | None
    """None is every HIN."""
    group: str
    """"" is the whole."""


@dataclass(frozen=True, slots=True)
class RowsResult:
    """The rows that a figure counts, as plain lines under a header."""

    header: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class CountedRow:
    """One row that a figure counts, where a room reads its rows and counts them afterwards."""

    code: str
    hin_id: int | None
    """None is no HIN's, and the nation's alone."""
    group: str
    cells: Sequence[Any]


def rows_among(counted: Iterable[CountedRow], query: RowsQuery) -> list[Sequence[Any]]:
    """Return the cells of those counted rows that are behind a number."""
    return [
        one.cells
        for one in counted
        if one.code == query.figure.code
        and query.hin_id in (None, one.hin_id)
        and query.group in ("", one.group)
    ]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing or not settled in a quarter, to be known before it is frozen."""

    count: int
    one: str
    """What one of them is, as the words after the number: "engagement has no level"."""
    many: str
    address: str = ""
    """The page of the portal that lists them, if there is one."""

    @property
    def words(self) -> str:
        """Return it as a sentence without its full stop: "2 engagements have no level"."""
        return f"{self.count:,} {self.one if self.count == 1 else self.many}"


def no_gaps(_period: Period) -> Sequence[Gap]:
    """Return nothing: for a set that knows of nothing that could be missing."""
    return ()


@dataclass(frozen=True, slots=True)
class FigureSet:
    """The figures of one room that are counted together."""

    heading: str
    """Under which heading pages show them."""
    figures: Sequence[Figure]
    count: Callable[[Period], Iterable[Value]]
    """Return the values of all its figures, of every HIN and the nation."""
    rows: Callable[[RowsQuery], RowsResult]
    labels: Callable[[], Mapping[str, str]]
    """Return what its groups are called, in the order of pages."""
    first_day: Callable[[], date | None]
    """Return the day of the oldest row that counts."""
    gaps: Callable[[Period], Sequence[Gap]] = no_gaps
    """Return what is missing or not settled in a quarter that is to be frozen."""


_sets: Sequence[FigureSet] = ()


def register(sets: Sequence[FigureSet]) -> None:
    """Use these sets from now on; called once, when the application is put together.

    Raises ValueError when two figures share a code.
    """
    global _sets  # noqa: PLW0603  # set once, at start
    codes = [figure.code for one in sets for figure in one.figures]
    if len(codes) != len(set(codes)):
        raise ValueError(f"Two figures share a code: {sorted(codes)}")
    _sets = tuple(sets)


def sets() -> Sequence[FigureSet]:
    """Return every room's figures, in the order of pages."""
    return _sets


def set_of(code: str) -> tuple[FigureSet, Figure] | None:
    """Return the figure with this code and the set that counts it; None for an unknown code."""
    return next(
        ((one, figure) for one in _sets for figure in one.figures if figure.code == code), None
    )


def personal_codes() -> frozenset[str]:
    """Return the codes of the figures whose groups are people."""
    return frozenset(f.code for one in _sets for f in one.figures if f.is_personal)


def with_nation(values: Iterable[Value]) -> list[Value]:
    """Return the nation's values beside those of the HINs, where adding up is right."""
    sums: dict[tuple[str, str], float] = {}
    found = list(values)
    for value in found:
        key = (value.code, value.group)
        sums[key] = sums.get(key, 0) + value.value
    return found + [Value(code, None, group, v) for (code, group), v in sums.items()]

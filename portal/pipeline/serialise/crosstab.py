"""A cross-tab in the address, in words, as lines of a page and as rows of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from portal.accounts.models import Actor
from portal.errors import Invalid
from portal.figures.dimensions import (
    ANY,
    Dimension,
    Raw,
    Value,
    Values,
    cell_figures,
    dimensions,
)
from portal.figures.rules import Figure
from portal.pipeline.queries.counted import RecordFilter
from portal.pipeline.queries.crosstab import Crosstab, CrosstabQuery, Table
from portal.pipeline.serialise.notes import notes
from portal.text import folded_for_sorting
from portal.web.downloads import Cell
from portal.web.filters import Filter, Filters, Option
from portal.web.format import lower_first, nhs_date

PATH = "/pipeline/crosstab"
CELL_PATH = "/pipeline/crosstab/records"
KEEP = ("row", "column", "split", "measure", "show", "on", "empty", "sort")
SHOWN = {
    "count": "Numbers",
    "row": "Percent of the row",
    "column": "Percent of the column",
    "total": "Percent of the total",
}
HEATS = 5
MAX_SHOWN_PARTS = 12
"""Tables of a split on one page; the files have all of them."""


def dimensions_for(actor: Actor) -> list[Dimension]:
    """Return the fields that tell this reader anything: who supports what is for staff, and for
    innovators about their own records."""
    may_know = actor.is_staff or actor.is_innovator
    return [one for one in dimensions().values() if may_know or not one.is_support]


def figures_for(actor: Actor) -> list[Figure]:
    """Return the measures that this reader may know anything of."""
    may_know = actor.is_staff or actor.is_innovator
    known = [one.figure for one in cell_figures().values()]
    return [figure for figure in known if may_know or not figure.is_support]


def filters_of(
    path: str, args: MultiDict[str, str], values: Values, actor: Actor, keep: Sequence[str] = KEEP
) -> Filters:
    """Return the filters of the address: one for each field."""
    found = [
        Filter(one.code, one.label, _options(values[one.code])) for one in dimensions_for(actor)
    ]
    return Filters(path, args, [*found, _cell_filter(args, values)], keep=keep)


def filters_of_text(text: str, values: Values, actor: Actor) -> Filters:
    """Return the filters of a query string that was kept."""
    return filters_of(PATH, MultiDict(parse_qsl(text)), values, actor)


def day_of(args: Mapping[str, str]) -> date | None:
    """Return the day of an address; None for today, and for what is no day."""
    try:
        return date.fromisoformat(args.get("on", ""))
    except ValueError:
        return None


def canonical(filters: Filters, query: CrosstabQuery) -> str:
    """Return the query string to keep: the fields by name, even where they are the usual ones."""
    named = {"row": query.row, "column": query.column, "split": query.split}
    named["measure"] = query.measure
    return filters.url_with(**named, cell=None).partition("?")[2]


def _options(values: Mapping[Raw, Value]) -> list[Option]:
    unique = dict.fromkeys(sorted(values.values(), key=lambda value: value.place))
    return [Option(value.code, value.label) for value in unique]


def _cell_filter(args: MultiDict[str, str], values: Values) -> Filter:
    """Return the filter that holds the values of one cell; only those of the address."""
    options = []
    for asked in dict.fromkeys(args.getlist("cell")):
        key, _, code = asked.partition(":")
        if key not in dimensions():
            continue
        label = next((v.label for v in values[key].values() if v.code == code), None)
        if code == ANY:
            label = "any"
        if label is not None:
            options.append(Option(asked, f"{dimensions()[key].label} – {label}"))
    return Filter("cell", "Counted", options)


def narrowed_of(filters: Filters) -> RecordFilter:
    """Return what the filters of the address leave."""
    chosen = {key: codes for key, codes in filters.chosen.items() if key != "cell"}
    cell = [tuple(asked.partition(":")[::2]) for asked in filters["cell"]]
    return RecordFilter(chosen, [(key, code) for key, code in cell])


def asked_of(filters: Filters, day: date | None, actor: Actor) -> CrosstabQuery:
    """Return the cross-tab of the address; what it names and is not there gives way."""
    args = filters.args
    known = [one.code for one in dimensions_for(actor)]
    row = args.get("row", "") if args.get("row") in known else "stage"
    usual = next(code for code in ("care_setting", "stage") if code != row)
    named = args.get("measure", "")
    return CrosstabQuery(
        row=row,
        column=args.get("column", "") if args.get("column") in known else usual,
        split=args.get("split") if args.get("split") in known else None,
        measure=named if named in {one.code for one in figures_for(actor)} else "innovations",
        narrowed=narrowed_of(filters),
        day=day,
    )


def refusal(query: CrosstabQuery) -> str:
    """Say why a combination has no meaning; "" where it has one."""
    twice = [one.label for one in query.dimensions if query.dimensions.count(one) > 1]
    if twice:
        return f"Select something different in each place: {twice[0]} stands there twice"
    if query.figure.figure.is_now_only and query.past is not None:
        label = query.figure.figure.label
        return f"Select something else to count, or take the day away: {label} is known of today"
    return ""


def meaningful(query: CrosstabQuery) -> CrosstabQuery:
    """Return it; raises Invalid where the combination has no meaning."""
    if why := refusal(query):
        raise Invalid(why)
    return query


def codes_for(actor: Actor, asked_day: date | None) -> list[str]:
    """Return the codes of the figures that a list tells this reader of, as at a day."""
    asked = CrosstabQuery("", "", day=asked_day)
    return [f.code for f in figures_for(actor) if asked.past is None or not f.is_now_only]


# In words -------------------------------------------------------------------------------------


def title(query: CrosstabQuery) -> str:
    """Return "Innovations by stage of development and care setting"; a third: "for each …"."""
    row, column, *split = (lower_first(field.label) for field in query.dimensions)
    each = f", for each {split[0]}" if split else ""
    return f"{query.figure.figure.label} by {row} and {column}{each}"


def sentence(query: CrosstabQuery, filters: Filters, total: float, today: date) -> str:
    """Say what the table counts, of what, and as at which day."""
    measure = query.figure.figure
    counted = f"{total:,} {measure.one if total == 1 else measure.many}"
    filtered = [f"{lower_first(name)}: {label}" for name, label in filters.described().items()]
    where = f" with {'; '.join(filtered)}" if filtered else ""
    return f"{counted} that you may see{where}, as at {nhs_date(query.day or today)}"


def said(query: CrosstabQuery, filters: Filters, today: date) -> str:
    """Say what a view asks for, whatever it counts."""
    counted = sentence(query, filters, 2, today)
    return f"{title(query)}: those {counted.partition(' that ')[2]}"


# As lines of a page ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CellRow:
    """One number of the page."""

    text: str
    href: str | None
    heat: int
    weight: float
    """What a sort goes by."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the page: its name, its cells, and its margin at the end."""

    label: str
    cells: Sequence[CellRow]


@dataclass(frozen=True)
class Grid:
    """One table as a page shows it."""

    columns: Sequence[Value]
    lines: Sequence[Line]
    totals: Line


class Drawing:
    """Turns tables into lines, with a link for every number."""

    def __init__(self, asked: CrosstabQuery, filters: Filters) -> None:
        self.asked, self.filters = asked, filters
        args = filters.args
        self.show = args.get("show", "") if args.get("show") in SHOWN else "count"
        self.hides_empty = args.get("empty") != "show"
        self.sort = args.get("sort", "")

    @cached_property
    def _prefix(self) -> str:
        state = {k: v for k, v in self.filters.chosen.items() if v and k != "cell"}
        if self.asked.day is not None:
            state["on"] = (self.asked.day.isoformat(),)
        return urlencode(state, doseq=True)

    def _part(self, key: str, value: Value | None) -> str:
        one = dimensions()[key]
        if value is None and not one.is_support and one.rows is None:
            return ""
        return urlencode({"cell": f"{key}:{value.code if value else ANY}"})

    def grid(self, table: Table, part: Value | None = None) -> Grid:
        """Return one table as it is shown; `part` is its value of the third field."""
        rows = [r for r in table.rows if not self.hides_empty or table[r, None]]
        columns = [c for c in table.columns if not self.hides_empty or table[None, c]]
        most = max((table[r, c] for r in rows for c in columns), default=0)
        ends = {c: self._part(self.asked.column, c) for c in [*columns, None]}
        tail = self._part(self.asked.split, part) if self.asked.split else ""

        def line(row: Value | None) -> Line:
            start = (self._prefix, self._part(self.asked.row, row))
            cells = [
                self._shown(table, row, column, _cell_url(*start, ends[column], tail), most)
                for column in [*columns, None]
            ]
            return Line(row.label if row else "Total", cells)

        return Grid(columns, self._sorted([line(row) for row in rows], columns), line(None))

    def _shown(
        self, table: Table, row: Value | None, column: Value | None, href: str, most: float
    ) -> CellRow:
        count = table[row, column]
        is_cell = row is not None and column is not None
        heat = ceil(count * HEATS / most) if is_cell and most else 0
        of = {
            "count": None,
            "row": table[row, None],
            "column": table[None, column],
            "total": table.total,
        }[self.show]
        text = f"{count:,}" if of is None else percent(count, of)
        return CellRow(
            text, href if count else None, heat, count if of is None else _share(count, of)
        )

    def _sorted(self, lines: list[Line], columns: Sequence[Value]) -> list[Line]:
        codes = [*(column.code for column in columns), "total"]
        key = self.sort.removeprefix("-")
        if self.sort in {"name", "-name"}:
            return sorted(
                lines, key=lambda line: folded_for_sorting(line.label), reverse=self.sort[0] == "-"
            )
        if key not in codes:
            return lines
        place = codes.index(key)
        return sorted(lines, key=lambda x: x.cells[place].weight, reverse=self.sort[0] == "-")

    def sort_url(self, key: str) -> str:
        """Return the address of the table sorted by a column: largest first, then the other way."""
        first, second = (key, f"-{key}") if key == "name" else (f"-{key}", key)
        return self.filters.url_with(sort=second if self.sort == first else first)

    def aria(self, key: str) -> str:
        """Return the `aria-sort` of a column."""
        if self.sort.removeprefix("-") != key:
            return "none"
        return "descending" if self.sort.startswith("-") else "ascending"


def _cell_url(*parts: str) -> str:
    query = "&".join(part for part in parts if part)
    return f"{CELL_PATH}?{query}" if query else CELL_PATH


def _share(count: float, of: float) -> float:
    """Return a share; nought of nothing is nought."""
    return count / of if of else 0.0


def percent(count: float, of: float) -> str:
    """Return "12.5%"; nought of nothing is nought."""
    share = 100 * _share(count, of)
    return f"{share:.0f}%" if share in {0.0, 100.0} else f"{share:.1f}%"


def largest_parts(counted: Crosstab) -> list[tuple[Value, Table]]:
    """Return the parts of a split that the page shows: the largest, in the field's own order."""
    by_size = sorted(counted.parts, key=lambda part: -part[1].total)[:MAX_SHOWN_PARTS]
    return sorted(by_size, key=lambda part: part[0].place)


def margins(query: CrosstabQuery, counted: Crosstab) -> dict[str, float]:
    """Return the figures of an email: the total, each row and each column that is not nought."""
    table = counted.whole
    figures = {"Total": table.total}
    for place, values in ((0, table.rows), (1, table.columns)):
        field = query.dimensions[place]
        for value in values:
            count = table[value, None] if place == 0 else table[None, value]
            if count:
                figures[f"{field.label}, {value.label}"] = count
    return figures


# As rows of a file ----------------------------------------------------------------------------


def header_of(query: CrosstabQuery, counted: Crosstab) -> list[str]:
    """Return the names of the columns of a file."""
    start = [dimensions()[query.split].label] if query.split else []
    columns = [column.label for column in counted.whole.columns if counted.whole[None, column]]
    return [*start, dimensions()[query.row].label, *columns, "Total"]


def rows_of(query: CrosstabQuery, counted: Crosstab) -> list[tuple[Cell, ...]]:
    """Return counts, margins last; with a split first the whole, then each of its parts."""
    columns = [column for column in counted.whole.columns if counted.whole[None, column]]
    rows: list[tuple[Cell, ...]] = []
    for part, table in [(None, counted.whole), *counted.parts]:
        start: tuple[Cell, ...] = ((part.label if part else "All"),) if query.split else ()
        shown = [*(row for row in table.rows if table[row, None]), None]
        rows += [
            (*start, row.label if row else "Total", *(table[row, c] for c in [*columns, None]))
            for row in shown
        ]
    return rows


def about(
    query: CrosstabQuery, filters: Filters, actor: Actor, total: float, today: date
) -> dict[str, Cell]:
    """Return the first sheet: what is counted, the filters, the day, and how to read it."""
    measure = query.figure.figure
    facts: dict[str, Cell] = {
        "Table": title(query),
        "What is counted": measure.definition,
        "As at": query.day or today,
        "Total": total,
        "Counted for": actor.organisation_name or actor.name,
        **filters.described(),
    }
    return facts | {f"Note {n}": note for n, note in enumerate(notes(query, actor), 1)}

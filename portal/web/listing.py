"""A list page that declares its columns once: table, order, pages and files follow from them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar

from flask import Response
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.web.downloads import Cell, csv_stream, list_file
from portal.web.filters import Filters
from portal.web.format import nhs_date
from portal.web.paging import (
    Page,
    page_number,
    paginate,
    paginate_once,
    values_of,
    values_streamed,
)
from portal.web.sorting import Sort

Row = TypeVar("Row")
Sql = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its heading, what a row says in it, how the list is ordered by it.

    `shown` says what stands on the page where that differs from the file, `href` makes a link of
    it, `tags` follow it. A column of the page alone has `in_file=False`, one of the file alone
    `on_page=False`.
    """

    label: str
    value: Callable[[Row], Cell]
    key: str = ""
    """What the address calls the order by this column; "" for none."""
    order: Sql | None = None
    shown: Callable[[Row], str] | None = None
    href: Callable[[Row], str] | None = None
    tags: Callable[[Row], Sequence[str]] | None = None
    is_number: bool = False
    is_tag: bool = False
    on_page: bool = True
    in_file: bool = True

    def text(self, row: Row) -> str:
        """Return what the page says: the days of moments, empty for what is not known."""
        if self.shown is not None:
            return self.shown(row)
        found = self.value(row)
        if found is None:
            return ""
        return nhs_date(found) if isinstance(found, date) else str(found)

    @property
    def head(self) -> dict[str, object]:
        """Return the heading as the macro of tables takes it."""
        return {"text": self.label, "key": self.key, "numeric": self.is_number}


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """A list: what it is called, its columns, and its order when none is asked for.

    `default` is a column's key, with "-" in front for descending; `tie` is unique.
    """

    title: str
    one: str
    many: str
    columns: tuple[Column[Row], ...]
    default: str
    tie: Sql
    file_path: str = "{path}.{kind}"
    """Where the list is as a file, beside the path of its page."""
    is_costly: bool = False
    """Whether finding the rows costs much: a page finds and counts them in one statement."""
    is_long: bool = False
    """Whether there may be many thousands of rows: a CSV file is sent while they are read."""

    @property
    def shown(self) -> list[Column[Row]]:
        """Return the columns that stand on the page."""
        return [column for column in self.columns if column.on_page]

    @property
    def heads(self) -> list[dict[str, object]]:
        """Return their headings."""
        return [column.head for column in self.shown]

    def sort(self, args: Mapping[str, str]) -> Sort:
        """Return the order that the address asks for."""
        orders = {c.key: c.order for c in self.columns if c.key and c.order is not None}
        return Sort.from_query(args, orders, default=self.default, tie=self.tie)

    def on_page(
        self, session: Session, statement: Select[*tuple[Any, ...]], filters: Filters
    ) -> "ListPage[Row]":
        """Return one page of the rows of a statement, in the order that is asked for."""
        sort = self.sort(filters.args)
        cut = paginate_once if self.is_costly else paginate
        page: Page[Any] = cut(session, sort.apply(statement), page=page_number(filters.args))
        return ListPage(self, page, sort, filters)

    def file(
        self,
        kind: str,
        session: Session,
        statement: Select[*tuple[Any, ...]],
        filters: Filters,
        about: str = "",
    ) -> Response:
        """Return all rows of a statement as a file of a kind, "csv" or "xlsx", called after the
        list, in the order that is asked for.

        The caller gives the same statement as for the page, so that the same permissions hold.
        """
        is_streamed = self.is_long and kind == "csv"
        in_order = self.sort(filters.args).apply(statement)
        rows: Iterable[Row] = (values_streamed if is_streamed else values_of)(session, in_order)
        columns = [column for column in self.columns if column.in_file]
        header = [column.label for column in columns]
        cells = ([column.value(row) for column in columns] for row in rows)
        name = self.title.lower().replace(" ", "-")
        if is_streamed:
            return csv_stream(f"{name}.csv", header, cells)
        described = {"List": about or self.title, **filters.described()}
        return list_file(name, kind, header, cells, described)


@dataclass(frozen=True)
class ListPage(Generic[Row]):
    """One page of a list, for the macro `listing`."""

    listing: Listing[Row]
    page: Page[Row]
    sort: Sort
    filters: Filters

    def file_url(self, kind: str) -> str:
        """Return the address of the same list as a file."""
        path = self.listing.file_path.format(path=self.filters.path, kind=kind)
        return replace(self.filters, path=path).url_with()

"""Lists page by page: counted and cut in the database, 20 a page."""

import math
from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload
from urllib.parse import urlencode

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

T = TypeVar("T")

PER_PAGE = 20


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its items, how many there are in all, and where this page lies."""

    items: Sequence[T]
    total: int
    number: int = 1
    per_page: int = PER_PAGE

    def __iter__(self) -> Iterator[T]:
        """Iterate over the items of this page."""
        return iter(self.items)

    def __len__(self) -> int:
        """Return how many items this page holds."""
        return len(self.items)

    @property
    def pages(self) -> int:
        """Return the number of pages, at least 1."""
        return max(1, math.ceil(self.total / self.per_page))

    @property
    def first(self) -> int:
        """Return the position of the first item shown, from 1; 0 when there is none."""
        return (self.number - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Return the position of the last item shown; 0 when there is none."""
        return min(self.number * self.per_page, self.total)

    @property
    def has_previous(self) -> bool:
        """Say whether a page lies before this one."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Say whether a page lies after this one."""
        return self.number < self.pages

    def numbers(self) -> list[int | None]:
        """Return the page numbers to link: ends and neighbours, None for a gap between them."""
        near = {1, self.number - 1, self.number, self.number + 1, self.pages}
        shown = sorted(n for n in near if 1 <= n <= self.pages)
        result: list[int | None] = []
        for number in shown:
            previous = result[-1] if result else None
            if previous is not None and number - previous == 2:
                result.append(number - 1)
            elif previous is not None and number - previous > 2:
                result.append(None)
            result.append(number)
        return result


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a list in pages, for the macro of pages."""

    path: str
    args: Mapping[str, str]

    def url_with(self, page: int | None = None) -> str:
        """Return it with another page."""
        kept = {**self.args, "page": page}
        query = urlencode({name: value for name, value in kept.items() if value is not None})
        return f"{self.path}?{query}" if query else self.path


def page_number(args: Mapping[str, str], name: str = "page") -> int:
    """Return the page asked for in the query string; 1 for anything that is no page."""
    text = args.get(name, "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 9 else 1


def page_of(total: int, number: int, per_page: int = PER_PAGE) -> int:
    """Return the page to show: the one asked for, or the last when that lies beyond it."""
    return min(max(1, number), max(1, math.ceil(total / per_page)))


@overload
def paginate(
    session: Session, stmt: Select[T], *, page: int, per_page: int = PER_PAGE
) -> Page[T]: ...


@overload
def paginate(
    session: Session, stmt: Select[*tuple[Any, ...]], *, page: int, per_page: int = PER_PAGE
) -> Page[Any]: ...


def paginate(
    session: Session, stmt: Select[*tuple[Any, ...]], *, page: int, per_page: int = PER_PAGE
) -> Page[Any]:
    """Return one page of ``stmt`` in two statements: count, then the rows of that page.

    The rows are as ``values_of`` gives them. ``stmt`` must be ordered to the last tie (see
    ``sorting``), or rows may show twice or never.
    """
    counted = stmt.order_by(None).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    number = page_of(total, page, per_page)
    items = list(values_of(session, stmt.limit(per_page).offset((number - 1) * per_page)))
    return Page(items, total, number, per_page)


def paginate_once(
    session: Session, stmt: Select[*tuple[Any, ...]], *, page: int, per_page: int = PER_PAGE
) -> Page[tuple[Any, ...]]:
    """Return one page of ``stmt``, over several columns, in one statement: of one that costs much
    the rows are found once and counted beside. A page beyond the last takes ``paginate``.

    The rows are tuples with the names of the columns.
    """
    counted = stmt.add_columns(func.count().over())
    found = session.execute(counted.limit(per_page).offset((page - 1) * per_page))
    row = namedtuple("row", [*found.keys()][:-1], rename=True)  # type: ignore[misc]  # by the columns
    rows = found.all()
    if not rows and page > 1:
        return paginate(session, stmt, page=page, per_page=per_page)
    total = rows[0][-1] if rows else 0
    return Page([row(*one[:-1]) for one in rows], total, page, per_page)


def values_of(session: Session, stmt: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """Return what ``stmt`` gives, one by one: its values where it is over one entity or column,
    else its rows."""
    result = session.execute(stmt)
    return iter(result.scalars().unique() if len(stmt.column_descriptions) == 1 else result)


AT_ONCE = 1_000
"""Rows of a long list that are in memory at once."""


def values_streamed(session: Session, stmt: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """Return the same as ``values_of``, read so many at a time and then forgotten, from the first
    that is taken on; the transaction ends with the last, for the page is over by then. ``stmt``
    must load collections by `selectinload`, and give each row once."""
    try:
        result = session.execute(stmt, execution_options={"yield_per": AT_ONCE})
        yield from result.scalars() if len(stmt.column_descriptions) == 1 else result
    finally:
        session.rollback()


def cut(items: Sequence[T], number: int, per_page: int = PER_PAGE) -> Page[T]:
    """Return a page of rows that were worked out in Python, and so are all there already."""
    shown = page_of(len(items), number, per_page)
    return Page(items[(shown - 1) * per_page : shown * per_page], len(items), shown, per_page)

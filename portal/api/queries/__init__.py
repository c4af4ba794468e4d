"""Lists as programs read them: in the order of their numbers, from where the last answer ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select

from portal.db import db

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """Some rows of a list, and after which number it goes on; None at its end."""

    items: Sequence[T]
    after: int | None


def sliced(
    statement: Select[*tuple[Any, ...]], number: ColumnElement[int] | Any, after: int, limit: int
) -> Slice[Any]:
    """Return the rows of a list whose number is greater than `after`, at most `limit`: one
    statement beside those that load what belongs to the rows."""
    found = statement.where(number > after).order_by(number).limit(limit + 1)
    rows = db.session.scalars(found).unique().all()
    more = len(rows) > limit
    return Slice(rows[:limit], rows[limit - 1].id if more else None)

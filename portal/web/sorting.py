"""Sorting of lists from the query string, against a list of what may be sorted by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute

S = TypeVar("S", bound=Select[*tuple[Any, ...]])
Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Sort:
    """Which key a list is sorted by, and which way; ``columns`` is all that may be asked for."""

    columns: Mapping[str, Column]
    key: str
    descending: bool
    tie: Column

    @classmethod
    def from_query(
        cls, args: Mapping[str, str], columns: Mapping[str, Column], *, default: str, tie: Column
    ) -> "Sort":
        """Read ``sort=name`` or ``sort=-name``; anything unknown gives ``default``.

        Args:
            args: the query string.
            columns: allowed keys and the columns behind them.
            default: a key, with "-" in front for descending.
            tie: a unique column (the id), so that equal rows keep one order over all pages.
        """
        asked = args.get("sort", "")
        chosen = asked if asked.removeprefix("-") in columns else default
        return cls(columns, chosen.removeprefix("-"), chosen.startswith("-"), tie)

    @property
    def value(self) -> str:
        """Return the value for the query string that asks for this order."""
        return f"-{self.key}" if self.descending else self.key

    def apply(self, stmt: S) -> S:
        """Return ``stmt`` in this order, missing values last, ties by id."""
        column = self.columns[self.key]
        ordered = column.desc() if self.descending else column.asc()
        return stmt.order_by(None).order_by(ordered.nulls_last(), self.tie)

    def aria(self, key: str) -> str:
        """Return the ``aria-sort`` of the column ``key``: ascending, descending or none."""
        if key != self.key:
            return "none"
        return "descending" if self.descending else "ascending"

    def next_value(self, key: str) -> str:
        """Return the query value behind the header of ``key``: the other way when sorted by it."""
        return f"-{key}" if key == self.key and not self.descending else key

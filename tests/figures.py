"""Ask for the rows behind a figure by its code."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from portal.figures.rules import Period, RowsQuery, set_of
from portal.reference.rules import Quarter


def rows_behind(
    code: str,
    quarter: Quarter,
    hin_id: int | None,
    group: str,
    as_of: datetime | None,
    today: date,
) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
    """Return the header and the rows that a figure counts."""
    found = set_of(code)
    assert found is not None
    figures, figure = found
    result = figures.rows(RowsQuery(figure, Period(quarter, today, as_of), hin_id, group))
    return result.header, result.rows

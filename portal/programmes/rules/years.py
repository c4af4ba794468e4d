"""Between which days a programme runs. Pure."""

from datetime import date

from portal.db import LabelledEnum
from portal.programmes.models import Programme


class Standing(LabelledEnum):
    """Where a programme stands on a day."""

    RUNNING = "running", "Running"
    TO_COME = "to_come", "Not begun"
    ENDED = "ended", "Ended"


def year_of(day: date) -> int:
    """Return the financial year of a day, by the calendar year of its April."""
    return day.year - (day.month < 4)


def first_day(programme: Programme) -> date | None:
    """Return its first day: as it is known, else the 1 April of its first financial year."""
    if programme.begins_on or programme.from_year is None:
        return programme.begins_on
    return date(programme.from_year, 4, 1)


def last_day(programme: Programme) -> date | None:
    """Return its last day: as it is known, else the 31 March that ends its last financial year;
    None while no end is set."""
    if programme.ends_on or programme.to_year is None:
        return programme.ends_on
    return date(programme.to_year + 1, 3, 31)


def standing_on(programme: Programme, day: date) -> Standing:
    """Return where a programme stands on a day; one without years runs."""
    first, last = first_day(programme), last_day(programme)
    if last is not None and last < day:
        return Standing.ENDED
    return Standing.TO_COME if first is not None and first > day else Standing.RUNNING


def years_words(programme: Programme) -> str:
    """Return its years as people write them: "2020/21 to 2022/23", "since 2018/19"."""
    first, last = programme.from_year, programme.to_year
    if first is None:
        return ""
    if last is None:
        return f"since {year_words(first)}"
    return year_words(first) if first == last else f"{year_words(first)} to {year_words(last)}"


def year_words(year: int) -> str:
    """Return a financial year by the calendar year of its April: "2021/22"."""
    return f"{year}/{(year + 1) % 100:02d}"

"""Working days and dated validity, by themselves."""

from collections.abc import Set
from datetime import date, timedelta

SATURDAY = 5


class HolidaysMissing(LookupError):
    """A deadline reaches into a year whose bank holidays are not loaded."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"The bank holidays of {year} are not loaded: add them to "
            "portal/reference/data/bank_holidays.csv and run 'flask reference load'."
        )
        self.year = year


def is_working_day(day: date, holidays: Set[date]) -> bool:
    """Whether `day` is neither Saturday, Sunday nor a bank holiday in England."""
    return day.weekday() < SATURDAY and day not in holidays


def working_days_after(start: date, days: int, holidays: Set[date]) -> date:
    """Return the day that is `days` working days after `start`, which itself does not count.

    Raises HolidaysMissing when the count reaches a year of which `holidays` has no day: a
    deadline silently a day wrong is worse than none.
    """
    years = {holiday.year for holiday in holidays}
    day = start
    left = days
    while left:
        day += timedelta(days=1)
        if day.year not in years:
            raise HolidaysMissing(day.year)
        left -= is_working_day(day, holidays)
    return day


def working_days_between(start: date, end: date, holidays: Set[date]) -> int:
    """Return how many working days lie after `start` up to and including `end` (0 if none)."""
    days = (end - start).days
    return sum(is_working_day(start + timedelta(days=n), holidays) for n in range(1, days + 1))

"""Moments of a story: on working days, in office hours, each after the one before."""

from datetime import UTC, date, datetime, time, timedelta

from portal.clock import LONDON
from portal.demo.rules.draw import number

SATURDAY = 5
STEP = timedelta(minutes=17)


class Diary:
    """Dates the events of one story, told in days before today."""

    def __init__(self, today: date, key: str) -> None:
        self.today = today
        self._offset = timedelta(minutes=number(f"{key}:minute", 0, 150))
        self._last = datetime.min.replace(tzinfo=UTC)

    def day(self, days_ago: int) -> date:
        """Return the last working day (bank holidays aside) that is so many days ago or more."""
        day = self.today - timedelta(days=days_ago)
        return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))

    def moment(self, days_ago: int) -> datetime:
        """Return a moment of that day; what is asked for later comes later.

        Raises ValueError for today: the demo may be loaded before the offices open.
        """
        if days_ago < 1:
            raise ValueError("what happened, happened before today")
        opening = datetime.combine(self.day(days_ago), time(9, 5), LONDON) + self._offset
        self._last = max(opening.astimezone(UTC), self._last + STEP)
        return self._last

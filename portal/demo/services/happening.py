"""Let things happen on a day of a story."""

from collections.abc import Iterator
from contextlib import contextmanager

from portal.clock import clock_at
from portal.db import db
from portal.demo.rules.diary import Diary


@contextmanager
def happening(diary: Diary, days_ago: int) -> Iterator[None]:
    """Set the clock to a moment of that day, for all that is written inside."""
    with clock_at(diary.moment(days_ago)):
        yield
        db.session.flush()

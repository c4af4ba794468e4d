"""Evidence counts from the day it was published or finished; without a day, it counts.

Of a month or a year alone, `clock.PartialDate` says which day that is.
"""

from datetime import date

from sqlalchemy import ColumnElement

from portal.innovations.models import Evidence

MAX_FILES = 5
"""So many files a piece of evidence may have."""


def is_there(item: Evidence, on: date) -> bool:
    """Whether an item of evidence was published or finished by that day."""
    return item.on is None or item.on <= on


def was_there(item: type[Evidence], on: date) -> ColumnElement[bool]:
    """Return SQL for `is_there`."""
    return item.on.is_(None) | (item.on <= on)

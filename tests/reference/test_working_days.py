"""One definition of a deadline: working days with England's bank holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reference.models import DeadlineKind
from portal.reference.queries import due_on, lead_hin
from portal.reference.rules import (
    HolidaysMissing,
    is_working_day,
    working_days_after,
    working_days_between,
)
from tests import makers

HOLIDAYS = {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 1))


def test_two_working_days_over_christmas_are_five_days() -> None:
    assert working_days_after(date(2026, 12, 24), 2, HOLIDAYS) == date(2026, 12, 30)


def test_a_year_without_holidays_is_a_clear_error() -> None:
    with pytest.raises(HolidaysMissing, match="2028"):
        working_days_after(date(2027, 12, 30), 2, HOLIDAYS | {date(2027, 12, 27)})


@given(DAYS, st.integers(1, 15))
def test_a_deadline_is_a_working_day_with_just_that_many_since(start: date, days: int) -> None:
    due = working_days_after(start, days, HOLIDAYS)
    assert is_working_day(due, HOLIDAYS)
    assert working_days_between(start, due, HOLIDAYS) == days


@given(DAYS, st.integers(1, 15))
def test_a_later_start_is_never_due_earlier(start: date, days: int) -> None:
    later = working_days_after(start + timedelta(days=1), days, HOLIDAYS)
    assert working_days_after(start, days, HOLIDAYS) <= later


def test_picking_up_is_due_two_working_days_after_submission(session: object) -> None:
    assert due_on(DeadlineKind.PICK_UP, date(2026, 8, 28)) == date(2026, 9, 2)


def test_the_lead_hin_of_a_past_day_is_the_one_of_that_day(session: object) -> None:
    frimley = makers.ics("QNQ")
    assert lead_hin(frimley.id, date(2025, 1, 1)) is not None
    assert lead_hin(frimley.id, date(2026, 6, 1)) is None

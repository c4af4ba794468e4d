"""One definition of a deadline: working days with England's bank holidays."""

import csv
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.reference.models import Deadline, DeadlineKind
from portal.reference.queries import due_on, lead_hin
from portal.reference.rules import (
    HolidaysMissing,
    is_working_day,
    working_day_by,
    working_days_after,
    working_days_between,
)
from portal.reference.services import DATA
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


# The real bank holidays, 2020 to 2027

LINES = (DATA / "bank_holidays.csv").read_text(encoding="utf-8").splitlines()
KNOWN = {date.fromisoformat(row["on"]) for row in csv.DictReader(LINES)}
REAL_DAYS = st.dates(date(2020, 1, 1), date(2027, 10, 1))
EDGES = st.sampled_from(
    [day + timedelta(days=shift) for day in sorted(KNOWN) for shift in range(-4, 5)]
).filter(lambda day: date(2020, 1, 1) <= day <= date(2027, 10, 1))


def _by_hand(start: date, days: int) -> date:
    """Walk the calendar and tick off: the plainest definition there is."""
    ticked, day = 0, start
    while ticked < days:
        day = date.fromordinal(day.toordinal() + 1)
        if day.strftime("%a") not in {"Sat", "Sun"} and day not in KNOWN:
            ticked += 1
    return day


@given(st.one_of(REAL_DAYS, EDGES), st.sampled_from([1, 2, 5, 10, 20]))
def test_deadlines_equal_a_walk_through_the_calendar(start: date, days: int) -> None:
    assert working_days_after(start, days, KNOWN) == _by_hand(start, days)


@given(st.one_of(REAL_DAYS, EDGES), st.integers(1, 10), st.integers(1, 10))
def test_two_promises_in_a_row_are_one_of_both_lengths(start: date, one: int, other: int) -> None:
    both = working_days_after(working_days_after(start, one, KNOWN), other, KNOWN)
    assert both == working_days_after(start, one + other, KNOWN)


@given(st.one_of(REAL_DAYS, EDGES), st.integers(1, 8))
def test_weeks_end_on_a_working_day_and_never_late(start: date, weeks: int) -> None:
    last = start + timedelta(weeks=weeks)
    day = working_day_by(last, KNOWN)
    assert is_working_day(day, KNOWN)
    assert day <= last
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert not any(is_working_day(one, KNOWN) for one in between)


@given(st.dates(date(2027, 12, 1), date(2027, 12, 31)))
def test_what_reaches_into_2028_is_refused_in_words(start: date) -> None:
    by_hand = _by_hand(start, 10)
    if by_hand.year == 2027:
        assert working_days_after(start, 10, KNOWN) == by_hand
        return
    with pytest.raises(HolidaysMissing, match=r"bank holidays of 2028 .*nothing was saved"):
        working_days_after(start, 10, KNOWN)


@given(st.dates(date(2028, 1, 1), date(2030, 1, 1)))
def test_no_day_of_a_year_without_holidays_is_promised(day: date) -> None:
    with pytest.raises(HolidaysMissing, match=str(day.year)):
        working_day_by(day, KNOWN)


def test_every_year_from_2020_to_2027_has_its_bank_holidays() -> None:
    counts = {year: sum(day.year == year for day in KNOWN) for year in range(2020, 2028)}
    assert all(count >= 8 for count in counts.values()), counts
    assert all(day.weekday() < 5 for day in KNOWN)


def test_an_update_is_due_six_weeks_on_or_the_working_day_before(session: object) -> None:
    assert due_on(DeadlineKind.UPDATE, date(2026, 3, 4)) == date(2026, 4, 15)
    # Six weeks after Monday 16 November 2026 is the Boxing Day kept on Monday 28 December.
    assert due_on(DeadlineKind.UPDATE, date(2026, 11, 16)) == date(2026, 12, 24)


def test_a_setting_holds_from_its_day_and_the_past_keeps_its_own(session: Session) -> None:
    makers.put(Deadline(kind=DeadlineKind.DECIDE, amount=3, valid_from=date(2026, 9, 1)))
    assert due_on(DeadlineKind.DECIDE, date(2026, 8, 31)) == date(2026, 9, 14)
    assert due_on(DeadlineKind.DECIDE, date(2026, 9, 1)) == date(2026, 9, 4)

"""One clock: England's days, and moments in words that read alike everywhere."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal import clock, wording
from portal.web import format as formats

LATE_IN_SUMMER = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)


def test_the_day_in_england_is_another_for_an_hour_of_summer_nights() -> None:
    with clock.clock_at(LATE_IN_SUMMER):
        assert clock.now() == LATE_IN_SUMMER
        assert clock.today() == date(2026, 7, 1)
    assert clock.day_of(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2026, 12, 31)


def test_a_clock_set_inside_another_is_put_back_to_it() -> None:
    with clock.clock_at(LATE_IN_SUMMER):
        with clock.clock_at(LATE_IN_SUMMER + timedelta(days=9)):
            assert clock.today() == date(2026, 7, 10)
        assert clock.today() == date(2026, 7, 1)
    assert clock.now() > LATE_IN_SUMMER


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 7, 1), date(2026, 10, 25)])
def test_a_day_lasts_from_its_first_moment_to_that_of_the_next(day: date) -> None:
    assert clock.end_of(day) == clock.begin_of(day + timedelta(days=1))
    assert clock.day_of(clock.begin_of(day)) == day
    assert clock.day_of(clock.end_of(day) - timedelta(microseconds=1)) == day


@pytest.mark.parametrize(
    ("start", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -3, date(2025, 10, 15)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_on_or_back_end_in_shorter_months(start: date, months: int, then: date) -> None:
    assert clock.months_after(start, months) == then


def test_a_moment_reads_the_same_in_a_page_and_in_a_sentence() -> None:
    assert wording.moment_words(LATE_IN_SUMMER) == "1 July 2026 at 12:30am"
    assert formats.nhs_datetime(LATE_IN_SUMMER) == wording.moment_words(LATE_IN_SUMMER)
    assert wording.day_words(date(2026, 7, 1)) == formats.nhs_date(LATE_IN_SUMMER)


@pytest.mark.parametrize(
    ("days", "words", "late"),
    [
        (-3, "Overdue by 3 days", True),
        (-1, "Overdue by 1 day", True),
        (0, "Due today", False),
        (2, "Due in 2 days", False),
    ],
)
def test_a_deadline_in_words(days: int, words: str, late: bool) -> None:
    today = date(2026, 7, 1)
    due = today + timedelta(days=days)
    assert wording.due_words(due, today) == words
    assert wording.is_overdue(due, today) is late
    assert wording.due_words(None, today) == ""
    assert not wording.is_overdue(None, today)

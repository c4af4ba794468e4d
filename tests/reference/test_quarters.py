"""The quarters of the NHS financial year, by day and by moment."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import day_of
from portal.reference.rules import Quarter

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "code", "label"),
    [
        (date(2026, 3, 31), "2025-26-Q4", "Q4 2025/26 (January to March)"),
        (date(2026, 4, 1), "2026-27-Q1", "Q1 2026/27 (April to June)"),
        (date(2026, 9, 30), "2026-27-Q2", "Q2 2026/27 (July to September)"),
        (date(2099, 12, 31), "2099-00-Q3", "Q3 2099/00 (October to December)"),
    ],
)
def test_a_day_has_its_quarter(day: date, code: str, label: str) -> None:
    quarter = Quarter.of(day)
    assert (quarter.code, quarter.label) == (code, label)
    assert Quarter.named(code) == quarter


@given(DAYS)
def test_quarters_follow_each_other_without_gap_or_overlap(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first <= day <= quarter.last
    assert quarter.next.first == quarter.last + timedelta(days=1)
    assert quarter.next.previous == quarter
    assert Quarter.named(quarter.code.lower()) == quarter


@given(st.datetimes(datetime(2015, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_a_moment_is_in_the_quarter_of_its_day_in_england(at: datetime) -> None:
    quarter = Quarter.of(day_of(at))
    assert quarter.begins_at <= at < quarter.ends_at


def test_midnight_of_summer_time_is_an_hour_earlier_in_utc() -> None:
    first = Quarter.of(date(2026, 4, 1))
    assert first.begins_at == datetime(2026, 3, 31, 23, tzinfo=UTC)
    assert first.previous.begins_at == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "code", ["", "2026", "2026-28-Q1", "2026-27-Q5", "Q1 2026/27", "٢٠٢٦-27-Q1"]
)
def test_anything_else_is_no_quarter(code: str) -> None:
    with pytest.raises(ValueError, match="is no quarter"):
        Quarter.named(code)

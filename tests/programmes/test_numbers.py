"""The rules of numbers, without a database: rounding, small counts, ratings, versions, splits."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.programmes.models import Direction, Programme, Rating
from portal.programmes.rules.numbers import (
    Share,
    disclosed,
    disclosed_share,
    disclosed_words,
    rounded,
)
from portal.programmes.rules.rating import Course, rate
from portal.programmes.rules.trajectories import Version, in_force, planned_cells
from portal.programmes.rules.values import Planned, with_nation
from portal.programmes.rules.years import Standing, standing_on, years_words
from tests.examples import examples

Q1, DAY = date(2021, 4, 1), date(2021, 6, 30)


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, 0), (1, None), (7, None), (8, 10), (12, 10), (13, 15), (22, 20), (23, 25), (None, None)],
)
def test_few_patients_are_not_shown_and_others_are_rounded(
    count: float | None, shown: float | None
) -> None:
    assert disclosed(count) == shown


def test_shares_of_patients_come_from_rounded_counts() -> None:
    assert disclosed_share(3, 40) is None
    nine = disclosed_share(9, 40)
    assert nine is not None
    assert (nine.part, nine.whole, nine.percent) == (10, 40, 25)
    assert (disclosed_words(3), disclosed_words(0), disclosed_words(None)) == ("*", "0", "")


def test_the_achievement_is_rounded_as_it_was_printed() -> None:
    assert Share(1465, 1233).words == "1,465 of 1,233 (119%)"
    assert Share(6, 13).percent == 46
    assert Share(0, 0).percent is None
    assert rounded(0.5) == 1
    assert rounded(61.5) == 62


def test_what_a_network_counted_is_shown_to_others_only_rounded() -> None:
    few = Planned(Q1, 1, 20, 3)
    assert few.words(is_exact=False) == "*"
    assert few.words(is_exact=True) == "3 of 20 (15%)"
    assert Planned(Q1, 1, 20, 12).words(is_exact=False) == "10 of 20 (50%)"
    assert Planned(Q1, None, 20, 3).words(is_exact=False) == "3 of 20 (15%)"
    assert Planned(Q1, 1, 20, None).words(is_exact=False) == "Not reported"
    assert Planned(Q1, 1, 20, 3, is_patients=False).words(is_exact=False) == "3 of 20 (15%)"


def _course(**values: object) -> Course:
    given = {
        "target": 100.0,
        "value": 50.0,
        "baseline": 0.0,
        "direction": Direction.HIGHER,
        "since": date(2021, 4, 1),
        "by": date(2022, 4, 1),
    }
    return Course(**{**given, **values})  # type: ignore[arg-type]  # the test names the fields


@pytest.mark.parametrize(
    ("changed", "day", "rating"),
    [
        ({}, date(2021, 9, 30), Rating.GREEN),
        ({"value": 42.0}, date(2021, 9, 30), Rating.AMBER),
        ({"value": 30.0}, date(2021, 9, 30), Rating.RED),
        ({"value": 100.0}, date(2021, 9, 30), Rating.MET),
        ({"value": 100.0}, date(2023, 1, 1), Rating.MET),
        ({"value": 99.0}, date(2022, 4, 2), Rating.RED),
        ({"target": None}, DAY, Rating.NOT_RATED),
        ({"value": None}, DAY, Rating.NOT_RATED),
        ({"by": None}, DAY, Rating.NOT_RATED),
        ({"direction": Direction.NONE}, DAY, Rating.NOT_RATED),
        ({"direction": Direction.LOWER, "target": 6.0, "value": 6.0}, DAY, Rating.MET),
        (
            {"direction": Direction.LOWER, "target": 6.0, "baseline": 8.0, "value": 7.0},
            date(2021, 9, 30),
            Rating.GREEN,
        ),
        (
            {"direction": Direction.LOWER, "target": 6.0, "baseline": None, "value": 7.0},
            date(2021, 9, 30),
            Rating.NOT_RATED,
        ),
    ],
)
def test_the_rule_rates_by_the_way_that_is_due(
    changed: dict[str, object], day: date, rating: Rating
) -> None:
    rated = rate(_course(**changed), day)
    assert rated.rating is rating
    assert rated.because


@given(st.floats(0, 100), st.floats(0, 100), st.integers(1, 364), st.sampled_from([1.0, -1.0]))
@settings(max_examples=examples(30))
def test_a_better_value_is_never_rated_worse(
    value: float, more: float, days: int, sign: float
) -> None:
    order = [Rating.RED, Rating.AMBER, Rating.GREEN, Rating.MET]
    direction = Direction.HIGHER if sign > 0 else Direction.LOWER
    day = date(2021, 4, 1) + timedelta(days)
    course = {"direction": direction, "baseline": 0.0, "target": 100.0 * sign}
    lower = rate(_course(value=value * sign, **course), day).rating
    higher = rate(_course(value=(value + more) * sign, **course), day).rating
    assert order.index(higher) >= order.index(lower)


def _version(number: int, since: date, at: datetime, planned: float) -> Version:
    return Version(number, since, at, {(Q1, None): planned})


def test_a_version_holds_from_its_day_and_as_it_was_known() -> None:
    begin = datetime(2021, 4, 1, tzinfo=UTC)
    first = _version(1, Q1, begin, 100)
    second = _version(2, date(2021, 8, 1), begin + timedelta(days=120), 80)
    assert in_force([first, second], date(2021, 7, 31)) is first
    assert in_force([first, second], date(2021, 8, 1)) is second
    assert in_force([first, second], date(2021, 8, 1), begin + timedelta(days=1)) is first
    assert in_force([second], DAY) is None


areas = st.dictionaries(
    st.tuples(st.sampled_from([Q1, date(2021, 7, 1)]), st.sampled_from([None, 1, 2, 3])),
    st.integers(0, 1000).map(float),
)


@given(areas)
@settings(max_examples=examples(30))
def test_the_nation_is_its_own_row_or_the_sum_of_its_networks(
    cells: dict[tuple[date, int | None], float],
) -> None:
    found = with_nation(dict(cells))
    for quarter_on in {day for day, _ in cells}:
        own = cells.get((quarter_on, None))
        parts = [n for (day, hin), n in cells.items() if day == quarter_on and hin is not None]
        assert found[quarter_on, None] == (own if own is not None else sum(parts))
    assert planned_cells(Version(1, Q1, datetime(2021, 4, 1, tzinfo=UTC), cells)) == found


def test_a_programme_runs_between_its_years_unless_its_days_are_known() -> None:
    one = Programme(from_year=2020, to_year=2022)
    assert standing_on(one, date(2020, 3, 31)) is Standing.TO_COME
    assert standing_on(one, date(2020, 4, 1)) is Standing.RUNNING
    assert standing_on(one, date(2023, 3, 31)) is Standing.RUNNING
    assert standing_on(one, date(2023, 4, 1)) is Standing.ENDED
    assert years_words(one) == "2020/21 to 2022/23"
    one.ends_on = date(2021, 3, 31)
    assert standing_on(one, date(2021, 4, 1)) is Standing.ENDED
    assert years_words(Programme(from_year=2018)) == "since 2018/19"

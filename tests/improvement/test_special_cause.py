"""Each rule marks what it should and nothing else, and says so in words."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.improvement.models import ChartKind
from portal.improvement.rules.spc_chart import (
    Assurance,
    Chart,
    Reading,
    Settings,
    Variation,
    chart,
)
from portal.improvement.rules.spc_signals import Rule
from portal.improvement.rules.spc_words import (
    advice,
    assurance_words,
    computed,
    finding,
    point_words,
    variation_words,
)
from portal.programmes.models import Direction

SERIES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "rule_series.json").read_text()
)
FIRST = date(2024, 1, 1)


def drawn(values: list[float | None], **told: Any) -> Chart:
    """Return a chart of single values, a week apart, higher being better."""
    readings = [Reading(FIRST + timedelta(weeks=n), value) for n, value in enumerate(values)]
    return chart(
        readings,
        Settings(**{"kind": ChartKind.XMR, "direction": Direction.HIGHER, **told}),
    )


def called(name: str) -> list[float | None]:
    return next(one["data"] for one in SERIES if one["name"] == name)


def by_rule(found: Chart) -> dict[str, list[int]]:
    """Return the numbers of the points, from 1, for which each rule holds."""
    return {
        rule.name.lower(): [
            number
            for number, point in enumerate(found.points, 1)
            if any(signal.rule is rule for signal in point.signals)
        ]
        for rule in Rule
        if rule is not Rule.LONG_RUN
    }


@pytest.mark.parametrize("one", SERIES, ids=[one["name"] for one in SERIES])
def test_each_series_triggers_what_it_should_and_nothing_else(one: dict[str, Any]) -> None:
    found = drawn(one["data"], screens=one["name"] != "unscreened")
    (period,) = found.periods
    line = found.points[0].line
    assert line is not None
    assert period.limits is not None
    assert line.centre == pytest.approx(one["centre"], abs=1e-4)
    assert line.lower == pytest.approx(one["lower"], abs=2e-4)
    assert line.upper == pytest.approx(one["upper"], abs=2e-4)
    assert period.limits.mr_mean == pytest.approx(one["mr_mean"], abs=1e-4)
    assert by_rule(found) == one["marked"]


def test_six_is_a_shift_only_where_six_is_the_setting() -> None:
    assert not drawn(called("six_only")).marked
    found = drawn(called("six_only"), run_length=6)
    assert by_rule(found)["shift"] == list(range(9, 21))
    assert "6 or more in a row" in " ".join(computed(found))


def test_a_point_better_and_worse_is_told_so() -> None:
    found = drawn(called("falling_but_all_above"))
    point = found.points[16]
    assert point.mark is not None
    assert point.mark.rule is Rule.TREND
    assert point_words(point, found) == (
        "Worse: It is one of 7 points in a row that fall. Better: It is one of 7 points in a row"
        " above the mean. It is marked by the first of these rules (trend)."
    )
    assert found.variation is Variation.CONCERNING
    assert variation_words(found).endswith("by one rule and the other way by another")


@pytest.mark.parametrize(
    ("direction", "says", "verdict"),
    [
        (Direction.HIGHER, "That is better.", Variation.IMPROVING),
        (Direction.LOWER, "That is worse.", Variation.CONCERNING),
        (Direction.NONE, "Neither way is better.", Variation.HIGH),
    ],
)
def test_a_mark_means_what_the_direction_makes_of_it(
    direction: Direction, says: str, verdict: Variation
) -> None:
    found = drawn(called("outside_alone")[:15], direction=direction)
    words = point_words(found.points[14], found)
    assert words == f"It lies above the upper limit. {says}"
    assert found.variation is verdict


def test_one_point_has_no_lines_and_two_have() -> None:
    alone = drawn([5.0])
    assert alone.points[0].line is None
    assert (alone.variation, alone.assurance) == (Variation.NO_DATA, Assurance.NONE)
    assert "fewer than two points" in " ".join(computed(alone))
    assert drawn([]).last is None
    assert finding("Falls", drawn([])) == "Falls: no point yet"
    assert drawn([5.0, 5.0]).points[0].line is not None


def test_limits_from_fewer_than_13_points_are_trial_limits() -> None:
    twelve, thirteen = drawn([5.0, 6.0] * 6), drawn([5.0, 6.0] * 6 + [5.0])
    assert twelve.periods[0].is_trial
    assert "trial limits" in " ".join(computed(twelve))
    assert not thirteen.periods[0].is_trial


def test_a_gap_is_no_point_and_ends_nothing() -> None:
    values = called("shift_alone")
    gappy = [*values[:11], None, *values[11:]]
    found = drawn(gappy)
    assert by_rule(found)["shift"] == [9, 10, 11, 13, 14, 15, 16]
    assert found.points[11].value is None
    assert found.points[0].line == drawn(values).points[0].line


def test_out_of_nothing_is_a_gap() -> None:
    readings = [
        Reading(FIRST + timedelta(weeks=number), count, out_of)
        for number, (count, out_of) in enumerate([(3, 10), (0, 0), (4, 10), (5, 10)])
    ]
    for kind in (ChartKind.P, ChartKind.P_PRIME, ChartKind.U, ChartKind.U_PRIME):
        found = chart(readings, Settings(kind))
        assert [point.value is None for point in found.points] == [False, True, False, False]
        assert found.points[0].line is not None
        assert found.points[0].line.centre / found.settings.factor == pytest.approx(0.4)


def test_nothing_or_everything_counted_makes_no_error() -> None:
    for counts in ([0, 0, 0], [10, 10, 10]):
        for kind in ChartKind:
            readings = [
                Reading(FIRST + timedelta(weeks=n), count, 10) for n, count in enumerate(counts)
            ]
            assert not chart(readings, Settings(kind)).marked


@pytest.mark.parametrize(
    ("target", "higher", "lower"),
    [
        (30.0, Assurance.ALWAYS, Assurance.NEVER),
        (50.0, Assurance.SOMETIMES, Assurance.SOMETIMES),
        (70.0, Assurance.NEVER, Assurance.ALWAYS),
    ],
)
def test_a_target_is_held_against_the_limits(
    target: float, higher: Assurance, lower: Assurance
) -> None:
    told: dict[str, Any] = {"targets": ((FIRST, target),)}
    values = called("no_rule")
    assert drawn(values, **told).assurance is higher
    assert drawn(values, **told, direction=Direction.LOWER).assurance is lower
    assert drawn(values, **told, direction=Direction.NONE).assurance is Assurance.NONE
    assert drawn(values).assurance is Assurance.NONE
    assert "none is set" in assurance_words(drawn(values))


def test_a_target_exactly_on_a_limit_is_sometimes_met() -> None:
    assert drawn([5.0] * 12, targets=((FIRST, 5.0),)).assurance is Assurance.SOMETIMES


def test_targets_change_and_the_last_period_alone_assures() -> None:
    step = FIRST + timedelta(weeks=20)
    values = [*called("no_rule"), *(value + 40 for value in called("no_rule") if value)]
    told = ((FIRST, 45.0), (step, 70.0))
    whole = drawn(values, targets=told)
    assert (whole.points[0].target, whole.points[-1].target) == (45.0, 70.0)
    assert whole.assurance is Assurance.SOMETIMES
    assert drawn(values, targets=told, steps=(step,)).assurance is Assurance.ALWAYS


def test_rules_look_within_their_own_period() -> None:
    step = FIRST + timedelta(weeks=12)
    found = drawn(called("shift_alone"), steps=(step,))
    assert not by_rule(found)["shift"]
    assert [period.first for period in found.periods] == [FIRST, step]


def test_a_run_chart_marks_the_run_that_is_too_long() -> None:
    values = [1.0, 2, 1, 2, 1, 2, 1, 2, 1, 2, *[5.0] * 10]
    found = drawn(values, kind=ChartKind.RUN)
    assert [n for n, point in enumerate(found.points) if point.mark] == list(range(20))
    runs = found.periods[0].runs
    assert runs is not None
    assert (runs.longest, runs.longest_allowed, runs.crossings) == (10, 7, 1)
    assert point_words(found.points[-1], found) == (
        "It is one of 10 points in a row above the median. That is better."
    )
    assert "at most 7" in " ".join(computed(found))


def test_too_few_crossings_are_told_of_the_whole_run_chart() -> None:
    values: list[float | None] = [*[1.0] * 5, *[3.0] * 5, *[1.0] * 5, *[3.0] * 5]
    found = drawn(values, kind=ChartKind.RUN)
    assert not found.marked
    assert variation_words(found) == "Not chance alone: the line crosses the median too seldom"


def test_days_and_cases_between_rare_events() -> None:
    days = [20.0, 35, 18, 40, 25, 30, 22, 28, 33, 26, 31, 24, 29, 200]
    found = drawn(list(days), kind=ChartKind.T)
    assert [n for n, point in enumerate(found.points) if point.mark] == [13]
    cases = drawn([40.0, 60, 30, 55, 45, 50, 35, 1000], kind=ChartKind.G)
    line = cases.points[0].line
    assert line is not None
    mean = sum(value for point in cases.points if (value := point.value)) / 8
    assert (line.lower, line.centre) == (None, pytest.approx(0.693 * mean))
    assert line.upper == pytest.approx(mean + 3 * (mean * (mean + 1)) ** 0.5)


def test_wide_denominators_are_advised_of_and_the_choice_left_to_a_person() -> None:
    readings = [
        Reading(FIRST + timedelta(weeks=n), count, 280_000)
        for n, count in enumerate([266_000, 264_000, 269_000, 262_000, 270_000])
    ]
    assert "consider a p′ chart" in advice(chart(readings, Settings(ChartKind.P)))
    assert not advice(chart(readings, Settings(ChartKind.P_PRIME)))


def test_the_spoken_sentence_says_where_the_lines_are_and_that_limits_are_trial() -> None:
    days = [FIRST + timedelta(weeks=n) for n in range(20)]
    told = [Reading(day, 50 + n % 2, 100) for n, day in enumerate(days)]
    settings = Settings(ChartKind.P, direction=Direction.HIGHER)
    words = finding("Scored", chart(told, settings))
    assert "There the line is 50.5%, the limits 35.5% and 65.5%." in words
    assert "trial" in finding("Scored", chart(told[:5], settings))


def test_the_spoken_sentence_says_of_a_step_change_and_gaps_what_the_picture_shows() -> None:
    days = [date(2026, month, 1) for month in range(1, 9)]
    shares = [50, 52, None, 50, 80, 82, 80, 82]
    told = [Reading(day, share, 100) for day, share in zip(days, shares, strict=True)]
    settings = Settings(ChartKind.P, direction=Direction.HIGHER, steps=(days[4],))
    words = finding("Scored", chart(told, settings))
    assert "From 1 May 2026 on the centre is 81%, before 50.7%" in words
    assert words.endswith("1 period without a point.")
    assert "centre" not in finding("Scored", chart(told[:2], settings))

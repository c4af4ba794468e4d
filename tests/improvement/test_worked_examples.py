"""The lines of charts are those of the literature, to the last printed digit."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.improvement.models import ChartKind
from portal.improvement.rules.spc_chart import Chart, Reading, Settings, chart
from portal.improvement.rules.spc_limits import Limits, Point, limits, xmr
from portal.improvement.rules.spc_signals import Rule, crossings_needed, longest_run_allowed

DATA = Path(__file__).parent / "data"
EXAMPLES: dict[str, Any] = json.loads((DATA / "worked_examples.json").read_text())


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of the folder."""
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


def same(found: float | None, printed: float | str) -> bool:
    """Whether a number is what was printed, give or take 1 in its last digit."""
    text = str(printed)
    places = len(text.partition(".")[2])
    return found is not None and abs(found - float(text)) <= 1.001 * 10**-places


def lined(kind: ChartKind, points: list[Point], **told: Any) -> Limits:
    found = limits(kind, points, **told)
    assert found is not None
    return found


def outside(kind: ChartKind, points: list[tuple[float, float | None]]) -> list[int]:
    """Return the numbers, from 1, of the points that are marked as outside."""
    readings = [
        Reading(date.fromordinal(738000 + number), count, out_of)
        for number, (count, out_of) in enumerate(points)
    ]
    found = chart(readings, Settings(kind))
    return [n for n, at in enumerate(found.points, 1) if at.mark and at.mark.rule is Rule.OUTSIDE]


@pytest.mark.parametrize("screens", [True, False])
def test_single_values_with_and_without_screening(screens: bool) -> None:
    example = EXAMPLES["xmr_one_outlier"]
    found = lined(ChartKind.XMR, [Point(one) for one in example["data"]], screens=screens)
    lower, centre, upper = example["printed"]["screened" if screens else "unscreened"]
    line = found.lines[0]
    assert same(line.lower, lower)
    assert same(line.centre, centre)
    assert same(line.upper, upper)
    assert found.left_out == (2 if screens else 0)
    told = example["screened" if screens else "unscreened"]
    assert found.mr_mean == pytest.approx(told["mr_bar"])
    assert (line.lower, line.upper) == pytest.approx((told["lower"], told["upper"]))


def test_flow_rates_of_the_nist_handbook() -> None:
    example = EXAMPLES["xmr_flowrate"]
    points = [Point(one) for one in example["data"]]
    by_handbook = xmr(points, points, False, scaling=3 / 1.128)
    printed = example["printed"]
    assert same(by_handbook.mr_mean, printed["mr_bar"])
    assert same(by_handbook.lines[0].centre, printed["centre"])
    assert same(by_handbook.lines[0].lower, printed["lower"])
    assert same(by_handbook.lines[0].upper, printed["upper"])
    ours = lined(ChartKind.XMR, points, screens=False).lines[0]
    assert ours.lower == pytest.approx(example["with_2.66"]["lower"])
    assert ours.upper == pytest.approx(example["with_2.66"]["upper"])


def test_shares_of_montgomery() -> None:
    example = EXAMPLES["p_orange_juice"]
    line = lined(ChartKind.P, [Point(one, example["n"]) for one in example["events"]]).lines[0]
    printed = example["printed"]
    assert same(line.centre, printed["centre"])
    assert same(line.lower, printed["lower"])
    assert same(line.upper, printed["upper"])
    told = [(float(one), float(example["n"])) for one in example["events"]]
    assert outside(ChartKind.P, told) == printed["outside"]


@pytest.mark.parametrize("name", ["c_wafers", "c_circuit_boards"])
def test_counts_and_a_point_on_the_limit(name: str) -> None:
    example = EXAMPLES[name]
    line = lined(ChartKind.C, [Point(one) for one in example["data"]]).lines[0]
    assert same(line.centre, example["printed"]["centre"])
    assert same(line.lower, example["printed"]["lower"])
    assert same(line.upper, example["printed"]["upper"])
    assert outside(ChartKind.C, [(one, None) for one in example["data"]]) == example["outside"]


CASES = [
    ("p_prime_nhs_ae.csv", "seen_within_4h", "attendances", "p", "p_and_p_prime_nhs_ae"),
    ("u_prime_complaints.csv", "complaints", "sales", "u", "u_and_u_prime_complaints"),
]


@pytest.mark.parametrize(("file", "count", "out_of", "kind", "name"), CASES)
def test_large_denominators(file: str, count: str, out_of: str, kind: str, name: str) -> None:
    told, example = rows(file), EXAMPLES[name]
    points = [Point(float(row[count]), float(row[out_of])) for row in told]
    plain, prime = lined(ChartKind(kind), points), lined(ChartKind(f"{kind}_prime"), points)
    assert plain.lines[0].centre == pytest.approx(example["centre"])
    assert prime.sigma_z == pytest.approx(example["sigma_z_screened"])
    for row, narrow, wide in zip(told, plain.lines, prime.lines, strict=True):
        assert same(narrow.lower, row[f"{kind}_lower"])
        assert same(narrow.upper, row[f"{kind}_upper"])
        assert same(wide.lower, row[f"{kind}prime_lower"])
        assert same(wide.upper, row[f"{kind}prime_upper"])
    pairs = [(point.count, point.out_of) for point in points]
    assert outside(ChartKind(kind), pairs) == example[f"outside_{kind}"]
    assert outside(ChartKind(f"{kind}_prime"), pairs) == example[f"outside_{kind}_prime"]


@pytest.mark.parametrize(("file", "count", "out_of", "kind", "name"), CASES)
def test_large_denominators_without_screening(
    file: str, count: str, out_of: str, kind: str, name: str
) -> None:
    told = rows(file)
    points = [Point(float(row[count]), float(row[out_of])) for row in told]
    found = lined(ChartKind(f"{kind}_prime"), points, screens=False)
    assert found.sigma_z == pytest.approx(EXAMPLES[name]["sigma_z_unscreened"])
    for row, line in zip(told, found.lines, strict=True):
        lower = row.get(f"{kind}prime_unscreened_lower", row[f"{kind}prime_lower"])
        upper = row.get(f"{kind}prime_unscreened_upper", row[f"{kind}prime_upper"])
        assert same(line.lower, lower)
        assert same(line.upper, upper)


def infections(**told: Any) -> Chart:
    """Return the chart of the infections, per 10,000 days at risk."""
    readings = [
        Reading(date.fromisoformat(row["month"]), float(row["infections"]), float(row["risk_days"]))
        for row in rows("u_cdi_step_change.csv")
    ]
    return chart(readings, Settings(ChartKind.U, per=10_000, **told))


STEP = date(2014, 11, 1)
BASELINE = date(2014, 10, 1)


@pytest.mark.parametrize(
    ("drawn", "told"),
    [("whole", {}), ("split", {"steps": (STEP,)}), ("frozen", {"freezes": (BASELINE,)})],
)
def test_a_step_change_and_a_frozen_baseline(drawn: str, told: dict[str, Any]) -> None:
    for row, at in zip(rows("u_cdi_step_change.csv"), infections(**told).points, strict=True):
        assert same(at.value, row["rate_per_10000"])
        assert at.line is not None
        assert same(at.line.lower, row[f"{drawn}_lower"])
        assert same(at.line.upper, row[f"{drawn}_upper"])
        if drawn == "split":
            assert same(at.line.centre, row["split_centre"])


def test_the_centre_before_and_after_a_step_change() -> None:
    example, split = EXAMPLES["u_cdi"], infections(steps=(STEP,))
    assert split.points[example["step_at_row"] - 1].on == STEP
    whole = infections().points[0].line
    before, after = split.points[0].line, split.points[-1].line
    assert whole is not None
    assert before is not None
    assert after is not None
    assert whole.centre == pytest.approx(example["centre_per_10000"])
    assert before.centre == pytest.approx(example["before_per_10000"])
    assert after.centre == pytest.approx(example["after_per_10000"])


def test_a_step_change_after_a_frozen_baseline() -> None:
    later = date(2015, 5, 1)
    found = infections(freezes=(BASELINE,), steps=(later,))
    frozen, anew = found.periods
    assert (frozen.baseline_to, frozen.limits and frozen.limits.points_used) == (BASELINE, 24)
    assert (anew.first, anew.baseline_to, anew.is_trial) == (later, None, True)
    row = rows("u_cdi_step_change.csv")[24]
    assert found.points[24].line is not None
    assert same(found.points[24].line.upper, row["frozen_upper"])
    assert found.points[-1].line is not None
    assert found.points[-1].line.centre < 6


def test_what_chance_lets_a_run_chart_do() -> None:
    for row in rows("run_chart_limits.csv"):
        useful = int(row["useful_points"])
        assert longest_run_allowed(useful) == int(row["longest_run_may_be"])
        assert crossings_needed(useful) == int(row["crossings_must_be_at_least"])

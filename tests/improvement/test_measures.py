"""Define a measure, enter what was counted, correct it, mark days, and read the chart."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from unittest.mock import Mock

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.clock import today
from portal.errors import Conflict, Forbidden, Invalid
from portal.improvement.models import (
    ChartKind,
    ImprovementMeasure,
    MarkKind,
    MeasureReading,
    Rhythm,
)
from portal.improvement.queries.measures import history_of
from portal.improvement.queries.measures_shown import board_of
from portal.improvement.rules.entering import Entry, read_lines
from portal.improvement.rules.periods import first_day, moved
from portal.improvement.services.measures import mark, open_series, set_target
from portal.improvement.services.measures_readings import enter
from portal.programmes.models import Direction
from tests.cast import Cast, Person
from tests.improvement import plotting as makers
from tests.pages import PageClient
from tests.programmes.makers import programme
from tests.scanning import VIRUS, files_refused, infected
from tests.statements import Statements

__all__ = ["infected"]
As = Callable[[Person], PageClient]


@pytest.fixture
def given(session: Session, cast: Cast) -> ImprovementMeasure:
    """A share that every network may count."""
    return makers.measure(of=programme(by=cast.national), by=cast.national)


def xlsx_of(*rows: list[str]) -> bytes:
    """A workbook with an empty sheet in front and these rows on the last one."""
    book, out = Workbook(), BytesIO()
    sheet = book.create_sheet("Counts")
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def address(of: ImprovementMeasure, page: str = "") -> str:
    return f"/improvement/measures/{of.id}{page}"


def test_a_network_counts_in_its_own_area_only(given: ImprovementMeasure, cast: Cast) -> None:
    series = makers.counted([(8, 10)], of=given, by=cast.hin)
    assert series.hin_id == cast.hin.actor.hin_id
    for stranger in (cast.other_hin, cast.national, cast.ics):
        with pytest.raises(Forbidden):
            enter(measure=given, series=series, entries=[], by=stranger.actor)
    with pytest.raises(Forbidden):
        open_series(measure=given, hin_id=None, by=cast.hin.actor)


def test_a_number_is_corrected_by_a_new_row_with_its_reason(
    given: ImprovementMeasure, cast: Cast, session: Session
) -> None:
    series = makers.counted([(8, 10)], of=given, by=cast.hin)
    first = session.scalars(select(MeasureReading)).one()
    new = Entry(first.on, 9, 10, first.id)
    told: dict[str, Any] = {"measure": given, "series": series, "by": cast.hin.actor}
    with pytest.raises(Invalid, match="why"):
        enter(**told, entries=[new])
    assert enter(**told, entries=[new], why="One was missed") == 1
    assert enter(**told, entries=[Entry(first.on, 9, 10, first.id)]) == 0
    with pytest.raises(Conflict):
        enter(**told, entries=[Entry(first.on, 7, 10, first.id)], why="Late")
    rows = history_of(series.id)
    assert [(row.numerator, row.corrects_id) for row in rows] == [(9, first.id), (8, None)]
    board = board_of(given, cast.hin.actor)
    assert [one.count for one in board.readings(board.place("HI-WM"))] == [9]


def test_a_number_that_is_taken_out_is_a_gap_and_can_come_back(
    given: ImprovementMeasure, cast: Cast
) -> None:
    series = makers.counted([(8, 10), (9, 10), (7, 10)], of=given, by=cast.hin)
    board = board_of(given, cast.hin.actor)
    middle = board.readings(board.place("HI-WM"))[1]
    told: dict[str, Any] = {"measure": given, "series": series, "by": cast.hin.actor}
    enter(**told, entries=[Entry(middle.on, None, None, middle.reading_id)], why="Wrong ward")
    board = board_of(given, cast.hin.actor)
    assert [one.count for one in board.readings(board.place("HI-WM"))] == [8, None, 7]
    last = history_of(series.id)[0]
    assert enter(**told, entries=[Entry(middle.on, 6, 10, last.id)], why="Counted anew") == 1


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ((5, None), "out of how many"),
        ((None, 5), "how many were counted"),
        ((6, 5), "no more than"),
    ],
)
def test_numbers_that_cannot_be_are_refused(
    given: ImprovementMeasure, cast: Cast, entry: tuple[float | None, float | None], why: str
) -> None:
    series = open_series(measure=given, hin_id=cast.hin.actor.hin_id, by=cast.hin.actor)
    on = first_day(Rhythm.MONTH, today())
    with pytest.raises(Invalid, match=why):
        enter(measure=given, series=series, entries=[Entry(on, *entry)], by=cast.hin.actor)


def test_the_sheet_keeps_what_was_typed_and_says_what_is_wrong_beside_it(
    given: ImprovementMeasure, cast: Cast, as_: As
) -> None:
    browser, sheet = as_(cast.hin), address(given, "/enter")
    month = first_day(Rhythm.MONTH, today())
    before = moved(Rhythm.MONTH, month, -1)
    typed = {f"n-{month}": "12", f"d-{month}": "10", f"n-{before}": "9", f"d-{before}": "x"}
    page = browser.post(sheet, data=typed)
    assert "must be a number" in page.text
    assert 'value="12"' in page.text
    assert 'value="x"' in page.text
    page = browser.post(sheet, data=typed | {f"d-{before}": "10"})
    assert "Enter no more than it is out of" in page.text
    typed |= {f"n-{month}": "10", f"d-{before}": "10"}
    page = browser.post(sheet, data=typed, follow_redirects=True)
    assert "2 numbers are saved." in page.text
    assert "100%" in page.text


def test_of_two_who_enter_the_same_period_the_second_is_told(
    given: ImprovementMeasure, cast: Cast, as_: As
) -> None:
    month = first_day(Rhythm.MONTH, today())
    makers.counted([(8, 10)], of=given, by=cast.hin)
    typed = {f"n-{month}": "9", f"d-{month}": "10", f"s-{month}": "0", "why": "Counted anew"}
    page = as_(cast.hin).post(address(given, "/enter"), data=typed)
    assert page.status_code == 409
    assert "meanwhile" in page.text
    assert 'value="9"' in page.text


def test_lines_are_pasted_and_those_not_understood_are_named(
    given: ImprovementMeasure, cast: Cast, as_: As
) -> None:
    browser = as_(cast.hin)
    page = browser.post(address(given, "/paste"), data={"lines": "Month,Given,Due\n2026-01,5"})
    assert "Line 2 is not understood: 2026-01, 5" in page.text
    lines = "Month\tGiven\tDue\n2026-01\t5\t9\nFeb 2026\t7\t12\n\n01/03/2026\t1\t8"
    page = browser.post(address(given, "/paste"), data={"lines": lines}, follow_redirects=True)
    assert "3 numbers are saved." in page.text


def test_a_csv_file_is_read_as_excel_saves_it(
    given: ImprovementMeasure, cast: Cast, as_: As
) -> None:
    file = (BytesIO("\ufeffMonth;Given;Due\r\n01/01/2026;1,005;1,009\r\n".encode()), "counts.csv")
    page = as_(cast.hin).post(
        address(given, "/paste"),
        data={"file": file},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    assert "1 number is saved." in page.text
    assert "99.6%" in page.text


@pytest.mark.parametrize("name", ["counts.csv", "counts.xlsx"])
def test_an_infected_file_of_counts_is_refused_and_told(
    given: ImprovementMeasure, cast: Cast, as_: As, session: Session, infected: Mock, name: str
) -> None:
    data = b"2026-01,5,9\n" if name.endswith("csv") else xlsx_of(["2026-01", "5", "9"])
    page = as_(cast.hin).post(
        address(given, "/paste"),
        data={"file": (BytesIO(data), name)},
        content_type="multipart/form-data",
    )
    assert VIRUS in page.text
    [told] = files_refused(session)
    assert told.startswith(f"{VIRUS}: {name}, POST ")
    assert session.scalar(select(func.count(MeasureReading.id))) == 0


def test_a_workbook_of_counts_is_read_by_its_last_sheet(
    given: ImprovementMeasure, cast: Cast, as_: As
) -> None:
    file = (BytesIO(xlsx_of(["Month", "Given", "Due"], ["2026-01", "5", "9"])), "counts.xlsx")
    page = as_(cast.hin).post(
        address(given, "/paste"),
        data={"file": file},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    assert "1 number is saved." in page.text


def test_lines_of_events_need_their_day_alone(session: Session, cast: Cast) -> None:
    of = makers.measure(
        of=programme(by=cast.national), by=cast.hin, chart=ChartKind.T, rhythm=Rhythm.EVENT
    )
    read = read_lines(of, [(1, ["2026-01-05"]), (2, ["2026-01-05"]), (3, ["2026-01-09"])])
    assert [entry.on.day for entry in read.entries] == [5, 9]
    assert read.problems == ["Line 2 is of the same period as another: 2026-01-05"]


def test_a_shift_is_marked_and_told_in_words_on_page_table_and_file(
    given: ImprovementMeasure, cast: Cast, as_: As
) -> None:
    pairs = [(28, 40), (30, 40), (27, 40), (29, 40)] * 3 + [(38, 40), (37, 40), (39, 40)] * 3
    makers.counted(pairs, of=given, by=cast.hin)
    set_target(measure=given, from_on=today().replace(year=2020), value=80, by=cast.national.actor)
    browser = as_(cast.hin)
    page = browser.get(address(given))
    assert "Special cause: improving" in page.text
    assert "points in a row above the mean" in page.text
    assert "The target is met at some points and missed at others, by chance" in page.text
    assert "app-chart__mark--better" in page.text
    file = browser.get(address(given, "/download.csv"))
    assert "points in a row above the mean" in file.text
    assert "Shift" in file.text


def test_limits_begin_anew_because_a_person_says_so(
    given: ImprovementMeasure, cast: Cast, as_: As
) -> None:
    series = makers.counted([(20, 40)] * 8 + [(30, 40)] * 8, of=given, by=cast.hin)
    board = board_of(given, cast.hin.actor)
    assert len(board.chart(board.place("HI-WM")).periods) == 1
    step = makers.mark(MarkKind.STEP, of=given, by=cast.hin, periods_ago=7, series=series)
    browser = as_(cast.hin)
    page = browser.get(address(given))
    assert "Step change: limits are worked out anew from here" in page.text
    assert "A new form came into use" in page.text
    assert "Period 2" in page.text
    page = browser.post(address(given, f"/marks/{step.id}/withdraw"), follow_redirects=True)
    assert "Period 2" not in page.text
    with pytest.raises(Forbidden):
        makers.mark(MarkKind.STEP, of=given, by=cast.other_hin, series=series)
    with pytest.raises(Invalid, match="why"):
        mark(
            measure=given, kind=MarkKind.STEP, on=today(), words="", series=series,
            by=cast.hin.actor,
        )  # fmt: skip


@pytest.mark.parametrize("points", [0, 1, 12, 60])
@pytest.mark.parametrize("kind", [ChartKind.RUN, ChartKind.XMR, ChartKind.U_PRIME])
def test_charts_of_any_length_with_gaps_and_nothing_to_count(
    session: Session, cast: Cast, as_: As, points: int, kind: ChartKind
) -> None:
    of = makers.measure(
        of=programme(by=cast.national), by=cast.national, chart=kind, rhythm=Rhythm.WEEK
    )
    rate = kind is ChartKind.U_PRIME
    pairs: list[tuple[float, float | None] | None] = [
        None if n % 7 == 3 else (n % 5, (0 if n % 11 == 5 else 40) if rate else None)
        for n in range(points)
    ]
    if points:
        makers.counted(pairs, of=of, by=cast.hin)
    for page in ("?place=HI-WM", "/networks", "/funnel"):
        assert as_(cast.national).get(address(of, page)).status_code == 200


def test_both_scores_of_a_bundle_come_from_counts(session: Session, cast: Cast, as_: As) -> None:
    of = makers.measure("All of the bundle", of=programme(by=cast.national), by=cast.national)
    names = ("Smoking help offered", "Inhaler technique checked", "Follow-up booked")
    parts = [makers.measure(name, of=of.programme, by=cast.national, bundle=of) for name in names]
    on = first_day(Rhythm.MONTH, today())
    browser = as_(cast.hin)
    told = [(of, 18, 100), *zip(parts, (40, 80, 42), (80, 120, 100), strict=True)]
    typed = {f"n-{one.id}": str(n) for one, n, _ in told}
    typed |= {f"d-{one.id}": str(n) for one, _, n in told}
    page = browser.post(address(of, "/bundle"), data=typed, follow_redirects=True)
    assert "4 numbers are saved." in page.text
    assert "18 of 100 (18%)" in page.text
    assert "162 of 300 (54%)" in page.text
    row = page.text.split(f"{on:%B %Y}</th>")[1].split("</tr>")[0]
    assert "<td>Follow-up booked</td>" in row


def test_the_form_of_a_measure_says_the_rule_of_small_numbers(
    given: ImprovementMeasure, cast: Cast, as_: As
) -> None:
    browser = as_(cast.hin)
    assert "1 to 7 patients are shown as *" in browser.get("/improvement/measures/new").text
    assert "1 to 7 patients are shown to others as *" in browser.get(address(given, "/enter")).text
    page = browser.post(
        "/improvement/measures/new",
        data={
            "programme": given.programme_id, "name": "Falls", "kind": "outcome", "chart": "u",
            "numerator": "Falls", "rhythm": "month", "direction": "lower", "is_patients": "yes",
            "adds_up": "yes", "run_length": "7", "screens": "yes", "follows": "0",
        },
    )  # fmt: skip
    assert "Enter out of whom or what: this chart needs it" in page.text


def test_a_site_or_team_is_part_of_its_network(given: ImprovementMeasure, cast: Cast) -> None:
    makers.counted([(8, 10)], of=given, by=cast.hin, team="Ward 4")
    makers.counted([(5, 10)], of=given, by=cast.hin, team="Ward 5")
    board = board_of(given, cast.hin.actor)
    (told,) = board.readings(board.place("HI-WM"))
    assert (told.count, told.out_of, told.parts) == (13, 20, 2)
    assert [one.name for one in board.places][-2:] == ["Ward 4", "Ward 5"]


def test_means_are_not_added(session: Session, cast: Cast) -> None:
    of = makers.measure(
        "Mean wait",
        of=programme(by=cast.national),
        by=cast.national,
        chart=ChartKind.XMR,
        adds_up=False,
        is_patients=False,
        direction=Direction.LOWER,
    )
    makers.counted([(30, None)], of=of, by=cast.hin)
    makers.counted([(40, None)], of=of, by=cast.other_hin)
    board = board_of(of, cast.national.actor)
    assert board.readings(board.place("england")) == []


def test_the_list_and_the_chart_ask_few_statements(
    given: ImprovementMeasure, cast: Cast, as_: As, statements: Statements
) -> None:
    for number in range(6):
        more = makers.measure(f"Measure {number}", of=given.programme, by=cast.national)
        makers.counted([(number + 8, 40)] * 3, of=more, by=cast.hin)
    browser = as_(cast.hin)
    with statements.at_most(20):
        assert browser.get("/improvement/measures").status_code == 200
    with statements.at_most(22):
        assert browser.get(address(given)).status_code == 200


def test_only_who_reads_networks_reads_charts(
    given: ImprovementMeasure, cast: Cast, as_: As
) -> None:
    for person, status in ((cast.ics, 200), (cast.innovator, 403), (cast.administrator, 403)):
        assert as_(person).get(address(given)).status_code == status

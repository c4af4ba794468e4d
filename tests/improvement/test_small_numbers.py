"""What is hidden of few patients leaves in no page, file, sentence, order, or by subtraction."""

import io
import re
from collections.abc import Callable, Iterable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import load_workbook
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.improvement.models import ChartKind, ImprovementMeasure, Rhythm
from portal.improvement.queries.measures_shown import board_of
from portal.programmes.rules.numbers import (
    disclosed,
    disclosed_total,
    disclosed_whole,
    disclosed_words,
    span,
)
from tests.cast import Cast, Person
from tests.improvement import plotting as makers
from tests.pages import PageClient
from tests.programmes.makers import programme

As = Callable[[Person], PageClient]


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0"), (1, "*"), (7, "*"), (8, "10"), (12, "10"), (13, "15"), (22, "20"), (23, "25")],
)
def test_check_values_of_the_rule(count: int, shown: str) -> None:
    assert disclosed_words(count) == shown


def test_a_national_count_of_three_is_shown() -> None:
    assert disclosed_total(3, []) == 3


def _makes(parts: Iterable[int], shown: float | None, seen: list[float | None]) -> bool:
    """Whether these parts would be shown just as others were."""
    told = list(parts)
    return [disclosed(one) for one in told] == seen and disclosed_total(sum(told), told) == shown


@settings(max_examples=30)
@given(some.lists(some.integers(0, 14), min_size=1, max_size=3))
def test_no_part_follows_from_the_total_and_the_others(parts: list[int]) -> None:
    seen, shown = [disclosed(one) for one in parts], disclosed_total(sum(parts), parts)
    ways = [told for told in product(range(18), repeat=len(parts)) if _makes(told, shown, seen)]
    for number, part in enumerate(parts):
        assert part == 0 or len({told[number] for told in ways}) > 1, (parts, shown)


def _ways(networks: list[list[int]]) -> list[tuple[tuple[int, ...], ...]]:
    """Return every way in which places could have counted for all that is shown of them, of their
    networks and of the nation; each network as its places."""
    of_each = [list(product(*map(_alike, places))) for places in networks]
    shown = _all_shown(networks)
    return [told for told in product(*of_each) if _all_shown([list(one) for one in told]) == shown]


def _alike(count: int) -> range:
    low, high = span(count)
    return range(int(low), int(high) + 1)


def _all_shown(networks: list[list[int]]) -> list[float | None]:
    wholes = [disclosed_whole(sum(places), places) for places in networks]
    total = sum(map(sum, networks))
    sums = [float(sum(places)) for places in networks]
    return [*(one for one, _ in wholes), disclosed_total(total, sums, wholes)]


@pytest.mark.parametrize(
    "networks",
    [
        [[7, 7, 7, 7]],
        [[12, 7, 7, 7]],
        [[7, 7], [12]],
        [[7, 7], [6, 7]],
        [[1, 1], [8]],
        [[7, 7, 7], [3]],
        [[1, 1], [1, 1]],
        [[12, 12], [7]],
        [[8, 8], [8]],
        [[7, 12], [1]],
    ],
)
def test_no_place_follows_from_its_network_and_the_nation(networks: list[list[int]]) -> None:
    ways = _ways(networks)
    for number, places in enumerate(networks):
        for place in range(len(places)):
            assert len({way[number][place] for way in ways}) > 1, (networks, ways)


def test_a_whole_that_fits_its_parts_in_one_way_is_taken_to_the_next_step() -> None:
    assert disclosed_whole(28, [7, 7, 7, 7])[0] == 25
    assert disclosed_whole(27, [7, 7, 7, 6])[0] == 25
    assert disclosed_whole(12, [1] * 12)[0] == 15
    assert disclosed_whole(28, [])[0] == 30


@settings(max_examples=30)
@given(some.integers(0, 60), some.integers(1, 20))
def test_a_network_does_not_learn_of_another_by_taking_its_own_away(own: int, other: int) -> None:
    shown = disclosed_total(own + other, [other])
    fitting = {one for one in range(1, 40) if disclosed(one) == disclosed(other)}
    assert {one for one in fitting if disclosed_total(own + one, [one]) == shown} == fitting


@pytest.fixture
def few(session: Session, cast: Cast) -> ImprovementMeasure:
    """3 of 41, 9 of 41 and 38 of 41 in the West Midlands; 211 of 403 in Manchester, each month."""
    of = makers.measure(of=programme(by=cast.national), by=cast.national)
    makers.counted([(3, 41), (9, 41), (38, 41)], of=of, by=cast.hin)
    makers.counted([(211, 403)] * 3, of=of, by=cast.other_hin)
    return of


def test_rates_are_taken_from_rounded_counts(few: ImprovementMeasure, cast: Cast) -> None:
    board = board_of(few, cast.ics.actor)
    told = board.readings(board.place("HI-WM"))
    assert [(one.count, one.out_of) for one in told] == [(None, None), (10, 40), (40, 40)]
    assert [point.value for point in board.chart(board.place("HI-WM")).points] == [None, 25, 100]
    own = board_of(few, cast.hin.actor)
    assert [one.count for one in own.readings(own.place("HI-WM"))] == [3, 9, 38]
    nation = board_of(few, cast.national.actor)
    assert [one.count for one in nation.readings(nation.place("england"))] == [214, 220, 249]


def test_the_nation_is_not_told_less_one_network(few: ImprovementMeasure, cast: Cast) -> None:
    """Of the other network Manchester would else learn 3 = 214 - 211."""
    board = board_of(few, cast.other_hin.actor)
    told = board.readings(board.place("england"))
    assert [one.count for one in told] == [None, 221, 251]


PAGES = ("", "?place=HI-WM", "?place=england", "/networks", "/funnel", "/funnel?of=parts")


@pytest.mark.parametrize("reader", ["ics", "other_hin"])
def test_no_page_and_no_file_says_what_is_hidden(
    few: ImprovementMeasure, cast: Cast, as_: As, reader: str
) -> None:
    makers.counted([(2, 23)], of=few, by=cast.hin, team="Ward 4")
    browser = as_(getattr(cast, reader))
    address = f"/improvement/measures/{few.id}"
    pages = [f"{address}{page}" for page in PAGES]
    for place in ("HI-WM", "england"):
        pages += [f"{address}/download.{kind}?place={place}" for kind in ("csv", "xlsx")]
    pages += ["/improvement/measures", "/improvement", "/improvement?network=HI-WM"]
    pages += ["/improvement/quarter", f"/improvement/programmes/{few.programme_id}"]
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200, page
        text = told_by(answer)
        for hidden in (r"\b38\b", r"\b41\b", r"7\.3%", r"7\.32", r"92\.7%", r"22%", r"21\.95"):
            assert not re.search(hidden, text), (page, hidden)
    assert "*" in browser.get(f"{address}?place=HI-WM").text


SPOKEN = re.compile(r'\b(?:alt|title|aria-[a-z]+|data-[a-z-]+)="([^"]*)"')


def told_by(answer: TestResponse) -> str:
    """What a page or file says: its words, what is read out in their place, and cells."""
    if "spreadsheet" not in answer.mimetype:
        return words_of(answer.text)
    book = load_workbook(io.BytesIO(answer.data))
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    return " ".join(str(cell) for row in rows for cell in row if cell is not None)


def words_of(html: str) -> str:
    """The words of a page, and those of titles, of what pictures say instead, and of data."""
    return " ".join([re.sub(r"<[^>]+>", " ", html), *SPOKEN.findall(html)])


@pytest.mark.parametrize(
    "planted", ['<p title="41 of 48">', '<svg aria-label="last 41"/>', '<i data-last="41"></i>']
)
def test_the_search_for_hidden_numbers_finds_what_is_planted(planted: str) -> None:
    assert re.search(r"\b41\b", words_of(planted))


def test_single_cases_are_for_their_own_network(session: Session, cast: Cast, as_: As) -> None:
    of = makers.measure(
        "Days between falls",
        of=programme(by=cast.national),
        by=cast.national,
        chart=ChartKind.T,
        rhythm=Rhythm.EVENT,
    )
    makers.counted([(1, None)] * 5, of=of, by=cast.hin)
    board = board_of(of, cast.ics.actor)
    assert all(one.is_hidden for one in board.readings(board.place("HI-WM")))
    page = as_(cast.ics).get(f"/improvement/measures/{of.id}?place=HI-WM")
    assert "numbers are too small to be shown" in page.text
    assert len(board_of(of, cast.hin.actor).chart(board.place("HI-WM")).plotted) == 4

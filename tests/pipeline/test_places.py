"""Innovations by integrated care system: the systems of the day, and what they came of."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import clock_at
from portal.innovations.models import Sharing
from portal.pipeline.queries.places import by_place
from portal.reference.models import Ics
from portal.reference.queries import icss
from portal.reference.rules.tiles import TILES, tiles_of
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.pipeline.test_pipeline_pages import numbers, read, total

Browser = Callable[[Person], PageClient]
BEFORE, AFTER = date(2026, 3, 31), date(2026, 4, 1)


@pytest.fixture
def recorded(session: Session, cast: Cast) -> None:
    """Innovations of before April 2026: one system became part of another whole, one was divided,
    one is as it was."""
    with clock_at(datetime(2026, 1, 5, 9, tzinfo=UTC)):
        for code in ("QXU", "QNX", "QNQ", "QWU"):
            found = session.scalars(select(Ics).where(Ics.code == code)).one()
            makers.innovation(code, of=cast.innovator, ics=found, sharing=Sharing.PUBLIC)
    session.commit()


def counted(cast: Cast, on: date) -> tuple[dict[str, float], dict[str, float]]:
    here, elsewhere = by_place(cast.national.actor, on)
    return tuple({p.code: p.total for p in found if p.total} for found in (here, elsewhere))


def test_a_day_has_its_own_systems(recorded: None, cast: Cast) -> None:
    assert len(by_place(cast.national.actor, BEFORE)[0]) == 42
    assert len(by_place(cast.national.actor, AFTER)[0]) == 36
    assert counted(cast, BEFORE) == ({"QXU": 1, "QNX": 1, "QNQ": 1, "QWU": 1}, {})
    assert counted(cast, AFTER) == ({"X26-SURREY-SUSSEX": 2, "QWU": 1}, {"QNQ": 1})


@pytest.mark.parametrize("on", [BEFORE, AFTER])
def test_every_system_has_a_tile_of_its_own(session: Session, on: date) -> None:
    codes = [ics.code for ics in icss(on)]
    tiles = tiles_of(codes)
    assert len(set(tiles.values())) == len(codes)
    assert max(row for _, row in tiles.values()) == max(row for _, row in TILES.values())


def test_a_system_that_the_map_does_not_know_stands_below() -> None:
    rows = [row for _, row in tiles_of(["QWU", "NEW", "NEWER"]).values()]
    assert rows[1] == rows[2] > max(row for _, row in TILES.values())


def test_numbers_lead_to_their_records_and_the_file_says_the_same(
    recorded: None, cast: Cast, as_: Browser
) -> None:
    browser = as_(cast.ics)
    for on in (BEFORE, AFTER):
        page = browser.get(f"/pipeline/places?on={on}").text
        found = numbers(page)
        assert sum(number for _, number in found) == 4
        for href, number in found:
            assert total(browser.get(href).text) == number, href
        rows = read(browser.get(f"/pipeline/places.csv?on={on}").data)
        assert sum(int(row[1]) for row in rows[1:]) == 4


def test_before_there_were_systems_the_page_says_so(cast: Cast, as_: Browser) -> None:
    page = as_(cast.ics).get("/pipeline/places?on=2015-05-05").text
    assert "the first began on 1 July 2022" in page

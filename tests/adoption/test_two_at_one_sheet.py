"""Colleagues fill in one sheet at the same moment, on PostgreSQL: nobody's row is lost."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Actor
from portal.adoption.models import EligibleList, Sheet, SheetRow
from portal.adoption.services import lists, sheets
from portal.clock import today
from portal.db import db
from portal.innovations.models import AdoptionState
from portal.reference.rules import Quarter
from tests import makers
from tests.accounts.test_used_once import at_once
from tests.adoption.conftest import BEGUN, place
from tests.cast import Cast
from tests.conftest import make_app
from tests.tables import fill

PLACES = 24
STATES = [AdoptionState.STAGE_1, AdoptionState.STAGE_3, AdoptionState.STAGE_5]


@pytest.fixture
def house(database: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on a PostgreSQL of its own, where what is committed stays."""
    app = make_app(database, tmp_path, SERVER_NAME="portal.example")
    with app.app_context():
        fill()
    yield app
    with app.app_context():
        db.engine.dispose()


def made(app: Flask) -> tuple[int, Actor]:
    """A list of places in one network's area; returns it and the network's person."""
    with app.app_context():
        cast = Cast()
        record = makers.innovation("Thopaz", of=cast.innovator, opens=False)
        by = cast.national.actor
        eligible = lists.make_list(name="Trusts", innovation=record, by=by)
        ids = [place(f"RW{n:02}").id for n in range(PLACES)]
        lists.add_places(eligible=eligible, site_ids=ids, since=BEGUN, by=by)
        db.session.commit()
        return eligible.id, cast.hin.actor


def test_colleagues_who_fill_in_one_sheet_at_once_lose_no_row(house: Flask) -> None:
    list_id, by = made(house)

    def opened() -> int:
        eligible = db.session.get_one(EligibleList, list_id)
        quarter = Quarter.of(today())
        sheet = sheets.open_sheet(eligible=eligible, hin_id=by.hin_id or 0, quarter=quarter, by=by)
        return sheet.id

    numbers = at_once(house, opened, opened, opened)
    assert len(set(numbers)) == 1
    (sheet_id,) = {number for number in numbers if isinstance(number, int)}
    with house.app_context():
        rows = select(SheetRow.id).where(SheetRow.sheet_id == sheet_id).order_by(SheetRow.id)
        ids = list(db.session.scalars(rows))
    assert len(ids) == PLACES

    def save(which: int) -> sheets.SavedRows:
        """Everybody fills in a third alone, and all of them the last row."""
        mine = [*ids[which * 7 : which * 7 + 7], ids[-1]]
        changes = [sheets.RowChange(one, 1, STATES[which]) for one in mine]
        return sheets.save_rows(sheet=db.session.get_one(Sheet, sheet_id), changes=changes, by=by)

    found = at_once(house, *(partial(save, which) for which in range(3)))
    saved = [one for one in found if isinstance(one, sheets.SavedRows)]
    assert sorted(len(one.saved) for one in saved) == [7, 7, 8]
    assert sorted(one.late for one in saved) == [[], [ids[-1]], [ids[-1]]]
    with house.app_context():
        states = dict(db.session.execute(select(SheetRow.id, SheetRow.state)).all())
    for which in range(3):
        assert {states[one] for one in ids[which * 7 : which * 7 + 7]} == {STATES[which]}
    first = next(which for which, one in enumerate(found) if len(one.saved) == 8)  # type: ignore[attr-defined]
    assert states[ids[-1]] is STATES[first]

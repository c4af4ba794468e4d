"""A place comes into another network's area in the middle of a quarter: its update is asked of one
network at a time, counted once, and what the former network said is not lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.adoption.models import EligibleList, Sheet, SheetRow
from portal.adoption.queries.picture import page
from portal.adoption.queries.sheets import lines_of, networks_asked, pairs_of
from portal.adoption.queries.spread import EVERYWHERE, spread_of
from portal.adoption.services import sheets as services
from portal.clock import now, today
from portal.db import db
from portal.innovations.models import AdoptionState
from portal.innovations.queries.adoption import rows_of
from portal.innovations.rules.adoption import positions
from portal.reference.models import Site, SiteMembership
from portal.reference.queries import icss
from portal.reference.rules import Quarter
from tests import makers
from tests.adoption.conftest import Field
from tests.cast import Cast, Person


def _open(eligible: EligibleList, by: Person) -> Sheet:
    hin_id, quarter = by.actor.hin_id or 0, Quarter.of(today())
    return services.open_sheet(eligible=eligible, hin_id=hin_id, quarter=quarter, by=by.actor)


def _say(sheet: Sheet, by: Person, site: Site, state: AdoptionState) -> None:
    (row,) = [one.row for one in lines_of(sheet) if one.row.site_id == site.id]
    change = services.RowChange(row.id, row.version, state)
    assert services.save_rows(sheet=sheet, changes=[change], by=by.actor).saved == [row.id]


def _send(sheet: Sheet, by: Person) -> None:
    services.leave_unchanged(
        sheet=sheet, row_ids=[one.row.id for one in lines_of(sheet)], by=by.actor
    )
    db.session.refresh(sheet)
    assert services.submit(sheet=sheet, version=sheet.version, by=by.actor)


def _move(site: Site, to: str) -> None:
    """From today on the place lies in another ICS, and so in another network's area; what was typed
    before was typed the day before."""
    yesterday = today() - timedelta(days=1)
    held = db.session.scalars(select(SiteMembership).where(SiteMembership.site_id == site.id)).one()
    held.valid_to = yesterday
    ics = makers.ics(to).id
    makers.put(SiteMembership(site_id=site.id, commissioner_ics_id=ics, valid_from=today()))
    site.commissioner_ics_id = ics
    said = update(SheetRow).where(SheetRow.saved_at.is_not(None))
    db.session.execute(said.values(saved_at=now() - timedelta(days=1)))
    db.session.flush()
    db.session.expire_all()


@pytest.mark.parametrize("was_said", [True, False])
@pytest.mark.parametrize("former_first", [True, False])
def test_a_place_that_moves_in_mid_quarter_is_counted_once_and_not_lost(
    cast: Cast, field: Field, *, was_said: bool, former_first: bool
) -> None:
    moved, quarter = field.places[0], Quarter.of(today())
    before = _open(field.eligible, cast.hin)
    if was_said:
        _say(before, cast.hin, moved, AdoptionState.STAGE_2)
    _move(moved, "QOP")
    after = _open(field.eligible, cast.other_hin)

    # Each place is asked of one network, and of one alone.
    asked = [site for sheet in (before, after) for site, _ in pairs_of(sheet)]
    assert sorted(asked) == sorted(one.id for one in field.places)
    hins = {cast.hin.actor.hin_id, cast.other_hin.actor.hin_id}
    assert networks_asked([field.eligible.id], quarter)[field.eligible.id] == hins

    _say(after, cast.other_hin, moved, AdoptionState.STAGE_5)
    sent = [(before, cast.hin), (after, cast.other_hin)]
    for sheet, by in sent if former_first else reversed(sent):
        _open(field.eligible, by)
        _send(sheet, by)

    # Whoever sends last: the network where it lies now has the last word, the former's stays.
    every = rows_of(field.innovation.id)
    states = [row.state for row in every if row.site_id == moved.id]
    assert (AdoptionState.STAGE_2 in states) is was_said
    assert positions(every, today())[moved.id].state is AdoptionState.STAGE_5
    found = page(
        spread_of(field.eligible, [field.innovation.id]),
        EVERYWHERE,
        today(),
        quarter.previous.last,
        icss(today()),
        {},
    )
    assert found.england.total == len(field.places)
    assert found.england.at_5.numerator == 1
    assert found.england.answered.numerator == 1

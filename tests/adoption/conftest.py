"""A list of places that could use an innovation, in the areas of two networks."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from portal.adoption.models import EligibleList
from portal.adoption.services import lists
from portal.db import db
from portal.innovations.models import Innovation, Sharing
from portal.reference.models import Site, SiteKind, SiteMembership
from tests import makers
from tests.cast import Cast

BEGUN = date(2024, 4, 1)


def place(code: str, ics: str = "QWU", kind: SiteKind = SiteKind.TRUST, **values: Any) -> Site:
    """A place that has lain in one ICS for as long as anybody knows."""
    held = makers.ics(ics).id
    row = Site(code=code, kind=kind, name=f"Trust {code}", commissioner_ics_id=held, **values)
    makers.put(row)
    makers.put(SiteMembership(site_id=row.id, commissioner_ics_id=held, valid_from=None))
    return row


@dataclass
class Field:
    """An innovation, the list of its places, and the places."""

    innovation: Innovation
    eligible: EligibleList
    places: list[Site]


@pytest.fixture
def field(cast: Cast) -> Field:
    """Three trusts in the West Midlands and two in Manchester could use it."""
    record = makers.innovation("Thopaz", of=cast.innovator, sharing=Sharing.HINS_AND_ICSS)
    places = [place(f"RW{n}") for n in range(3)] + [place(f"RM{n}", "QOP") for n in range(2)]
    made = lists.make_list(name="Trusts", innovation=record, by=cast.national.actor)
    ids = [one.id for one in places]
    lists.add_places(eligible=made, site_ids=ids, since=BEGUN, by=cast.national.actor)
    db.session.flush()
    return Field(record, made, places)

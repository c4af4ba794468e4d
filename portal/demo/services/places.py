"""The organisations of the demo world, and where each of them is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.accounts import services as accounts
from portal.accounts.models import Actor, Organisation, OrganisationKind, Role
from portal.accounts.queries import organisation_named
from portal.db import db
from portal.demo.queries import Record
from portal.demo.services import sites
from portal.reference.models import Hin, HinServiceArea, Ics, IcsSuccession

LOADER = Actor(name="The demonstration", role=Role.ADMINISTRATOR)
"""Who sets up what nobody of the demo world could: not a person, in nobody's list."""
NATIONAL = "National innovation team (demonstration)"


@dataclass
class Places:
    """The organisations, found by what the data files call them."""

    today: date
    ics_now: dict[str, Ics]
    """Today's ICS for the code of any, past ones too."""
    lead_hin: dict[int, Hin]
    """The HIN that leads in an ICS today, by the ICS's id."""
    of_ics: dict[int, Organisation] = field(default_factory=dict)
    of_hin: dict[int, Organisation] = field(default_factory=dict)
    named: dict[str, Organisation] = field(default_factory=dict)
    sites: dict[int, list[str]] = field(default_factory=dict)
    """The codes of the places in each ICS, by its id."""

    def hin_for(self, ics_code: str) -> Hin:
        """Return the HIN that leads today where the ICS with this code is or was."""
        return self.lead_hin[self.ics_now[ics_code].id]

    def place(self, key: str) -> Organisation:
        """Return the organisation behind an ICS's code, a HIN's code, "national" or a name."""
        if key in self.ics_now:
            return self.of_ics[self.ics_now[key].id]
        hin = next((o for o in self.of_hin.values() if o.hin and o.hin.code == key), None)
        return hin or self.named[NATIONAL if key == "national" else key]


def build(today: date, makers: Iterable[Record]) -> Places:
    """Set up every HIN, today's ICSs, the national team and whoever makes an innovation."""
    places = Places(today, _ics_now(today), _lead_hins(today))
    icss = {ics.id: ics for ics in places.ics_now.values()}
    places.sites = sites.build(icss)
    for ics in icss.values():
        places.of_ics[ics.id] = _organisation(
            places, OrganisationKind.ICS, name=ics.ics_name, ics_id=ics.id
        )
        places.named.setdefault(ics.icb_name, places.of_ics[ics.id])
    for hin in db.session.scalars(select(Hin).order_by(Hin.name)):
        places.of_hin[hin.id] = _organisation(
            places, OrganisationKind.HIN, name=hin.name, hin_id=hin.id, website=hin.website
        )
    _organisation(places, OrganisationKind.NATIONAL, name=NATIONAL)
    for record in makers:
        if record["organisation"] not in places.named:
            _maker(places, record)
    return places


def _maker(places: Places, record: Record) -> None:
    kind = OrganisationKind(record["organisation_kind"])
    if kind in (OrganisationKind.ICS, OrganisationKind.HIN):
        # Partnerships of the past, neither an ICS nor a HIN of today: a public body of its own.
        kind = OrganisationKind.NATIONAL
    home = None if kind is OrganisationKind.NATIONAL else places.ics_now[record["home_ics"]]
    _organisation(places, kind, name=record["organisation"], ics_id=home.id if home else None)


def _organisation(places: Places, kind: OrganisationKind, **details: Any) -> Organisation:
    found = organisation_named(details["name"])
    if found is not None and found.kind is kind:
        # `flask reference load` has made it; in this world it has made-up people.
        found.is_demo = True
    row = found or accounts.create_organisation(kind=kind, by=LOADER, is_demo=True, **details)
    places.named[row.name] = row
    return row


def _ics_now(today: date) -> dict[str, Ics]:
    """Return today's ICS for every code: itself, or the one that took over most of it.

    Where an ICS was split, the successor of the whole or of its first named part is taken.
    """
    icss = {ics.id: ics for ics in db.session.scalars(select(Ics).order_by(Ics.id))}
    rows = db.session.scalars(
        select(IcsSuccession).where(IcsSuccession.on <= today).order_by(IcsSuccession.id)
    ).all()
    followed: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: row.part != "whole"):
        followed.setdefault(row.predecessor_id, row.successor_id)
    return {ics.code: icss[followed.get(ics.id, ics.id)] for ics in icss.values()}


def _lead_hins(today: date) -> dict[int, Hin]:
    areas = db.session.scalars(
        select(HinServiceArea).where(
            HinServiceArea.is_lead,
            HinServiceArea.valid_from <= today,
            HinServiceArea.valid_to.is_(None) | (HinServiceArea.valid_to >= today),
        )
    )
    return {area.ics_id: area.hin for area in areas}

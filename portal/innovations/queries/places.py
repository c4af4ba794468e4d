"""Which HIN looks at a record first."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Organisation, OrganisationKind
from portal.accounts.queries.merging import kept_organisation
from portal.db import by_name, db
from portal.innovations.models import Innovation, Nation, RecordStatus
from portal.reference.models import Hin, Ics
from portal.reference.queries import hin_of_ics, successors
from portal.reference.queries.postcodes import ics_code_by_postcode
from portal.text import folded

NEAREST = {Nation.SCOTLAND: "HI-NENC", Nation.WALES: "HI-WEST", Nation.NORTHERN_IRELAND: "HI-NWC"}
"""The HIN, by code, that looks first at what comes from the other nations: the one next to them."""


def suggested_hin(ics_code: str | None, nation: str | None = None) -> Hin | None:
    """Return the HIN that looks first at what comes from a place: the one that leads today in the
    ICS or in what followed it, the one next to another nation, else the one that has the fewest.

    There is always one; None only while no HIN is loaded.
    """
    ics = db.session.scalar(select(Ics).where(Ics.code == ics_code)) if ics_code else None
    found = hin_of_ics(ics.id) if ics else None
    if found is None and nation in NEAREST:
        found = db.session.scalar(select(Hin).where(Hin.code == NEAREST[Nation(nation)]))
    return found or _with_fewest()


def _with_fewest() -> Hin | None:
    """Return the HIN that looks first at the fewest records on the pipeline; by name on a tie."""
    has_it = (Innovation.hin_id == Hin.id) & (Innovation.status == RecordStatus.SUBMITTED)
    return db.session.scalar(
        select(Hin)
        .outerjoin(Innovation, has_it)
        .group_by(Hin.id)
        .order_by(func.count(Innovation.id), by_name(Hin.name))
        .limit(1)
    )


def ics_of(postcode: str | None) -> Ics | None:
    """Return today's ICS in which a postcode most likely lies; None where that is not known."""
    code = ics_code_by_postcode(postcode) if postcode else None
    ics = db.session.scalar(select(Ics).where(Ics.code == code)) if code else None
    following = successors(ics) if ics else []
    return following[0] if len(following) == 1 else None


def organisation_named(name: str) -> Organisation | None:
    """Return the organisation of that name, or of the HIN or ICS with that code; the oldest of
    several."""
    every = select(Organisation).options(joinedload(Organisation.hin), joinedload(Organisation.ics))
    wanted = folded(name)
    for one in db.session.scalars(every.order_by(Organisation.id)):
        place = one.hin or (one.ics if one.kind is OrganisationKind.ICS else None)
        if wanted in {folded(one.name), folded(place.code) if place else ""}:
            return kept_organisation(one)
    return None


def placed(about: dict[str, Any]) -> None:
    """Complete where the people of a record are based: an ICS says England, in England the
    postcode may tell the ICS, and elsewhere there is none."""
    if about["ics"] and not about["nation"]:
        about["nation"] = Nation.ENGLAND.value
    if about["nation"] != Nation.ENGLAND.value:
        about["ics"] = None
    elif not about["ics"]:
        ics = ics_of(about["postcode"])
        about["ics"] = ics.code if ics else None

"""One ICS follows another; a network is called otherwise. The past stays as it was."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select

from portal.clock import today
from portal.db import db
from portal.errors import Invalid
from portal.reference.models import (
    HinServiceArea,
    Ics,
    IcsSuccession,
    Site,
)
from portal.reference.queries.networks import area_lead, successions_of
from portal.reference.rules import Quarter, folded_place, ics_called
from portal.reference.services.site_links import keep_memberships

BY_HAND = "said by an administrator"
WHOLE = 100
MOVED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class NewIcs:
    """An ICS that is not there yet."""

    name: str
    ods_code: str = ""


def follow(
    *, ics: Ics, by: Ics | NewIcs, on: date, share: int = WHOLE, part: str = ""
) -> IcsSuccession:
    """Let an ICS, or so many in a hundred of its people, go to another on a day.

    What is whole, alone or with the parts that went already, ends the day before, and so does
    which HIN leads there. A new ICS begins on the day, in the same region and with the same HIN.
    Records, people and figures of the days before keep the ICS that they had. Raises Invalid. Who
    may is for the caller to know.
    """
    _check(ics, by, on, share, part)
    successor = _made(by, ics, on) if isinstance(by, NewIcs) else by
    row = IcsSuccession(
        predecessor=ics,
        successor=successor,
        on=on,
        part="whole" if share == WHOLE else part,
        share=share,
        source=BY_HAND,
    )
    db.session.add(row)
    db.session.flush()
    if share + sum(other.share or 0 for other in successions_of(ics) if other is not row) == WHOLE:
        _end(ics, on)
    return row


def _check(ics: Ics, by: Ics | NewIcs, on: date, share: int, part: str) -> None:
    gone = successions_of(ics)
    if ics.valid_to is not None:
        raise Invalid(f"{ics.name} has ended already.")
    if by is ics or any(row.successor is by for row in gone):
        raise Invalid("Select another ICS: this one follows already", field="successor_id")
    if on < max(Quarter.of(today()).first, ics.valid_from + timedelta(days=1)):
        raise Invalid(
            "The day must be in this quarter or later: figures of the quarters before "
            "are not changed",
            field="on",
        )
    if not 1 <= share <= WHOLE - sum(row.share or 0 for row in gone):
        raise Invalid("The shares of all that follow must add up to 100 at most", field="share")
    if share < WHOLE and not part:
        raise Invalid("Enter what the part is called", field="part")
    if isinstance(by, Ics) and (by.valid_from > on or (by.valid_to and by.valid_to < on)):
        raise Invalid(f"{by.name} does not exist on that day", field="successor_id")


def _made(new: NewIcs, ics: Ics, on: date) -> Ics:
    wanted = folded_place(new.name)
    code = new.ods_code.upper()
    for other in db.session.scalars(select(Ics)):
        if folded_place(other.name) == wanted:
            raise Invalid("There is an ICS of this name: select it", field="name")
        if code and code in (other.code, other.ods_code):
            raise Invalid(f"{other.name} has this code", field="ods_code")
    name, ics_name, icb_name = ics_called(new.name)
    row = Ics(
        code=code or f"NEW-{wanted.replace(' ', '-').upper()[:40]}",
        name=name,
        ics_name=ics_name,
        icb_name=icb_name,
        region_id=ics.region_id,
        valid_from=on,
        source=BY_HAND,
        is_edited=True,
    )
    db.session.add(row)
    db.session.flush()
    lead = area_lead(ics.id, on - timedelta(days=1))
    if lead is not None:
        _lead(row, lead, on)
    return row


def _lead(ics: Ics, area: HinServiceArea, on: date) -> None:
    db.session.add(
        HinServiceArea(
            hin_id=area.hin_id, ics_id=ics.id, is_lead=True, valid_from=on, is_edited=True
        )
    )
    db.session.flush()


def _end(ics: Ics, on: date) -> None:
    """Let an ICS end the day before, with those who serve it."""
    eve = on - timedelta(days=1)
    ics.valid_to, ics.is_edited = eve, True
    areas = select(HinServiceArea).where(
        HinServiceArea.ics_id == ics.id,
        or_(HinServiceArea.valid_to.is_(None), HinServiceArea.valid_to > eve),
    )
    for area in db.session.scalars(areas):
        area.valid_to, area.is_edited = eve, True
    db.session.flush()


def move_places(*, row: IcsSuccession) -> int:
    """Let some places of an ICS that went whole belong to the one that followed, from its day;
    returns how many. Call it, and commit, until it returns 0. Nothing before the day has come, and
    nothing of an ICS that was split: the files of the directory say which place went where."""
    if row.on > today() or row.part != "whole":
        return 0
    old, new = row.predecessor_id, row.successor_id
    sites = db.session.scalars(
        select(Site)
        .where(or_(Site.geography_ics_id == old, Site.commissioner_ics_id == old))
        .limit(MOVED_AT_ONCE)
    ).all()
    for site in sites:
        for name in ("geography_ics_id", "commissioner_ics_id"):
            if getattr(site, name) == old:
                setattr(site, name, new)
    keep_memberships(dict.fromkeys(sites, row.on))
    return len(sites)

"""In which ICS and network a place lay on a day: read once for many places and days, and in SQL.

`ics_on`, `hin_on` and `lies_with` are the twins of `Areas`; `tests/adoption/test_behind.py` holds
them equal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.reference.models import Hin, HinServiceArea, Ics, Site, SiteMembership


@dataclass(frozen=True, slots=True)
class Interval:
    """What held between two days, both included; None is without a beginning or an end."""

    valid_from: date | None
    valid_to: date | None
    id: int | None

    def holds(self, on: date) -> bool:
        """Whether it held on the day."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or self.valid_to >= on)


def _of(stays: Sequence[Interval], on: date) -> int | None:
    """Return what held on the day; after the last one ended the last, before the first the first:
    what is counted in England is counted in one of its parts."""
    held = next((stay for stay in reversed(stays) if stay.holds(on)), None)
    if held is None and stays:
        is_after = stays[-1].valid_to is not None and stays[-1].valid_to < on
        held = stays[-1] if is_after else stays[0]
    return held.id if held else None


class Leads:
    """Which network led in which ICS on any day: one statement."""

    def __init__(self) -> None:
        """Read every network that leads or led somewhere."""
        self.hins: dict[int, Hin] = {}
        self._stays: dict[int, list[Interval]] = {}
        areas = (
            select(HinServiceArea, Hin)
            .join(Hin, Hin.id == HinServiceArea.hin_id)
            .where(HinServiceArea.is_lead)
            .order_by(HinServiceArea.valid_from, HinServiceArea.id)
        )
        for area, hin in db.session.execute(areas):
            self.hins[hin.id] = hin
            stay = Interval(area.valid_from, area.valid_to, hin.id)
            self._stays.setdefault(area.ics_id, []).append(stay)

    def hin_id(self, ics_id: int, on: date) -> int | None:
        """Return the network that led in an ICS."""
        return _of(self._stays.get(ics_id, ()), on)


class Areas:
    """Two statements, then any day of any of the places."""

    def __init__(
        self,
        sites: Select[Any],
        own: Iterable[tuple[int, int | None]],
        leads: Leads | None = None,
    ) -> None:
        """`sites` selects the numbers of the places; `own` are their numbers and today's ICSs, for
        those of which nobody recorded when they lay where. `leads`, where it was read already,
        saves a statement."""
        self._own = dict(own)
        self._stays: dict[int, list[Interval]] = {}
        ics = SiteMembership.ics_id.label("ics_id")
        rows = select(
            SiteMembership.site_id, SiteMembership.valid_from, SiteMembership.valid_to, ics
        ).where(SiteMembership.site_id.in_(sites))
        for site_id, begun, ended, ics_id in db.session.execute(rows.order_by(SiteMembership.id)):
            self._stays.setdefault(site_id, []).append(Interval(begun, ended, ics_id))
        self._leads = leads or Leads()
        self.hins = self._leads.hins

    def ics_id(self, site_id: int, on: date) -> int | None:
        """Return the ICS in which a place lay."""
        return _of(self._stays.get(site_id, ()), on) or self._own.get(site_id)

    def hin_id(self, site_id: int, on: date) -> int | None:
        """Return the network that led there."""
        ics_id = self.ics_id(site_id, on)
        return self._leads.hin_id(ics_id, on) if ics_id else None


def ics_on(on: date) -> ColumnElement[int | None]:
    """Return SQL over `Site` for the ICS in which the place lay on the day."""
    stay, other = aliased(SiteMembership), aliased(SiteMembership)
    last = select(func.max(other.id)).where(other.site_id == stay.site_id).correlate(stay)
    found = select(stay.ics_id).where(stay.site_id == Site.id)
    told = found.order_by(*_first(stay, stay.id, last.scalar_subquery(), on)).limit(1)
    return func.coalesce(told.correlate(Site).scalar_subquery(), Site.ics_id)


def hin_on(on: date) -> ColumnElement[int | None]:
    """Return SQL over `Site` for the network that led on the day where the place lay then."""
    return _led_by(ics_on(on), on).correlate(Site).scalar_subquery()


def lies_with(hin_id: int | None, on: date) -> ColumnElement[bool]:
    """Return SQL over `Site` for "`hin_on` is this network", where a network is asked for: in which
    ICSs it led is found once, not for each place."""
    led = _led_by(Ics.id.expression, on).correlate(Ics).scalar_subquery()
    return ics_on(on).in_(select(Ics.id).where(led == hin_id))


def _led_by(ics: ColumnElement[Any], on: date) -> Select[int]:
    """Select the network that led in an ICS on the day."""
    area, other = aliased(HinServiceArea), aliased(HinServiceArea)
    last = (
        select(other.id)
        .where(other.ics_id == area.ics_id, other.is_lead)
        .order_by(other.valid_from.desc(), other.id.desc())
        .limit(1)
        .correlate(area)
    )
    found = select(area.hin_id).where(area.ics_id == ics, area.is_lead)
    told = found.order_by(*_first(area, area.valid_from, last.scalar_subquery(), on), area.id)
    return told.limit(1)


def _first(of: Any, order: Any, last: Any, on: date) -> tuple[ColumnElement[Any], ...]:
    """Return the order of SQL in which the row that `_of` takes is the first: of those that held
    the last, else the last where it is over, else the first."""
    held = or_(of.valid_from.is_(None), of.valid_from <= on) & or_(
        of.valid_to.is_(None), of.valid_to >= on
    )
    is_over = (of.id == last) & (of.valid_to < on)
    return case((held, 0), (is_over, 1), else_=2), case((held, order)).desc(), order

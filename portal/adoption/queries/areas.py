"""In which ICS and network a place lay on a day; read once for many places and days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from portal.db import db
from portal.reference.models import Hin, HinServiceArea, SiteMembership


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


class Areas:
    """Two statements, then any day of any of the places."""

    def __init__(self, sites: Select[Any], own: Iterable[tuple[int, int | None]]) -> None:
        """`sites` selects the numbers of the places; `own` are their numbers and today's ICSs, for
        those of which nobody recorded when they lay where."""
        self._own = dict(own)
        self._stays: dict[int, list[Interval]] = {}
        ics = SiteMembership.ics_id.label("ics_id")
        rows = select(
            SiteMembership.site_id, SiteMembership.valid_from, SiteMembership.valid_to, ics
        ).where(SiteMembership.site_id.in_(sites))
        for site_id, begun, ended, ics_id in db.session.execute(rows.order_by(SiteMembership.id)):
            self._stays.setdefault(site_id, []).append(Interval(begun, ended, ics_id))
        self.hins: dict[int, Hin] = {}
        self._leads: dict[int, list[Interval]] = {}
        areas = (
            select(HinServiceArea, Hin)
            .join(Hin, Hin.id == HinServiceArea.hin_id)
            .where(HinServiceArea.is_lead)
            .order_by(HinServiceArea.valid_from)
        )
        for area, hin in db.session.execute(areas):
            self.hins[hin.id] = hin
            stay = Interval(area.valid_from, area.valid_to, hin.id)
            self._leads.setdefault(area.ics_id, []).append(stay)

    def ics_id(self, site_id: int, on: date) -> int | None:
        """Return the ICS in which a place lay."""
        return _of(self._stays.get(site_id, ()), on) or self._own.get(site_id)

    def hin_id(self, site_id: int, on: date) -> int | None:
        """Return the network that led there."""
        ics_id = self.ics_id(site_id, on)
        return _of(self._leads.get(ics_id, ()), on) if ics_id else None

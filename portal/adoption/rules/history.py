"""The dated rows of one innovation, asked about any day. Pure.

`innovations.rules.adoption` says which row tells; here the rows are put in order once, so that many
days may be asked for. `queries.behind.stood` is the same in SQL; a property test compares the two.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from portal.adoption.rules.shares import Share
from portal.clock import months_after
from portal.innovations.models import AdoptionState
from portal.innovations.rules.adoption import (
    IN_USE,
    RANK,
    StageRow,
    by_part,
    counted,
)
from portal.reference.rules import Quarter

STALL_QUARTERS = 2
"""No move for so many quarters, below use, is stalled."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a site stands on a day, since when, and when that was last said."""

    state: AdoptionState
    since: date
    said_on: date
    is_indicative: bool = False

    @property
    def level(self) -> int:
        """Return its stage, 0 where it is none."""
        return self.state.level


class _Part:
    """The rows of one part of a place, one for each day, as the positions that they begin."""

    def __init__(self, rows: Iterable[StageRow]) -> None:
        told = {row.on: row for row in sorted(rows, key=lambda row: (row.on, row.id))}
        self.days = list(told)
        self.positions: list[Position] = []
        for row in told.values():
            last = self.positions[-1] if self.positions else None
            since = last.since if last is not None and last.state is row.state else row.on
            indicative = bool(getattr(row, "is_indicative", False))
            self.positions.append(Position(row.state, since, row.on, indicative))

    def at(self, on: date) -> Position | None:
        """Return where it stood at the end of a day."""
        end = bisect_right(self.days, on)
        return self.positions[end - 1] if end else None


class History:
    """What is known of each site with one innovation."""

    def __init__(self, rows: Iterable[StageRow], known: datetime | None = None) -> None:
        self._parts: dict[int, list[_Part]] = {}
        for (site_id, _), mine in by_part(counted(rows, known)).items():
            if site_id is not None:
                self._parts.setdefault(site_id, []).append(_Part(mine))

    def at(self, site_id: int, on: date) -> Position | None:
        """Return where a site stood at the end of a day; None where nobody had asked."""
        parts = self._parts.get(site_id, ())
        if len(parts) == 1:
            return parts[0].at(on)
        found = [position for part in parts if (position := part.at(on))]
        return max(found, key=lambda p: (RANK[p.state], p.said_on, p.since), default=None)

    def state(self, site_id: int, on: date) -> AdoptionState:
        """Return its state on a day: unknown where nobody asked."""
        found = self.at(site_id, on)
        return found.state if found else AdoptionState.STAGE_0

    def level(self, site_id: int, on: date) -> int:
        """Return its stage on a day, 0 where it is none."""
        return self.state(site_id, on).level

    def on(self, sites: Iterable[int], on: date) -> dict[int, Position | None]:
        """Return where each of some sites stood."""
        return {site_id: self.at(site_id, on) for site_id in sites}

    def lasted(self, site_id: int, since: date, on: date) -> bool:
        """Whether a site was at stage 5 or above on every day from one to another."""
        changes = {
            day for part in self._parts.get(site_id, ()) for day in part.days if since < day <= on
        }
        return all(self.level(site_id, day) >= IN_USE for day in {since, on, *changes})


STALLING = frozenset(state for state in AdoptionState if 0 < state.level < IN_USE)
"""What has begun and is not in use."""


def stalled_since(on: date) -> date:
    """Return the day before which the last move of a stalled site lies: the first of the quarter
    before that of the day."""
    quarter = Quarter.of(on)
    for _ in range(STALL_QUARTERS - 1):
        quarter = quarter.previous
    return quarter.first


def is_stalled(position: Position | None, on: date) -> bool:
    """Whether a site that has begun, and does not use it, has not moved for two quarters: neither
    in the quarter of the day nor in the one before."""
    if position is None or position.state not in STALLING:
        return False
    return position.since < stalled_since(on)


def sustained(history: History, sites: Iterable[int], on: date, months: int) -> Share:
    """Return how many of the sites that used it so many months before have used it ever since."""
    before = months_after(on, -months)
    used = [site_id for site_id in sites if history.level(site_id, before) >= IN_USE]
    kept = [site_id for site_id in used if history.lasted(site_id, before, on)]
    return Share(len(kept), len(used))

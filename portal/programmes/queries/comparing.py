"""Compare what was counted with what was planned: over the quarters, by network, as frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from portal.clock import day_of
from portal.figures.queries import freezes
from portal.programmes.models import ProgrammeValue, Trajectory
from portal.programmes.queries.measuring import against, trajectories_of
from portal.programmes.rules.values import Cell, Planned, by_cell, in_period, standing


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a quarter said when it was frozen, where that differs from what it says now."""

    quarter_on: date
    at: datetime
    then: Planned | None
    now: Planned | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A trajectory in its versions, with what was counted over the same sites."""

    versions: Sequence[Trajectory]
    rows: Sequence[Planned]
    """The version in force, by quarter and area."""
    counted: Mapping[Cell, float]
    frozen: Sequence[Frozen]

    @property
    def newest(self) -> Trajectory:
        """Return the newest version."""
        return self.versions[-1]

    @property
    def nation(self) -> list[Planned]:
        """Return England's quarters, in their order."""
        return [row for row in self.rows if row.hin_id is None]

    def of_network(self, hin_id: int) -> list[Planned]:
        """Return the quarters of one network, in their order."""
        return [row for row in self.rows if row.hin_id == hin_id]

    @property
    def last_reported(self) -> date | None:
        """Return the first day of the last quarter of which anything was reported."""
        return max((row.quarter_on for row in self.rows if row.counted is not None), default=None)

    @property
    def league(self) -> list[Planned]:
        """Return the networks in the last quarter of which anything was reported, by network:
        which has more depends on how many could use it, so that none is first."""
        last = self.last_reported
        return [row for row in self.rows if row.quarter_on == last and row.hin_id is not None]

    def reporting(self, row: Planned) -> tuple[int, int]:
        """Return how many networks reported in a quarter, of those for which something is planned:
        England's sum lacks the others."""
        same = [
            one for one in self.rows if one.quarter_on == row.quarter_on and one.hin_id is not None
        ]
        return sum(one.counted is not None for one in same), len(same)

    def year_before(self, row: Planned) -> float | None:
        """Return what was counted in the same quarter of the year before."""
        before = row.quarter_on.replace(year=row.quarter_on.year - 1)
        return self.counted.get((before, row.hin_id))


def comparisons(
    programme_id: int, measure_id: int, rows: Sequence[ProgrammeValue], day: date
) -> list[Comparison]:
    """Return every trajectory of a measure, each with what was counted over its own sites.

    `rows` are all values of the measure in the programme, corrected ones too.
    """
    versions = trajectories_of(programme_id, measure_id)
    frozen = freezes()
    groups = groupby(versions, key=lambda one: (one.product_id, one.part))
    return [_comparison(list(group), rows, day, frozen) for _, group in groups]


def _comparison(
    versions: list[Trajectory],
    rows: Sequence[ProgrammeValue],
    day: date,
    frozen: Mapping[date, datetime],
) -> Comparison:
    of = versions[-1]
    same = [row for row in rows if row.product_id == of.product_id and row.part == of.part]
    now = against(versions, rows, day)
    return Comparison(
        versions,
        now,
        by_cell(in_period(standing(same))),
        [
            one
            for quarter_on, at in sorted(frozen.items())
            if (one := _as_frozen(versions, rows, now, quarter_on, at)) is not None
        ],
    )


def _as_frozen(
    versions: Sequence[Trajectory],
    rows: Sequence[ProgrammeValue],
    live: Sequence[Planned],
    quarter_on: date,
    at: datetime,
) -> Frozen | None:
    """Return England's quarter as it was frozen beside what it is now, where the two differ."""
    then = _nation(against(versions, rows, day_of(at), at), quarter_on)
    now = _nation(live, quarter_on)
    return None if then == now else Frozen(quarter_on, at, then, now)


def _nation(rows: Sequence[Planned], quarter_on: date) -> Planned | None:
    found = (row for row in rows if row.quarter_on == quarter_on and row.hin_id is None)
    return next(found, None)

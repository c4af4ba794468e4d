"""Versions of a trajectory: which is in force, and what it plans. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from portal.programmes.models import Trajectory
from portal.programmes.rules.values import Cell, with_nation


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its number, from when it holds, when it was entered, what it plans."""

    number: int
    valid_from: date
    at: datetime
    points: Mapping[Cell, float]

    @classmethod
    def of(cls, row: Trajectory) -> Self:
        """Return the version that a row holds."""
        points = {(point.quarter_on, point.hin_id): point.planned for point in row.points}
        return cls(row.number, row.valid_from, row.at, points)


def in_force(
    versions: Sequence[Version], day: date, as_of: datetime | None = None
) -> Version | None:
    """Return the newest version that holds on a day, as known at a moment (None: now)."""
    known = [
        one for one in versions if one.valid_from <= day and (as_of is None or one.at <= as_of)
    ]
    return max(known, key=lambda one: one.number, default=None)


def planned_rows(
    version: Version, names: Mapping[int, str]
) -> list[tuple[date, float | None, list[tuple[str, float]]]]:
    """Return quarter, what is planned for England, and what for each network that `names` names."""
    cells = planned_cells(version)
    return [
        (
            day,
            cells.get((day, None)),
            [(name, cells[day, hin]) for hin, name in names.items() if (day, hin) in cells],
        )
        for day in sorted({day for day, _ in cells})
    ]


def planned_cells(version: Version) -> dict[Cell, float]:
    """Return what a version plans by quarter and area: the nation is its own, else the sum."""
    return with_nation(dict(version.points))

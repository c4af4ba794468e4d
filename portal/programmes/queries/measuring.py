"""Read measures, values, and how they compare with what was planned."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, union
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.errors import NotFound
from portal.programmes.models import (
    Aim,
    CountingRule,
    Measure,
    Programme,
    ProgrammeProduct,
    ProgrammeValue,
    Trajectory,
    ValueKind,
)
from portal.programmes.rules.numbers import plain
from portal.programmes.rules.trajectories import Version, in_force, planned_cells
from portal.programmes.rules.values import (
    Planned,
    by_cell,
    in_period,
    is_share,
    standing,
    with_unit,
)

WITH = (
    joinedload(ProgrammeValue.measure),
    joinedload(ProgrammeValue.product),
    joinedload(ProgrammeValue.hin),
)


@dataclass(frozen=True, slots=True)
class Latest:
    """The value that counts towards an aim."""

    value: float
    unit: str
    period: str

    @property
    def words(self) -> str:
        """Return it as people read it."""
        return with_unit(plain(self.value), self.unit)


def measures() -> Sequence[Measure]:
    """Return every measure, by its group and name."""
    return db.session.scalars(select(Measure).order_by(Measure.group, Measure.name)).all()


def measures_used(programme_id: int) -> set[int]:
    """Return the ids of the measures of which a programme has a value, a trajectory or an aim."""
    used = (
        select(table.measure_id).where(table.programme_id == programme_id)
        for table in (ProgrammeValue, Trajectory, Aim)
    )
    return {found for found in db.session.scalars(union(*used)) if found is not None}


def measure_called(code: str) -> Measure:
    """Return a measure by its code; raises NotFound."""
    found = db.session.scalar(select(Measure).where(Measure.code == code))
    if found is None:
        raise NotFound("There is no such measure.")
    return found


def rows_of(programme_id: int, measure_id: int | None = None) -> Sequence[ProgrammeValue]:
    """Return all values of a programme, corrected ones too, in the order of their entry."""
    found = select(ProgrammeValue).where(ProgrammeValue.programme_id == programme_id)
    if measure_id is not None:
        found = found.where(ProgrammeValue.measure_id == measure_id)
    return db.session.scalars(found.options(*WITH).order_by(ProgrammeValue.id)).all()


def values_of(
    programme_id: int, measure_id: int | None = None, as_of: datetime | None = None
) -> list[ProgrammeValue]:
    """Return the values that stand, as known at a moment (None: now)."""
    return standing(rows_of(programme_id, measure_id), as_of)


def values_of_all(programme_ids: Collection[int]) -> dict[int, list[ProgrammeValue]]:
    """Return the values that stand of several programmes, by the programme's number."""
    found = select(ProgrammeValue).where(ProgrammeValue.programme_id.in_(programme_ids))
    rows: dict[int, list[ProgrammeValue]] = {number: [] for number in programme_ids}
    for row in db.session.scalars(found.options(*WITH).order_by(ProgrammeValue.id)):
        rows[row.programme_id].append(row)
    return {number: standing(of) for number, of in rows.items()}


def value_for(programme_id: int, value_id: int) -> ProgrammeValue:
    """Return one value of this programme; raises NotFound for another's."""
    found = db.session.get(ProgrammeValue, value_id, options=WITH)
    if found is None or found.programme_id != programme_id:
        raise NotFound("There is no such value in this programme.")
    return found


def correction_of(value: ProgrammeValue) -> ProgrammeValue | None:
    """Return the row that corrects a value, if one does."""
    return db.session.scalar(select(ProgrammeValue).where(ProgrammeValue.corrects_id == value.id))


def counting_rules(programme_id: int) -> Sequence[CountingRule]:
    """Return how patients are reckoned in a programme, the newest rule of a product first."""
    return db.session.scalars(
        select(CountingRule)
        .where(CountingRule.programme_id == programme_id)
        .options(joinedload(CountingRule.product), joinedload(CountingRule.measure))
        .order_by(CountingRule.product_id, CountingRule.valid_from.desc())
    ).all()


def trajectories_of(programme_id: int, measure_id: int | None = None) -> Sequence[Trajectory]:
    """Return every version of every trajectory of a programme, with what it plans."""
    found = select(Trajectory).where(Trajectory.programme_id == programme_id)
    if measure_id is not None:
        found = found.where(Trajectory.measure_id == measure_id)
    return db.session.scalars(
        found.options(
            selectinload(Trajectory.points),
            joinedload(Trajectory.product),
            joinedload(Trajectory.measure),
        ).order_by(Trajectory.product_id, Trajectory.part, Trajectory.number)
    ).all()


def trajectory_for(programme_id: int, trajectory_id: int) -> Trajectory:
    """Return one version of a trajectory of this programme; raises NotFound for another's."""
    found = db.session.get(Trajectory, trajectory_id)
    if found is None or found.programme_id != programme_id:
        raise NotFound("There is no such trajectory in this programme.")
    return found


def newest_number(
    *, programme: Programme, measure: Measure, product: ProgrammeProduct, part: str
) -> int:
    """Return the number of the newest version of a trajectory, 0 for none."""
    found = newest_of(programme=programme, measure=measure, product=product, part=part)
    return found.number if found else 0


def newest_of(
    *, programme: Programme, measure: Measure, product: ProgrammeProduct, part: str
) -> Trajectory | None:
    """Return the newest version of a trajectory, None for none."""
    versions = select(Trajectory).where(
        Trajectory.programme_id == programme.id,
        Trajectory.measure_id == measure.id,
        Trajectory.product_id == product.id,
        Trajectory.part == part,
    )
    return db.session.scalars(versions.order_by(Trajectory.number.desc()).limit(1)).first()


def against(
    versions: Sequence[Trajectory],
    rows: Sequence[ProgrammeValue],
    day: date,
    as_of: datetime | None = None,
) -> list[Planned]:
    """Return what the version in force on a day plans, with what was counted over the same sites.

    `versions` are those of one measure, product and part; `rows` all values of the measure.
    """
    version = in_force([Version.of(one) for one in versions], day, as_of)
    if version is None:
        return []
    of = next(one for one in versions if one.number == version.number)
    same = [
        row
        for row in standing(rows, as_of)
        if row.product_id == of.product_id and row.part == of.part
    ]
    counted = by_cell(in_period(same))
    return [
        Planned(
            quarter_on, hin_id, planned, counted.get((quarter_on, hin_id)), of.measure.is_patients
        )
        for (quarter_on, hin_id), planned in sorted(
            planned_cells(version).items(), key=lambda cell: (cell[0][0], cell[0][1] or 0)
        )
    ]


def latest_value(
    rows: Sequence[ProgrammeValue], measure_id: int, part: str, unit: str
) -> Latest | None:
    """Return the newest counted value of a measure and part in a unit: the nation's, or what was
    published of a network; else the sum of the networks in their last quarter."""
    fitting = [
        row
        for row in rows
        if row.measure_id == measure_id
        and row.part == part
        and row.kind is ValueKind.ACTUAL
        and row.value is not None
        and row.unit == unit
    ]
    own = [row for row in fitting if row.hin_id is None or row.code is not None]
    if own:
        newest = max(own, key=lambda row: (row.as_at or row.quarter_on or date.min, row.id))
        return Latest(newest.value or 0.0, newest.unit, newest.period)
    return _sum_of_networks(fitting)


def _sum_of_networks(rows: Sequence[ProgrammeValue]) -> Latest | None:
    """Return the sum of the networks in the last quarter that one reported; shares have none."""
    last = max((row.quarter_on for row in rows if row.quarter_on), default=None)
    same = [row for row in rows if row.quarter_on == last and not is_share(row)]
    if last is None or not same:
        return None
    return Latest(sum(row.value or 0.0 for row in same), same[0].unit, same[0].period)

"""Count the figures of programmes, and find the rows behind them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.clock import day_of
from portal.db import by_name, db
from portal.figures.rules import WHOLE, Gap, Period, RowsQuery, RowsResult, Value
from portal.programmes.models import (
    CountingRule,
    Programme,
    ProgrammeKind,
    ProgrammeValue,
    Trajectory,
)
from portal.programmes.queries import standing_is
from portal.programmes.queries.awarded import award_rows, award_values, first_award
from portal.programmes.queries.measuring import WITH, against
from portal.programmes.queries.trained import trained_rows, trained_values
from portal.programmes.rules.figures import (
    ACHIEVEMENT,
    AWARDED,
    AWARDS,
    PATIENTS,
    PROGRAMMES,
    TRAINED,
)
from portal.programmes.rules.numbers import Share
from portal.programmes.rules.patients import PatientCount, people_in, sums
from portal.programmes.rules.values import Planned, standing
from portal.programmes.rules.years import Standing
from portal.reference.models import Hin
from portal.reference.rules import Quarter


def count(period: Period) -> list[Value]:
    """Return the figures of a quarter, of every network and the nation."""
    return [
        *_patients(period),
        *_achievement(period),
        *_programmes(period.quarter),
        *trained_values(period, codes := _codes()),
        *award_values(period, codes),
    ]


def first_day() -> date | None:
    """Return the first day of the first quarter of which a value was reported here, or of the first
    award; what reports published before stands on the pages of the programmes."""
    reported = ProgrammeValue.code.is_(None)
    found = db.session.scalar(select(func.min(ProgrammeValue.quarter_on)).where(reported))
    return min(filter(None, (found, first_award())), default=None)


def labels() -> dict[str, str]:
    """Return what the groups are called: kinds, and programmes by name."""
    rows = db.session.execute(
        select(Programme.code, Programme.name).order_by(by_name(Programme.name))
    )
    return {**{kind.value: kind.label for kind in ProgrammeKind}, **dict(rows.all())}


def _counted(period: Period) -> list[PatientCount]:
    first = period.quarter.first
    rows = db.session.scalars(
        select(ProgrammeValue).where(ProgrammeValue.quarter_on == first).options(*WITH)
    ).all()
    return people_in(
        standing(rows, period.as_of), db.session.scalars(select(CountingRule)).all(), period.quarter
    )


def _codes() -> dict[int, str]:
    return dict(db.session.execute(select(Programme.id, Programme.code)).all())


def _patients(period: Period) -> list[Value]:
    """Return people by programme and area, and in all; people in two programmes count in both."""
    codes, found = _codes(), sums(_counted(period))
    whole: dict[int | None, float] = defaultdict(float)
    for (_, area), people in found.items():
        whole[area] += people
    return [
        *(Value(PATIENTS.code, area, codes[of], people) for (of, area), people in found.items()),
        *(Value(PATIENTS.code, area, WHOLE, people) for area, people in whole.items()),
    ]


def _plans(period: Period) -> list[tuple[Trajectory, Planned]]:
    """Return what the trajectories in force plan for the quarter, with what was counted."""
    groups: dict[tuple[int, int, int, str], list[Trajectory]] = defaultdict(list)
    for one in db.session.scalars(
        select(Trajectory)
        .options(joinedload(Trajectory.points), joinedload(Trajectory.measure))
        .order_by(Trajectory.number)
    ).unique():
        groups[one.programme_id, one.measure_id, one.product_id, one.part].append(one)
    rows = _by_measure(period.quarter.first)
    day = day_of(period.as_of) if period.as_of else period.today
    return [
        (versions[-1], planned)
        for key, versions in groups.items()
        for planned in against(versions, rows[key[:2]], day, period.as_of)
        if planned.quarter_on == period.quarter.first
    ]


def _by_measure(first: date) -> dict[tuple[int, int], list[ProgrammeValue]]:
    found: dict[tuple[int, int], list[ProgrammeValue]] = defaultdict(list)
    for row in db.session.scalars(
        select(ProgrammeValue).where(ProgrammeValue.quarter_on == first).options(*WITH)
    ):
        found[row.programme_id, row.measure_id].append(row)
    return found


def _achievement(period: Period) -> list[Value]:
    """Return percentages by programme and area: counts are added first, where both are known."""
    codes = _codes()
    shares: dict[tuple[int, int | None], Share] = {}
    for trajectory, planned in _plans(period):
        if planned.counted is not None and planned.planned:
            key = (trajectory.programme_id, planned.hin_id)
            before = shares.get(key, Share(0.0, 0.0))
            shares[key] = Share(before.part + planned.counted, before.whole + planned.planned)
    return [
        Value(ACHIEVEMENT.code, area, codes[of], share.part / share.whole * 100)
        for (of, area), share in shares.items()
    ]


def _running(quarter: Quarter) -> Sequence[Programme]:
    return db.session.scalars(
        select(Programme)
        .where(standing_is(Standing.RUNNING, quarter.last))
        .order_by(by_name(Programme.name), Programme.id)
    ).all()


def _programmes(quarter: Quarter) -> list[Value]:
    """Return programmes by kind: of England all, of a network those that it leads."""
    counts: dict[tuple[int | None, str], float] = defaultdict(float)
    for one in _running(quarter):
        for area in {None, one.lead_hin_id}:
            for group in (one.kind.value, WHOLE):
                counts[area, group] += 1
    return [Value(PROGRAMMES.code, area, group, n) for (area, group), n in counts.items()]


def gaps(period: Period) -> Sequence[Gap]:
    """Return for how many networks a trajectory plans something of which nothing is reported."""
    silent = [one for _, one in _plans(period) if one.counted is None and one.hin_id is not None]
    return (
        Gap(
            len(silent),
            "plan of a network for the quarter has no value against it",
            "plans of networks for the quarter have no value against them",
            "/programmes",
        ),
    )


def rows_behind(query: RowsQuery) -> RowsResult:
    """Return the rows that a figure counts."""
    names = dict(db.session.execute(select(Hin.id, Hin.name)).all())
    if query.figure is PROGRAMMES:
        return _programme_rows(query)
    if query.figure is TRAINED:
        return trained_rows(query, _codes(), labels())
    if query.figure in (AWARDS, AWARDED):
        return award_rows(query, _codes(), labels())
    if query.figure is ACHIEVEMENT:
        return _plan_rows(query, names)
    return _patient_rows(query, names)


def _fits(query: RowsQuery, code: str, hin_id: int | None) -> bool:
    return query.group in {"", code} and query.hin_id in {None, hin_id}


def _programme_rows(query: RowsQuery) -> RowsResult:
    rows = [
        [one.name, one.kind.label, one.source]
        for one in _running(query.period.quarter)
        if _fits(query, one.kind.value, one.lead_hin_id)
    ]
    return RowsResult(("Programme", "Kind", "Source"), rows)


def _plan_rows(query: RowsQuery, names: dict[int, str]) -> RowsResult:
    codes, called = _codes(), labels()
    rows: list[list[Any]] = [
        [
            called[codes[trajectory.programme_id]],
            trajectory.part,
            names[planned.hin_id] if planned.hin_id else "England",
            planned.planned,
            planned.counted,
        ]
        for trajectory, planned in _plans(query.period)
        if _fits(query, codes[trajectory.programme_id], planned.hin_id)
    ]
    return RowsResult(("Programme", "Part", "Area", "Planned", "Counted"), rows)


def _patient_rows(query: RowsQuery, names: dict[int, str]) -> RowsResult:
    codes, called = _codes(), labels()
    rows: list[list[Any]] = [
        [
            called[codes[one.row.programme_id]],
            one.row.product.name if one.row.product else one.row.products,
            names[one.row.hin_id] if one.row.hin_id else one.row.area,
            one.row.measure.name,
            one.row.value,
            one.people,
            one.by or "Reported as patients",
        ]
        for one in _counted(query.period)
        if _fits(query, codes[one.row.programme_id], one.row.hin_id)
    ]
    header = ("Programme", "Product", "Area", "Counted", "Number", "Patients", "By which rule")
    return RowsResult(header, rows)

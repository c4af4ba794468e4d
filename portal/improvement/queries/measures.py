"""Read measures, the places that count them, their goals, and what people marked."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Actor
from portal.db import by_name, db
from portal.errors import Forbidden, NotFound
from portal.improvement.models import (
    ImprovementMeasure,
    MeasureMark,
    MeasureReading,
    MeasureSeries,
    MeasureTarget,
)
from portal.improvement.policy import can_read
from portal.programmes.models import Programme

WITH = (
    joinedload(ImprovementMeasure.programme),
    joinedload(ImprovementMeasure.hin),
    joinedload(ImprovementMeasure.follows),
    joinedload(ImprovementMeasure.bundle),
    selectinload(ImprovementMeasure.elements),
)


def refuse_unless_reader(actor: Actor) -> None:
    """Raise Forbidden for whoever reads no charts."""
    if not can_read(actor):
        raise Forbidden("Measures over time are for networks, ICSs and the national team.")


def measures_of(
    actor: Actor, programme_ids: Collection[int] | None = None
) -> Sequence[ImprovementMeasure]:
    """Return the measures that stand for themselves (elements lie in their bundle), of some
    programmes or (None) all, by programme, kind and name; raises Forbidden for whoever reads
    none."""
    refuse_unless_reader(actor)
    found = (
        select(ImprovementMeasure)
        .join(Programme, Programme.id == ImprovementMeasure.programme_id)
        .where(ImprovementMeasure.bundle_id.is_(None))
    )
    if programme_ids is not None:
        found = found.where(ImprovementMeasure.programme_id.in_(programme_ids))
    order = (
        by_name(Programme.name),
        ImprovementMeasure.kind,
        by_name(ImprovementMeasure.name),
        ImprovementMeasure.id,
    )
    return db.session.scalars(found.options(*WITH).order_by(*order)).all()


def readable_measures(actor: Actor) -> Select[ImprovementMeasure]:
    """Return every measure, elements of bundles too; raises Forbidden for whoever reads none."""
    refuse_unless_reader(actor)
    return select(ImprovementMeasure).options(*WITH)


def programmes_with_measures(actor: Actor) -> Sequence[Programme]:
    """Return the programmes that have measures over time, by name."""
    refuse_unless_reader(actor)
    used = select(ImprovementMeasure.programme_id)
    return db.session.scalars(
        select(Programme).where(Programme.id.in_(used)).order_by(by_name(Programme.name))
    ).all()


def measure_for(actor: Actor, measure_id: int) -> ImprovementMeasure:
    """Return one measure; raises Forbidden for whoever reads none, NotFound."""
    refuse_unless_reader(actor)
    found = db.session.scalar(
        select(ImprovementMeasure).where(ImprovementMeasure.id == measure_id).options(*WITH)
    )
    if found is None:
        raise NotFound("There is no such measure.")
    return found


def series_of(measure_ids: Sequence[int]) -> Sequence[MeasureSeries]:
    """Return the places that count some measures, in the order of their entry."""
    return db.session.scalars(
        select(MeasureSeries)
        .where(MeasureSeries.measure_id.in_(measure_ids))
        .options(joinedload(MeasureSeries.hin), joinedload(MeasureSeries.site))
        .order_by(MeasureSeries.id)
    ).all()


def standing_readings(measure_ids: Sequence[int]) -> Sequence[MeasureReading]:
    """Return the readings that no later row corrects, by day; withdrawn ones are among them."""
    later = select(MeasureReading.corrects_id).where(MeasureReading.corrects_id.is_not(None))
    return db.session.scalars(
        select(MeasureReading)
        .join(MeasureSeries, MeasureSeries.id == MeasureReading.series_id)
        .where(MeasureSeries.measure_id.in_(measure_ids), MeasureReading.id.not_in(later))
        .order_by(MeasureReading.on, MeasureReading.id)
    ).all()


def history_of(series_id: int) -> Sequence[MeasureReading]:
    """Return every row of a place that was corrected or corrects another, the newest first."""
    corrected = select(MeasureReading.corrects_id).where(
        MeasureReading.series_id == series_id, MeasureReading.corrects_id.is_not(None)
    )
    return db.session.scalars(
        select(MeasureReading)
        .where(
            MeasureReading.series_id == series_id,
            MeasureReading.corrects_id.is_not(None) | MeasureReading.id.in_(corrected),
        )
        .options(joinedload(MeasureReading.by))
        .order_by(MeasureReading.on.desc(), MeasureReading.id.desc())
    ).all()


def series_at(
    measure_id: int, hin_id: int | None, site_id: int | None = None, team: str = ""
) -> MeasureSeries | None:
    """Return the row of a place, if somebody counted there."""
    return db.session.scalar(
        select(MeasureSeries).where(
            MeasureSeries.measure_id == measure_id,
            MeasureSeries.hin_id.is_not_distinct_from(hin_id),
            MeasureSeries.site_id.is_not_distinct_from(site_id),
            func.lower(MeasureSeries.team) == team.lower(),
        )
    )


def marks_of(measure_ids: Sequence[int]) -> Sequence[MeasureMark]:
    """Return what people marked and did not withdraw, by day."""
    return db.session.scalars(
        select(MeasureMark)
        .where(MeasureMark.measure_id.in_(measure_ids), MeasureMark.withdrawn_at.is_(None))
        .options(joinedload(MeasureMark.by))
        .order_by(MeasureMark.on, MeasureMark.id)
    ).all()


def mark_for(measure_id: int, mark_id: int) -> MeasureMark:
    """Return one mark of this measure; raises NotFound for another's."""
    found = db.session.get(MeasureMark, mark_id)
    if found is None or found.measure_id != measure_id:
        raise NotFound("There is no such mark on this chart.")
    return found


def targets_of(measure_ids: Sequence[int]) -> Sequence[MeasureTarget]:
    """Return the goals of measures, by the day from which they hold; the newest row last."""
    return db.session.scalars(
        select(MeasureTarget)
        .where(MeasureTarget.measure_id.in_(measure_ids))
        .order_by(MeasureTarget.from_on, MeasureTarget.id)
    ).all()

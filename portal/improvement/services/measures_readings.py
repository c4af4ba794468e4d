"""Enter what was counted, and correct it by new rows."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import add_new, db
from portal.errors import Conflict, Forbidden, Invalid
from portal.improvement.models import ImprovementMeasure, MeasureReading, MeasureSeries
from portal.improvement.policy import can_enter
from portal.improvement.rules.entering import Entry, problem
from portal.improvement.rules.periods import named
from portal.programmes.policy import can_write_for

MEANWHILE = "Somebody entered {period} meanwhile. Look at it and send yours again."


def standing_at(series_id: int, days: Sequence[date]) -> dict[date, MeasureReading]:
    """Return the reading that stands for each of some periods of a place."""
    later = select(MeasureReading.corrects_id).where(MeasureReading.corrects_id.is_not(None))
    rows = db.session.scalars(
        select(MeasureReading).where(
            MeasureReading.series_id == series_id,
            MeasureReading.on.in_(days),
            MeasureReading.id.not_in(later),
        )
    )
    return {row.on: row for row in rows}


def enter(
    *,
    measure: ImprovementMeasure,
    series: MeasureSeries,
    entries: Sequence[Entry],
    by: Actor,
    why: str = "",
    source: str = "",
) -> int:
    """Enter readings of several periods; returns how many changed anything.

    What stands already as it is told is left alone; what differs is corrected by a new row that
    names it, and needs `why`. Raises Forbidden, Invalid for numbers that cannot be, Conflict when
    somebody entered one of the periods after the page was opened: the database lets one in.
    """
    if not can_enter(by, measure) or not can_write_for(by, series.hin_id):
        raise Forbidden("A network counts in its own area; the national team counts for England.")
    for entry in entries:
        if wrong := problem(measure, entry, today()):
            raise Invalid(f"{named(measure.rhythm, entry.on)}: {wrong[1]}")
    standing = standing_at(series.id, [entry.on for entry in entries])
    changed = [one for one in entries if _differs(one, standing.get(one.on))]
    if any(entry.on in standing for entry in changed) and not why:
        raise Invalid("Enter why numbers that were entered before are changed", field="why")
    for entry in changed:
        _add(measure, series, entry, standing.get(entry.on), by=by, why=why, source=source)
    if changed:
        words = f"entered {len(changed)} periods of “{measure.name}”"
        audit.note(measure, "entered", words, by=by)
    return len(changed)


def _differs(entry: Entry, standing: MeasureReading | None) -> bool:
    if standing is None:
        return entry.numerator is not None
    told = (entry.numerator, entry.denominator)
    return told != (standing.numerator, standing.denominator)


def _add(
    measure: ImprovementMeasure,
    series: MeasureSeries,
    entry: Entry,
    standing: MeasureReading | None,
    *,
    by: Actor,
    why: str,
    source: str,
) -> None:
    row = MeasureReading(
        series_id=series.id,
        on=entry.on,
        numerator=entry.numerator,
        denominator=entry.denominator,
        source=source,
        corrects_id=standing.id if standing else None,
        corrected_why=why if standing else "",
        at=now(),
        by_id=by.user_id,
    )
    is_old = (standing.id if standing else None) != entry.seen_id
    if is_old or not add_new(row):
        raise Conflict(MEANWHILE.format(period=named(measure.rhythm, entry.on)))

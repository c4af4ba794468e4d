"""Define measures, name the places that count them, set goals, and mark days on charts."""

from datetime import date
from typing import Any

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import add_new, db, lock, use_once
from portal.errors import Conflict, Forbidden, Invalid
from portal.improvement.models import (
    ChartKind,
    ImprovementMeasure,
    MarkKind,
    MeasureMark,
    MeasureSeries,
    MeasureTarget,
    Rhythm,
)
from portal.improvement.policy import can_add_measure, can_edit_measure, can_enter
from portal.improvement.queries.measures import series_at
from portal.improvement.queries.measures_shown import Place
from portal.programmes.models import Measure, Programme
from portal.programmes.policy import area_of, can_write_for
from portal.reference.models.sites import Site
from portal.reference.queries import lead_hin

FIELDS = frozenset(
    {
        *("name", "kind", "numerator", "denominator", "exclusions", "data_source", "rhythm"),
        *("unit", "per", "direction", "is_patients", "adds_up", "chart", "run_length", "screens"),
    }
)
"""What is said of a measure."""


def add_measure(
    *,
    programme: Programme,
    by: Actor,
    follows: Measure | None = None,
    bundle: ImprovementMeasure | None = None,
    is_demo: bool = False,
    **values: Any,
) -> ImprovementMeasure:
    """Define a measure of a programme: a network's own, or one for all by the national team.

    With `bundle` it counts an element of that bundle. Raises Forbidden, Invalid when what is said
    of it does not fit together.
    """
    if not can_add_measure(by):
        raise Forbidden("People of networks and of the national team define measures.")
    if bundle is not None and not can_edit_measure(by, bundle):
        raise Forbidden("Elements are added by who defined the bundle.")
    row = ImprovementMeasure(
        programme_id=programme.id,
        hin_id=area_of(by) if bundle is None else bundle.hin_id,
        follows_id=follows.id if follows else None,
        bundle_id=bundle.id if bundle else None,
        position=len(bundle.elements) if bundle else 0,
        is_demo=is_demo,
        created_at=now(),
        created_by_id=by.user_id,
        **_checked(values),
    )
    db.session.add(row)
    db.session.flush()
    audit.note(programme, "measure_added", f"defined the measure “{row.name}”", by=by)
    return row


def save_measure(
    *,
    measure: ImprovementMeasure,
    version: int,
    by: Actor,
    follows: Measure | None = None,
    **values: Any,
) -> None:
    """Change what is said of a measure. Raises Forbidden, Invalid, Outdated."""
    _refuse_unless_editor(by, measure)
    lock(measure, seen=version)
    for name, value in _checked(values).items():
        setattr(measure, name, value)
    measure.follows_id = follows.id if follows else None
    db.session.flush()
    audit.note(measure, "changed", f"changed the measure “{measure.name}”", by=by)


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of a measure; raises Invalid where parts of it contradict each other."""
    if unknown := set(values) - FIELDS:
        raise TypeError(f"no such field of a measure: {', '.join(sorted(unknown))}")
    chart = values["chart"]
    if chart.has_denominator and not values.get("denominator"):
        raise Invalid("Enter out of whom or what: this chart needs it", field="denominator")
    is_plain = chart in {ChartKind.C, ChartKind.T, ChartKind.G}
    if is_plain and values.get("denominator"):
        raise Invalid("Leave this empty: this chart has no denominator", field="denominator")
    if chart.is_rare != (values["rhythm"] is Rhythm.EVENT):
        raise Invalid(
            "Select “At each event” for charts of rare events, and for no other", field="rhythm"
        )
    return values


def _refuse_unless_editor(by: Actor, measure: ImprovementMeasure) -> None:
    if not can_edit_measure(by, measure):
        raise Forbidden("A measure is changed by who defined it.")


def open_series(
    *,
    measure: ImprovementMeasure,
    hin_id: int | None,
    by: Actor,
    site: Site | None = None,
    team: str = "",
) -> MeasureSeries:
    """Return the row under which a place is counted, made where there is none.

    Raises Forbidden for another network's places, Invalid for a site in another network's area.
    """
    if not can_write_for(by, hin_id) or not can_enter(by, measure):
        raise Forbidden("A network counts in its own area; the national team counts for England.")
    found = series_at(measure.id, hin_id, site.id if site else None, team)
    if found is not None:
        return found
    _refuse_elsewhere(site, hin_id)
    row = MeasureSeries(
        measure_id=measure.id,
        hin_id=hin_id,
        site_id=site.id if site else None,
        team=team,
        created_at=now(),
        created_by_id=by.user_id,
    )
    if not add_new(row):
        raise Conflict("Somebody added this place meanwhile. Look at it.")
    return row


def series_of_place(*, measure: ImprovementMeasure, place: Place, by: Actor) -> MeasureSeries:
    """Return the row under which a place of a measure, or of its bundle, is counted, made where
    there is none. Raises as `open_series` does."""
    if not place.is_part or place.series_id is None:
        return open_series(measure=measure, hin_id=place.hin_id, by=by)
    row = db.session.get_one(MeasureSeries, place.series_id)
    if row.measure_id == measure.id:
        return row
    return open_series(measure=measure, hin_id=row.hin_id, site=row.site, team=row.team, by=by)


def _refuse_elsewhere(site: Site | None, hin_id: int | None) -> None:
    if site is None:
        return
    lead = lead_hin(site.ics_id) if site.ics_id else None
    if lead is not None and lead.id != hin_id:
        raise Invalid("Enter a place in your own network's area", field="site")


def set_target(
    *,
    measure: ImprovementMeasure,
    from_on: date,
    value: float,
    by: Actor,
    by_on: date | None = None,
    why: str = "",
) -> MeasureTarget:
    """Set a goal from a day on; those of earlier days stay on the chart. Raises Forbidden,
    Invalid for a day of reaching it that lies before."""
    _refuse_unless_editor(by, measure)
    if by_on is not None and by_on <= from_on:
        raise Invalid("The day must be after the day from which the goal holds", field="by_on")
    row = MeasureTarget(
        measure_id=measure.id,
        from_on=from_on,
        value=value,
        by_on=by_on,
        why=why,
        at=now(),
        by_id=by.user_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.note(measure, "target_set", f"set a goal of “{measure.name}”", by=by)
    return row


def mark(
    *,
    measure: ImprovementMeasure,
    kind: MarkKind,
    on: date,
    words: str,
    by: Actor,
    series: MeasureSeries | None = None,
) -> MeasureMark:
    """Mark a day on the chart of a place, or (None) on every chart of the measure: limits begin
    anew or a baseline ends only because a person says so, with a reason.

    Raises Forbidden, Invalid without a reason or for a day to come.
    """
    if series is None:
        _refuse_unless_editor(by, measure)
    elif not can_write_for(by, series.hin_id):
        raise Forbidden("A network marks the charts of its own area.")
    if not words:
        raise Invalid("Enter why", field="words")
    if on > today():
        raise Invalid("Enter a day that has come", field="on")
    row = MeasureMark(
        measure_id=measure.id,
        series_id=series.id if series else None,
        kind=kind,
        on=on,
        words=words,
        at=now(),
        by_id=by.user_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.note(measure, "marked", f"marked a day of “{measure.name}”: {kind.value}", by=by)
    return row


def can_withdraw(actor: Actor, measure: ImprovementMeasure, of: MeasureMark) -> bool:
    """Whether the actor takes a mark back: who could have set it."""
    if of.series_id is None:
        return can_edit_measure(actor, measure)
    series = db.session.get_one(MeasureSeries, of.series_id)
    return can_write_for(actor, series.hin_id)


def withdraw(*, measure: ImprovementMeasure, of: MeasureMark, by: Actor) -> None:
    """Take a mark back; it stays in the table with who did. Raises Forbidden, Conflict when
    somebody did already."""
    if not can_withdraw(by, measure, of):
        raise Forbidden("A mark is taken back by who could set it.")
    unused = (MeasureMark.id == of.id, MeasureMark.withdrawn_at.is_(None))
    if not use_once(MeasureMark, *unused, withdrawn_at=now(), withdrawn_by_id=by.user_id):
        raise Conflict("Somebody took this mark back already.")
    audit.note(measure, "unmarked", f"took a mark of “{measure.name}” back", by=by)

"""Report values, correct them by new rows, and set trajectories anew."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import add_new, db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.programmes.models import (
    Basis,
    CountingRule,
    Measure,
    Programme,
    ProgrammeProduct,
    ProgrammeValue,
    Quality,
    Trajectory,
    TrajectoryPoint,
    ValueKind,
)
from portal.programmes.policy import can_edit, can_write_for
from portal.programmes.queries.measuring import correction_of, newest_number
from portal.programmes.rules.values import GROUP_REACHED, Cell, is_share
from portal.reference.models import Vocabulary
from portal.reference.queries import labels_of
from portal.reference.rules import Quarter
from portal.text import folded


def report_value(
    *,
    programme: Programme,
    measure: Measure,
    quarter: Quarter,
    value: float | None,
    by: Actor,
    hin_id: int | None = None,
    product: ProgrammeProduct | None = None,
    **told: Any,
) -> ProgrammeValue:
    """Report a value for a quarter: of one's own network, or (None) of the nation by its team.

    Raises Forbidden for other networks, Conflict when one stands (it is corrected instead), Invalid
    for a quarter that has not begun, shares without their counts, and an unknown group of people.
    """
    _refuse_unless_own(by, hin_id)
    if unknown := set(told) - TOLD:
        raise TypeError(f"no such field of a value: {', '.join(sorted(unknown))}")
    if quarter.first > today():
        raise Invalid("Select a quarter that has begun", field="quarter")
    part = part_of(measure, told.pop("part", ""))
    row = ProgrammeValue(
        **{"kind": ValueKind.ACTUAL, **told},
        part=part,
        programme_id=programme.id,
        measure=measure,
        product_id=product.id if product else None,
        hin_id=hin_id,
        value=value,
        basis=measure.basis,
        unit=measure.unit,
        period=quarter.code,
        quarter_on=quarter.first,
        as_at=quarter.last if measure.basis is Basis.AT_END else None,
        at=now(),
        by_id=by.user_id,
    )
    _settle_share(row)
    lock(programme)  # of two who report the same at once the second sees what the first did
    if _stands(row):
        raise Conflict("A value stands for this quarter already: correct that one.")
    db.session.add(row)
    db.session.flush()
    audit.note(programme, "value_reported", f"reported {measure.name} of {quarter.code}", by=by)
    return row


def part_of(measure: Measure, typed: str) -> str:
    """Return what a value of a measure is of, as it is stored: of people by group one of the
    portal's equality groups; raises Invalid for any other."""
    if measure.code != GROUP_REACHED:
        return typed
    labels = labels_of(Vocabulary.EQUALITY_GROUP).values()
    named = {folded(label): label for label in labels}
    if folded(typed) not in named:
        raise Invalid(f"Enter one of the groups: {'; '.join(labels)}", field="part")
    return named[folded(typed)]


TOLD = frozenset({"part", "kind", "quality", "numerator", "denominator", "source", "note"})
"""What else may be said of a value that is reported."""


def correct_value(
    *,
    value: ProgrammeValue,
    new: float | None,
    why: str,
    by: Actor,
    numerator: float | None = None,
    denominator: float | None = None,
    quality: Quality = Quality.FINAL,
) -> ProgrammeValue:
    """Correct a value by a new row that names it; the former stays, and frozen quarters keep it.

    Raises Forbidden for other networks, Conflict when it was corrected already: two people who
    correct one value at once are told apart by the database.
    """
    _refuse_unless_own(by, value.hin_id)
    if correction_of(value) is not None:
        raise Conflict("Somebody corrected this value meanwhile. Look at the new one.")
    row = ProgrammeValue(
        **{name: getattr(value, name) for name in KEPT},
        value=new,
        numerator=numerator,
        denominator=denominator,
        quality=quality,
        corrects_id=value.id,
        corrected_why=why,
        at=now(),
        by_id=by.user_id,
    )
    row.measure = value.measure
    _settle_share(row)
    if not add_new(row):
        raise Conflict("Somebody corrected this value meanwhile. Look at the new one.")
    words = f"corrected {value.measure.name} of {value.period}: {why}"
    audit.note(value.programme, "value_corrected", words, by=by)
    return row


KEPT = (
    *("programme_id", "product_id", "products", "part", "hin_id", "area", "kind", "basis"),
    *("period", "quarter_on", "as_at", "qualifier", "unit", "source"),
)
"""What a correction takes over from the row that it corrects."""


def _refuse_unless_own(by: Actor, hin_id: int | None) -> None:
    if not can_write_for(by, hin_id):
        raise Forbidden("A network reports its own area; the national team reports for England.")


def _settle_share(row: ProgrammeValue) -> None:
    """Work a share out from its counts, which are what is stored; refuse one without them."""
    if not is_share(row):
        row.numerator = row.denominator = None
        return
    if row.numerator is None or not row.denominator:
        raise Invalid("Enter how many of how many: the percentage follows", field="numerator")
    row.value = row.numerator / row.denominator * 100


def _stands(row: ProgrammeValue) -> bool:
    """Whether a row of the same measure, part, area and quarter stands."""
    later = select(ProgrammeValue.corrects_id).where(ProgrammeValue.corrects_id.is_not(None))
    same = select(func.count()).where(
        ProgrammeValue.programme_id == row.programme_id,
        ProgrammeValue.measure_id == row.measure.id,
        ProgrammeValue.product_id.is_not_distinct_from(row.product_id),
        ProgrammeValue.part == row.part,
        ProgrammeValue.hin_id.is_not_distinct_from(row.hin_id),
        ProgrammeValue.kind == row.kind,
        ProgrammeValue.quarter_on == row.quarter_on,
        ProgrammeValue.id.not_in(later),
    )
    return bool(db.session.scalar(same))


def set_trajectory(
    *,
    programme: Programme,
    measure: Measure,
    product: ProgrammeProduct,
    points: Mapping[Cell, float],
    by: Actor,
    part: str = "",
    valid_from: date | None = None,
    why: str = "",
    seen: int = 0,
) -> Trajectory:
    """Set a trajectory, or a new version of it; the former version stays as it was.

    `seen` is the newest version that the page showed, 0 for none. Raises Forbidden but for the
    national team, Invalid without a plan or without why, Conflict when another version came
    between: the database lets one of two in.
    """
    if not can_edit(by):
        raise Forbidden("The national team sets trajectories.")
    if not points:
        raise Invalid("Enter what is planned for one quarter at least")
    which = {"programme_id": programme.id, "measure_id": measure.id, "product_id": product.id}
    newest = newest_number(programme=programme, measure=measure, product=product, part=part)
    if newest and not seen:
        raise Conflict("This has a trajectory already. Set that one anew.")
    if newest != seen:
        raise Conflict("Somebody set another version meanwhile. Look at it and send yours again.")
    if newest and not why:
        raise Invalid("Enter why it is set anew", field="why")
    row = Trajectory(
        **which,
        part=part,
        number=newest + 1,
        valid_from=valid_from or today(),
        why=why,
        at=now(),
        by_id=by.user_id,
        points=[
            TrajectoryPoint(quarter_on=quarter_on, hin_id=hin_id, planned=planned)
            for (quarter_on, hin_id), planned in points.items()
        ],
    )
    if not add_new(row):
        raise Conflict("Somebody set another version meanwhile.")
    audit.note(programme, "trajectory_set", f"set version {row.number} of a trajectory", by=by)
    return row


def set_counting_rule(
    *,
    programme: Programme,
    product: ProgrammeProduct,
    measure: Measure,
    patients: int,
    counted: int,
    words: str,
    valid_from: date,
    by: Actor,
    part: str = "",
) -> CountingRule:
    """Say from a day on how many people counts stand for. Raises Forbidden, Conflict."""
    if not can_edit(by):
        raise Forbidden("The national team says how patients are counted.")
    row = CountingRule(
        programme=programme,
        product=product,
        measure=measure,
        part=part,
        patients=patients,
        counted=counted,
        words=words,
        valid_from=valid_from,
        by_id=by.user_id,
    )
    if not add_new(row):
        raise Conflict("A rule of this product holds from this day already.")
    audit.note(programme, "counting_rule_set", f"said how patients are counted: {words}", by=by)
    return row

"""How many people were trained in a quarter: as reported, or else as counted at trainings. Pure.

Of a programme and an area the value that was reported counts; only where nothing was reported do
the people who came to its trainings. The two are never added: they tell of the same people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.programmes.models import EventKind, ProgrammeEvent, ProgrammeValue
from portal.programmes.rules.values import in_period
from portal.reference.rules import Quarter

TRAINED = "STAFF_TRAINED"


@dataclass(frozen=True, slots=True)
class TrainedPeople:
    """So many people of one programme and area, reported or counted at one training."""

    programme_id: int
    hin_id: int | None
    people: float
    what: str
    is_reported: bool


def trained_in(
    rows: Iterable[ProgrammeValue], events: Iterable[ProgrammeEvent], quarter: Quarter
) -> list[TrainedPeople]:
    """Return who was trained in a quarter: `rows` are the values that stand."""
    reported = [
        TrainedPeople(row.programme_id, row.hin_id, row.value, row.measure.name, is_reported=True)
        for row in in_period(rows)
        if row.quarter_on == quarter.first and row.measure.code == TRAINED and row.value is not None
    ]
    taken = {(one.programme_id, one.hin_id) for one in reported}
    counted = [
        TrainedPeople(
            one.programme_id, one.hin_id, float(one.attended), one.title, is_reported=False
        )
        for one in events
        if one.kind is EventKind.TRAINING
        and one.attended is not None
        and quarter.first <= one.on <= quarter.last
        and (one.programme_id, one.hin_id) not in taken
    ]
    return [*reported, *counted]


def sums(trained: Sequence[TrainedPeople]) -> dict[tuple[int, int | None], float]:
    """Return people by programme and area (None is the nation).

    What was reported of the nation counts for it, else the sum of its networks and of the
    trainings that the programme held as a whole.
    """
    own = {one.programme_id for one in trained if one.is_reported and one.hin_id is None}
    found: dict[tuple[int, int | None], float] = {}
    for one in trained:
        areas = {one.hin_id} if one.programme_id in own else {one.hin_id, None}
        for area in areas:
            key = (one.programme_id, area)
            found[key] = found.get(key, 0.0) + one.people
    return found

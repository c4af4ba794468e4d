"""Read aims and how they stand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.errors import NotFound
from portal.programmes.models import Aim, Direction, ProgrammeValue, Rating, RatingOverride
from portal.programmes.queries.measuring import Latest, latest_value, values_of_all
from portal.programmes.rules.rating import Course, Rated, rate


@dataclass(frozen=True, slots=True)
class AimState:
    """An aim with the value that counts towards it, what the rule says, and what somebody said."""

    aim: Aim
    value: Latest | None
    by_rule: Rated
    override: RatingOverride | None

    @property
    def rating(self) -> Rating:
        """How it stands: by the rule, unless somebody rated it otherwise."""
        if self.override is not None and self.override.rating is not None:
            return self.override.rating
        return self.by_rule.rating


def aims_of(programme_id: int) -> Sequence[Aim]:
    """Return every aim of a programme by number, replaced ones too."""
    return _aims(Aim.programme_id == programme_id)


def _aims(clause: ColumnElement[bool]) -> Sequence[Aim]:
    return db.session.scalars(
        select(Aim)
        .where(clause)
        .options(joinedload(Aim.measure), joinedload(Aim.replaced_by))
        .order_by(Aim.number)
    ).all()


def aim_for(programme_id: int, aim_id: int) -> Aim:
    """Return one aim of this programme; raises NotFound for another's."""
    found = db.session.get(Aim, aim_id)
    if found is None or found.programme_id != programme_id:
        raise NotFound("There is no such aim in this programme.")
    return found


def overrides_of(aims: Sequence[Aim]) -> dict[int, RatingOverride]:
    """Return the newest rating by hand of each aim, by the aim's id."""
    rows = db.session.scalars(
        select(RatingOverride)
        .where(RatingOverride.aim_id.in_([aim.id for aim in aims]))
        .options(joinedload(RatingOverride.by))
        .order_by(RatingOverride.id)
    )
    return {row.aim_id: row for row in rows}


def states_of(programme_id: int, day: date) -> list[AimState]:
    """Return every aim with how it stands on a day, from the values that stand."""
    return states_of_all({programme_id}, day)[programme_id]


def states_of_all(programme_ids: Collection[int], day: date) -> dict[int, list[AimState]]:
    """Return the same for several programmes, by number: three statements, however many."""
    aims = _aims(Aim.programme_id.in_(programme_ids))
    by_hand, values = overrides_of(aims), values_of_all(programme_ids)
    found: dict[int, list[AimState]] = {number: [] for number in programme_ids}
    for aim in aims:
        rows = values[aim.programme_id]
        found[aim.programme_id].append(state_of(aim, rows, by_hand.get(aim.id), day))
    return found


def state_of(
    aim: Aim, rows: Sequence[ProgrammeValue], override: RatingOverride | None, day: date
) -> AimState:
    """Return how one aim stands on a day."""
    value = None
    if aim.measure_id is not None:
        value = latest_value(rows, aim.measure_id, aim.part, aim.unit)
    return AimState(aim, value, rate(_course(aim, value), day), override)


def _course(aim: Aim, value: Latest | None) -> Course:
    return Course(
        target=aim.target,
        value=value.value if value else None,
        baseline=aim.baseline,
        direction=aim.measure.direction if aim.measure else Direction.NONE,
        since=aim.valid_from,
        by=aim.by_on,
    )

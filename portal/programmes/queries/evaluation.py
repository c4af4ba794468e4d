"""Read what an evaluation programme looks into."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import by_name, db
from portal.errors import NotFound
from portal.programmes.models import (
    EvaluationPriority,
    Intervention,
    Measure,
    ProgrammeValue,
    Synthesis,
    SynthesisState,
    intervention_priority,
)

PUBLISHED = ("INTERVENTIONS_FOUND", "SYNTHESES_DONE", "FUNDING_AWARDED")
"""The measures of which sources publish totals of an evaluation programme."""


def priorities_of(programme_id: int) -> Sequence[EvaluationPriority]:
    """Return the priorities of a programme, by name."""
    return db.session.scalars(
        select(EvaluationPriority)
        .where(EvaluationPriority.programme_id == programme_id)
        .order_by(by_name(EvaluationPriority.name), EvaluationPriority.id)
    ).all()


def interventions(
    programme_id: int,
    *,
    words: str = "",
    priority_ids: Collection[int] = (),
    states: Collection[SynthesisState] = (),
) -> Select[Intervention]:
    """Return the interventions of a programme that fit, with their syntheses, for a list."""
    found = (
        select(Intervention)
        .where(Intervention.programme_id == programme_id)
        .options(
            joinedload(Intervention.hin),
            selectinload(Intervention.priorities),
            selectinload(Intervention.syntheses),
        )
    )
    if words:
        named = (Intervention.name, Intervention.words)
        found = found.where(or_(*(text.icontains(words, autoescape=True) for text in named)))
    if priority_ids:
        mapped = select(intervention_priority.c.intervention_id).where(
            intervention_priority.c.priority_id.in_(priority_ids)
        )
        found = found.where(Intervention.id.in_(mapped))
    if states:
        has = exists().where(Synthesis.intervention_id == Intervention.id)
        found = found.where(has.where(Synthesis.state.in_(states)).correlate(Intervention))
    return found


def by_priority(programme_id: int) -> Sequence[tuple[str, int, int]]:
    """Return each priority with how many interventions are mapped to it, and how many of those
    have a synthesis that is done. One may be mapped to several: the rows make no total."""
    done = (
        select(Synthesis.intervention_id)
        .where(Synthesis.state == SynthesisState.DONE)
        .distinct()
        .subquery()
    )
    mapped = intervention_priority
    rows = db.session.execute(
        select(
            EvaluationPriority.name,
            func.count(mapped.c.intervention_id),
            func.count(done.c.intervention_id),
        )
        .outerjoin(mapped, mapped.c.priority_id == EvaluationPriority.id)
        .outerjoin(done, done.c.intervention_id == mapped.c.intervention_id)
        .where(EvaluationPriority.programme_id == programme_id)
        .group_by(EvaluationPriority.id, EvaluationPriority.name)
        .order_by(by_name(EvaluationPriority.name), EvaluationPriority.id)
    )
    return [(name, found, ready) for name, found, ready in rows]


def numbers_of(programme_id: int) -> tuple[int, int]:
    """Return how many interventions are recorded, and how many syntheses are done."""
    own = Intervention.programme_id == programme_id
    syntheses = (
        select(func.count(Synthesis.id))
        .join(Synthesis.intervention)
        .where(own, Synthesis.state == SynthesisState.DONE)
    )
    return (
        db.session.scalar(select(func.count(Intervention.id)).where(own)) or 0,
        db.session.scalar(syntheses) or 0,
    )


def published(programme_id: int) -> Sequence[ProgrammeValue]:
    """Return what sources published of it in totals, corrections in place of what they correct."""
    corrected = select(ProgrammeValue.corrects_id).where(ProgrammeValue.corrects_id.is_not(None))
    return db.session.scalars(
        select(ProgrammeValue)
        .join(ProgrammeValue.measure)
        .where(
            ProgrammeValue.programme_id == programme_id,
            Measure.code.in_(PUBLISHED),
            ProgrammeValue.id.not_in(corrected),
        )
        .options(joinedload(ProgrammeValue.measure))
        .order_by(ProgrammeValue.id)
    ).all()


def priorities_for(programme_id: int, ids: Collection[int]) -> list[EvaluationPriority]:
    """Return those of a programme's priorities that were chosen."""
    return [one for one in priorities_of(programme_id) if one.id in ids]


def intervention_for(programme_id: int, intervention_id: int) -> Intervention:
    """Return one intervention of this programme; raises NotFound for another's."""
    found = db.session.get(Intervention, intervention_id)
    if found is None or found.programme_id != programme_id:
        raise NotFound("There is no such intervention in this programme.")
    return found


def synthesis_for(programme_id: int, synthesis_id: int) -> Synthesis:
    """Return one synthesis of this programme; raises NotFound for another's."""
    found = db.session.get(Synthesis, synthesis_id)
    if found is None or found.intervention.programme_id != programme_id:
        raise NotFound("There is no such synthesis in this programme.")
    return found

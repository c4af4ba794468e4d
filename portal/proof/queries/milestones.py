"""Read milestones, and the progress that a reader may know."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.db import db
from portal.errors import NotFound
from portal.innovations.models import Innovation
from portal.proof.models import MilestoneReached, Validation
from portal.proof.policy import can_read_validation
from portal.proof.queries import validations
from portal.proof.rules.progress import Progress, progress
from portal.proof.rules.proven import Facts
from portal.reference.models import Term, Vocabulary
from portal.reference.queries import terms


def milestones_reached(innovation_id: int) -> Sequence[MilestoneReached]:
    """Return the milestones that stand, the oldest day first."""
    return db.session.scalars(
        select(MilestoneReached)
        .where(
            MilestoneReached.innovation_id == innovation_id, MilestoneReached.undone_at.is_(None)
        )
        .options(
            joinedload(MilestoneReached.milestone),
            joinedload(MilestoneReached.hin),
            joinedload(MilestoneReached.by),
        )
        .order_by(MilestoneReached.on, MilestoneReached.id)
    ).all()


def milestone_called(code: str) -> Term:
    """Return a milestone of the catalogue by its code; raises NotFound for any other."""
    found = {term.code: term for term in terms(Vocabulary.MILESTONE)}
    if code not in found:
        raise NotFound("There is no such milestone.")
    return found[code]


def reached_for(innovation_id: int, code: str) -> MilestoneReached | None:
    """Return the standing row of a milestone of a record, if it was reached."""
    rows = milestones_reached(innovation_id)
    return next((row for row in rows if row.milestone.code == code), None)


def progress_of(innovation: Innovation, actor: Actor, facts: Facts) -> list[Progress]:
    """Return every progress area of a record, from what the actor may read and no more."""
    return progress(
        terms(Vocabulary.PROGRESS_AREA),
        milestones_reached(innovation.id),
        Facts(innovation, readable(facts.validations, innovation, actor), facts.on),
    )


def readable(found: Sequence[Validation], innovation: Innovation, actor: Actor) -> list[Validation]:
    """Return those of a record's validations that the actor may read, in their order."""
    return [row for row in found if can_read_validation(actor, innovation, row)]


def published_validations(innovation: Innovation, actor: Actor) -> list[Validation]:
    """Return the validations of a record that the actor may read, newest first."""
    return readable(validations(innovation.id), innovation, actor)

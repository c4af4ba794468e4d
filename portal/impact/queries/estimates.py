"""Read estimates: side by side by programme and effect, the one in use first."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import Actor
from portal.db import by_name, db
from portal.errors import NotFound
from portal.impact.models import Effect, Estimate, EstimateChoice
from portal.impact.rules.using import in_use
from portal.innovations.models import Innovation
from portal.innovations.queries import visible_to as records_visible_to
from portal.programmes.models import Programme
from portal.programmes.queries import visible_to


@dataclass(frozen=True, slots=True)
class EffectEstimates:
    """The estimates of one effect of a programme, an innovation, or one in the other."""

    subject: str
    programme: Programme | None
    innovation: Innovation | None
    effect: Effect
    estimates: Sequence[Estimate]
    choice: EstimateChoice | None
    """Which is in use, and why; None where nobody chose."""


def estimates(actor: Actor) -> list[EffectEstimates]:
    """Return the estimates of programmes and records that the actor may read. Four statements."""
    rows = db.session.scalars(
        select(Estimate)
        .outerjoin(Estimate.programme)
        .outerjoin(Estimate.innovation)
        .options(
            contains_eager(Estimate.programme),
            contains_eager(Estimate.innovation),
            joinedload(Estimate.published),
            joinedload(Estimate.scaled),
            selectinload(Estimate.choices).joinedload(EstimateChoice.by),
        )
        .where(_readable(actor))
        .order_by(
            by_name(func.coalesce(Programme.name, Innovation.name)),
            Estimate.programme_id,
            Estimate.innovation_id,
            Estimate.effect,
            Estimate.id,
        )
    ).all()
    groups = groupby(rows, key=lambda row: (row.programme_id, row.innovation_id, row.effect))
    return [_beside(list(members)) for _, members in groups]


def _readable(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "of what the actor may read", in a statement that has both outer joins."""
    of_programme = Estimate.programme_id.is_(None) | visible_to(actor)
    return of_programme & (Estimate.innovation_id.is_(None) | records_visible_to(actor))


def _beside(rows: Sequence[Estimate]) -> EffectEstimates:
    chosen = in_use(rows)
    ordered = sorted(rows, key=lambda row: chosen is None or row.id != chosen.estimate_id)
    first = rows[0]
    return EffectEstimates(
        first.subject, first.programme, first.innovation, first.effect, ordered, chosen
    )


def estimate_for(actor: Actor, estimate_id: int) -> Estimate:
    """Return an estimate of what the actor may read; raises NotFound."""
    found = db.session.scalar(
        select(Estimate)
        .outerjoin(Estimate.programme)
        .outerjoin(Estimate.innovation)
        .options(contains_eager(Estimate.programme), contains_eager(Estimate.innovation))
        .where(Estimate.id == estimate_id, _readable(actor))
    )
    if found is None:
        raise NotFound("There is no such estimate.")
    return found


def programmes_to_choose() -> list[tuple[int, str]]:
    """Return every programme with its name, by name."""
    rows = select(Programme.id, Programme.name).order_by(by_name(Programme.name), Programme.id)
    return [(number, name) for number, name in db.session.execute(rows)]


def record_called(actor: Actor, name: str) -> Innovation | None:
    """Return the record with this name that the actor may read; of several the oldest."""
    return db.session.scalars(
        select(Innovation)
        .where(func.lower(Innovation.name) == name.lower(), records_visible_to(actor))
        .order_by(Innovation.id)
        .limit(1)
    ).first()

"""Read estimates: side by side by programme and effect, the one in use first."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import Actor
from portal.db import by_name, db
from portal.errors import NotFound
from portal.impact.models import Effect, Estimate, EstimateChoice
from portal.impact.rules.using import in_use
from portal.programmes.models import Programme
from portal.programmes.queries import visible_to


@dataclass(frozen=True, slots=True)
class Beside:
    """The estimates of one effect of a programme, side by side."""

    programme: Programme
    effect: Effect
    estimates: Sequence[Estimate]
    choice: EstimateChoice | None
    """Which is in use, and why; None where nobody chose."""


def estimates(actor: Actor) -> list[Beside]:
    """Return the estimates of programmes that the actor may read. Four statements."""
    rows = db.session.scalars(
        select(Estimate)
        .join(Estimate.programme)
        .options(
            contains_eager(Estimate.programme),
            joinedload(Estimate.published),
            joinedload(Estimate.scaled),
            selectinload(Estimate.choices).joinedload(EstimateChoice.by),
        )
        .where(visible_to(actor))
        .order_by(by_name(Programme.name), Programme.id, Estimate.effect, Estimate.id)
    ).all()
    groups = groupby(rows, key=lambda row: (row.programme_id, row.effect))
    return [_beside(list(members)) for _, members in groups]


def _beside(rows: Sequence[Estimate]) -> Beside:
    chosen = in_use(rows)
    ordered = sorted(rows, key=lambda row: chosen is None or row.id != chosen.estimate_id)
    return Beside(rows[0].programme, rows[0].effect, ordered, chosen)


def estimate_for(actor: Actor, estimate_id: int) -> Estimate:
    """Return an estimate of a programme that the actor may read; raises NotFound."""
    found = db.session.scalar(
        select(Estimate)
        .join(Estimate.programme)
        .options(contains_eager(Estimate.programme))
        .where(Estimate.id == estimate_id, visible_to(actor))
    )
    if found is None:
        raise NotFound("There is no such estimate.")
    return found


def programmes_to_choose() -> list[tuple[int, str]]:
    """Return every programme with its name, by name."""
    rows = select(Programme.id, Programme.name).order_by(by_name(Programme.name), Programme.id)
    return [(number, name) for number, name in db.session.execute(rows)]

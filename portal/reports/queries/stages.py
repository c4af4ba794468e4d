"""Count the pipeline by stage: in SQL, with the reader inside the query."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from portal.accounts.models import Actor
from portal.db import db
from portal.innovations.models import Innovation, Life
from portal.innovations.queries import visible_to
from portal.reference.models import Term, Vocabulary


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many innovations stand at one stage of development."""

    stage: Term
    total: int
    """Of the whole nation: this figure is for everybody who is signed in."""
    readable: int
    """Of those, how many the reader may open."""


def stages(actor: Actor) -> list[StageCount]:
    """Return every stage in order, with national totals and what the reader may open.

    Only national totals by stage count records that the reader may not see; the rule and its
    test are in `docs/changing.md` and `tests/reports`.
    """
    may_see = func.sum(case((visible_to(actor), 1), else_=0))
    counts = {
        stage_id: (total, readable)
        for stage_id, total, readable in db.session.execute(
            select(Innovation.stage_id, func.count(), may_see)
            .where(Innovation.life == Life.SUBMITTED)
            .group_by(Innovation.stage_id)
        )
    }
    return [StageCount(stage, *counts.get(stage.id, (0, 0))) for stage in _stage_terms()]


def _stage_terms() -> Sequence[Term]:
    return db.session.scalars(
        select(Term).where(Term.vocabulary == Vocabulary.DEVELOPMENT_STAGE).order_by(Term.position)
    ).all()

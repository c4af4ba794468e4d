"""Count what the home pages and the pipeline show: in SQL, with the reader inside the query."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, select

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeState
from portal.challenges.queries import visible_to as visible_challenges
from portal.db import db
from portal.innovations.models import Innovation, Life, SectionCopy
from portal.innovations.queries import own, proven, visible_to
from portal.matching.models import Suggestion
from portal.reference.models import Term, Vocabulary
from portal.reference.queries import today
from portal.support.models import Engagement, EngagementState


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


def _count(*clauses: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(Innovation).where(*clauses)


def innovator_figures(actor: Actor) -> dict[str, int]:
    """Return the counts of an innovator's home page, in one statement."""
    mine = own(actor) & (Innovation.life != Life.ARCHIVED)
    wanted = select(SectionCopy.innovation_id).where(SectionCopy.change_wanted != "")
    engaging = select(Engagement.innovation_id).where(Engagement.state == EngagementState.ENGAGING)
    return _row(
        records=_count(mine),
        drafts=_count(mine, Innovation.life == Life.DRAFT),
        changes=_count(mine, Innovation.id.in_(wanted)),
        engaging=_count(mine, Innovation.id.in_(engaging)),
        proven=_count(mine, proven(today())),
    )


def ics_figures(actor: Actor) -> dict[str, int]:
    """Return the counts of an ICS's home page, in one statement."""
    ours = Challenge.organisation_id == actor.organisation_id
    is_open = Challenge.state == ChallengeState.OPEN
    return _row(
        challenges=_challenges(ours, is_open),
        drafts=_challenges(ours, Challenge.state == ChallengeState.DRAFT),
        matched=_challenges(ours, is_open, Challenge.id.in_(select(Suggestion.challenge_id))),
        proven=_count(visible_to(actor), Innovation.life == Life.SUBMITTED, proven(today())),
        elsewhere=_challenges(visible_challenges(actor), is_open, ~ours),
    )


def national_figures(actor: Actor) -> dict[str, int]:
    """Return the counts of the national team's home page, in one statement."""
    live = Innovation.life == Life.SUBMITTED
    overdue = select(func.count()).where(Engagement.due_on < today(), _waits())
    return _row(
        pipeline=_count(live),
        proven=_count(live, proven(today())),
        challenges=_challenges(Challenge.state == ChallengeState.OPEN),
        overdue=overdue.select_from(Engagement),
    )


def _waits() -> ColumnElement[bool]:
    return Engagement.state.not_in([EngagementState.UNSUITABLE, EngagementState.CLOSED])


def _challenges(*clauses: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(Challenge).where(*clauses)


def _row(**counts: Select[int]) -> dict[str, int]:
    columns = [count.scalar_subquery().label(name) for name, count in counts.items()]
    return dict(db.session.execute(select(*columns)).one()._mapping)

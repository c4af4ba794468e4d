"""Count what the home pages show: in SQL, with the reader inside the query."""

from sqlalchemy import ColumnElement, Select, func, select

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeState
from portal.challenges.queries import visible_to as visible_challenges
from portal.db import db
from portal.innovations.models import Innovation, Life, SectionCopy
from portal.innovations.queries import own, proven, visible_to
from portal.matching.models import Suggestion
from portal.reference.queries import today
from portal.support.models import Engagement, EngagementState


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

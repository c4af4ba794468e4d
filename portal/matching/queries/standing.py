"""How a challenge stands for its reader: its matching, and what their organisation did with it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeSupporter
from portal.db import db
from portal.jobs import Job, JobState
from portal.matching.models import MatchRun, UnmetNeed
from portal.matching.queries import REFRESH_KEY, challenge_key, innovation_key
from portal.reference.queries import hin_of_ics, leading_hin_id


@dataclass(frozen=True, slots=True)
class MatchingStatus:
    """What a page of a challenge says around its matches."""

    matched_at: datetime | None
    """When it was last matched; None when never."""
    engine_version: str | None
    """By which engine it was last matched."""
    job: JobState | None
    """How its newest job stands; None when it never had one."""
    joined_id: int | None
    """The id of the reader's organisation, if that joined the challenge."""
    unmet_at: datetime | None
    """When the reader's organisation said that nothing fits, unless that is closed."""
    hin_id: int | None
    """The HIN in whose area the challenge is; None for a national one."""

    @property
    def joined(self) -> frozenset[int]:
        """The reader's organisation, if it joined."""
        return frozenset({self.joined_id} if self.joined_id else ())

    @property
    def is_waiting(self) -> bool:
        """Whether newer suggestions are on their way."""
        return self.job in {JobState.QUEUED, JobState.RUNNING}


def is_waiting(innovation_id: int) -> bool:
    """Return whether an innovation waits to be compared with the challenges, alone or with all."""
    waiting = Job.state.in_([JobState.QUEUED, JobState.RUNNING])
    keys = (innovation_key(innovation_id), REFRESH_KEY)
    return db.session.scalar(select(Job.id).where(Job.key.in_(keys), waiting).limit(1)) is not None


def standing(actor: Actor, challenge: Challenge) -> MatchingStatus:
    """Return how a challenge stands for the actor, in one statement."""
    run = select(MatchRun).where(MatchRun.challenge_id == challenge.id)
    newest = (
        select(Job.state)
        .where(Job.key == challenge_key(challenge.id))
        .order_by(Job.id.desc())
        .limit(1)
    )
    joined = select(ChallengeSupporter.organisation_id).where(
        ChallengeSupporter.challenge_id == challenge.id,
        ChallengeSupporter.organisation_id == actor.organisation_id,
    )
    unmet = select(func.max(UnmetNeed.at)).where(
        UnmetNeed.challenge_id == challenge.id,
        UnmetNeed.organisation_id == actor.organisation_id,
        UnmetNeed.closed_at.is_(None),
    )
    asked = (
        run.with_only_columns(MatchRun.matched_at).scalar_subquery(),
        run.with_only_columns(MatchRun.engine_version).scalar_subquery(),
        newest.scalar_subquery(),
        joined.scalar_subquery(),
        unmet.scalar_subquery(),
        leading_hin_id(challenge.organisation.ics_id),
    )
    matched_at, version, job, joined_id, unmet_at, hin_id = db.session.execute(select(*asked)).one()
    hin_id = challenge.organisation.hin_id or hin_id or _hin_of_successors(challenge)
    return MatchingStatus(matched_at, version, job, joined_id, unmet_at, hin_id)


def _hin_of_successors(challenge: Challenge) -> int | None:
    """Return the id of the HIN for the area of an ICS that has ended; further statements, which
    no other challenge takes."""
    ics_id = challenge.organisation.ics_id
    found = hin_of_ics(ics_id) if ics_id else None
    return found.id if found else None

"""What there is to match, and as of when: a worker reads only what changed since it last looked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from portal.challenges.models import Challenge, ChallengeState, Readers
from portal.clock import today
from portal.db import db
from portal.innovations.models import Innovation, RecordStatus, Sharing
from portal.jobs import Job, JobState
from portal.matching.documents import need_of, solution_of
from portal.matching.engine import Need, Solution
from portal.matching.models import Readership, Suggestion
from portal.matching.rules import MIN_CHANGES_FOR_FULL_RUN

MAX_IDS_IN_STATEMENT = 500
"""At most so many rows are named in one statement."""
Stamp = tuple[datetime, int]
"""When a row was last changed, and how often it was."""


@dataclass(frozen=True, slots=True)
class SubmittedRow:
    """A submitted innovation: what decides on whose list it may be today, and as of when."""

    stamp: Stamp
    sharing: Sharing
    is_proven: bool


def submitted() -> dict[int, SubmittedRow]:
    """Return every submitted innovation, by id."""
    row, day = Innovation, today()
    found = db.session.execute(
        select(row.id, row.changed_at, row.version, row.sharing, row.is_proven_until).where(
            row.status == RecordStatus.SUBMITTED
        )
    )
    return {
        one: SubmittedRow((changed_at, version), sharing, until is not None and until >= day)
        for one, changed_at, version, sharing, until in found
    }


def solutions(ids: Collection[int]) -> list[Solution]:
    """Return innovations as the engine takes them."""
    rows = db.session.scalars(
        select(Innovation)
        .where(_among(Innovation.id, ids))
        .options(
            selectinload(Innovation.terms),
            selectinload(Innovation.evidence),
            joinedload(Innovation.category),
            joinedload(Innovation.main_purpose),
        )
    )
    wanted = frozenset(ids)
    return [solution_of(row) for row in rows if row.id in wanted]


@dataclass(frozen=True, slots=True)
class Stated:
    """A challenge that is open or a draft, and as of when."""

    stamp: Stamp
    is_open: bool
    is_read_by_innovators: bool
    """Whether every innovator who is signed in may read it once it is open."""


def asking() -> dict[int, Stated]:
    """Return every challenge that is open, or a draft, whose authors are shown what would match."""
    found = db.session.execute(
        select(
            Challenge.id,
            Challenge.changed_at,
            Challenge.version,
            Challenge.state,
            Challenge.readers,
        ).where(Challenge.state != ChallengeState.CLOSED)
    )
    return {
        one: Stated(
            (changed_at, version),
            state is ChallengeState.OPEN,
            readers in {Readers.PUBLIC, Readers.REGISTERED},
        )
        for one, changed_at, version, state, readers in found
    }


def needs(ids: Collection[int]) -> list[Need]:
    """Return challenges as the engine takes them."""
    rows = db.session.scalars(
        select(Challenge).where(_among(Challenge.id, ids)).options(selectinload(Challenge.terms))
    )
    wanted = frozenset(ids)
    return [need_of(row) for row in rows if row.id in wanted]


def _among(column: InstrumentedAttribute[int], ids: Collection[int]) -> ColumnElement[bool]:
    """Return SQL for "one of these"; of so many that a statement cannot name them, the span."""
    if len(ids) > MAX_IDS_IN_STATEMENT:
        return column.between(min(ids), max(ids))
    return column.in_(ids)


def is_refresh_due() -> bool:
    """Return whether everything waits to be matched, or so many records that it might as well."""
    kinds = ("matching.refresh", "matching.innovation")
    waiting = db.session.scalars(
        select(Job.kind).where(Job.state == JobState.QUEUED, Job.kind.in_(kinds))
    ).all()
    return "matching.refresh" in waiting or len(waiting) >= MIN_CHANGES_FOR_FULL_RUN


def ends_of_lists() -> dict[tuple[int, Readership], tuple[int, float]]:
    """Return for each challenge and readership how long the list is, and its least score."""
    found = db.session.execute(
        select(
            Suggestion.challenge_id,
            Suggestion.readership,
            func.count(),
            func.min(Suggestion.score),
        ).group_by(Suggestion.challenge_id, Suggestion.readership)
    )
    return {(one, whom): (count, least) for one, whom, count, least in found}


def challenges_listing(innovation_id: int) -> set[int]:
    """Return the challenges on any of whose lists an innovation stands."""
    of_it = Suggestion.innovation_id == innovation_id
    return set(db.session.scalars(select(Suggestion.challenge_id).where(of_it).distinct()))

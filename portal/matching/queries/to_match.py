"""What there is to match, and as of when: a worker reads only what changed since it last looked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, String, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from portal.challenges.models import Challenge, ChallengeState, Readers
from portal.db import db
from portal.innovations.models import Innovation, RecordStatus, Sharing
from portal.jobs import Job, JobState
from portal.matching.documents import need_of, solution_of
from portal.matching.engine import Need, Solution
from portal.matching.models import MatchRun, Readership, Suggestion
from portal.matching.rules import MIN_CHANGES_FOR_FULL_RUN

MAX_IDS_IN_STATEMENT = 500
"""At most so many rows are named in one statement."""
Stamp = tuple[object, int]
"""When a row was last changed, as the database says it, and how often it was."""


@dataclass(frozen=True, slots=True)
class SubmittedRow:
    """A submitted innovation: what decides on whose list it may be, and as of when."""

    stamp: Stamp
    raw: tuple[object, ...]
    """All of it as the database says it, to be compared with."""
    sharing: Sharing
    proven_until: date | None


def submitted(known: Mapping[int, SubmittedRow]) -> dict[int, SubmittedRow]:
    """Return every submitted innovation, by id; `known` are those of an earlier look.

    What the database says is compared as it comes: to make days and words of 10,000 rows of which
    one has changed took longer than to match it.
    """
    row = Innovation
    plain = (row.changed_at, row.version, row.sharing, row.is_proven_until)
    found = db.session.execute(
        select(row.id, *(type_coerce(column, String()) for column in plain)).where(
            row.status == RecordStatus.SUBMITTED
        )
    )
    now = {one: tuple(rest) for one, *rest in found}
    stale = [one for one, raw in now.items() if one not in known or known[one].raw != raw]
    read = _sharing_of(stale)
    return {
        one: SubmittedRow((raw[0], int(str(raw[1]))), raw, *read[one])
        if one in read
        else known[one]
        for one, raw in now.items()
    }


def _sharing_of(ids: Collection[int]) -> dict[int, tuple[Sharing, date | None]]:
    """Return with whom some innovations are shared, and until when they are proven."""
    if not ids:
        return {}
    row, wanted = Innovation, frozenset(ids)
    found = db.session.execute(
        select(row.id, row.sharing, row.is_proven_until).where(_among(row.id, ids))
    )
    return {one: (sharing, until) for one, sharing, until in found if one in wanted}


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
class ChallengeRow:
    """A challenge that is open or a draft, and as of when."""

    stamp: Stamp
    is_open: bool
    is_read_by_innovators: bool
    """Whether every innovator who is signed in may read it once it is open."""


def asking() -> dict[int, ChallengeRow]:
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
        one: ChallengeRow(
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


def ends_of_lists(whom: Readership, length: int) -> dict[int, float]:
    """Return the least score of every list of a readership that is so long, by challenge."""
    found = db.session.execute(
        select(Suggestion.challenge_id, Suggestion.score).where(
            Suggestion.challenge_id.in_(select(MatchRun.challenge_id)),
            Suggestion.readership == whom,
            Suggestion.rank == length,
        )
    )
    return {row.challenge_id: row.score for row in found}


def listing(innovation_id: int) -> dict[Readership, set[int]]:
    """Return the challenges on whose lists an innovation stands, by readership."""
    of_it = Suggestion.innovation_id == innovation_id
    found: dict[Readership, set[int]] = {}
    for one, whom in db.session.execute(
        select(Suggestion.challenge_id, Suggestion.readership).where(of_it)
    ):
        found.setdefault(whom, set()).add(one)
    return found


def matched_by(engine_version: str) -> set[int]:
    """Return the challenges that were matched by this version of the engine."""
    of_it = MatchRun.engine_version == engine_version
    return set(db.session.scalars(select(MatchRun.challenge_id).where(of_it)))


@dataclass(frozen=True, slots=True)
class Standing:
    """A stored suggestion: its row, its place and its score."""

    row_id: int
    rank: int
    score: float


def standing(challenge_ids: Collection[int], whom: Readership) -> dict[int, dict[int, Standing]]:
    """Return what stands on the lists of a readership, by challenge and innovation."""
    row = Suggestion
    found: dict[int, dict[int, Standing]] = {}
    for one, innovation_id, row_id, rank, score in db.session.execute(
        select(row.challenge_id, row.innovation_id, row.id, row.rank, row.score).where(
            _among(row.challenge_id, challenge_ids), row.readership == whom
        )
    ):
        found.setdefault(one, {})[innovation_id] = Standing(row_id, rank, score)
    return found

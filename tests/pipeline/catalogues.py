"""Random catalogues, written to the database and kept beside it in plain Python.

A record is drawn with everything that is dated: stage, status, proven, use, engagements and levels.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from portal.accounts.models import Actor, Organisation, OrganisationSize
from portal.challenges.models import Challenge, ChallengeState
from portal.db import db
from portal.innovations.models import (
    Evidence,
    Innovation,
    ProvenStatus,
    RecordStatus,
    Sharing,
    StageChange,
    StandardHeld,
    StandardStatus,
    StatusChange,
    Use,
    innovation_term,
)
from portal.innovations.policy import can_see, is_own
from portal.matching.models import Readership, Suggestion
from portal.programmes.models import ProductRole, Programme, ProgrammeProduct
from portal.reference.models import Hin, Term, Vocabulary
from portal.reference.rules import Quarter
from portal.support.models import (
    Engagement,
    EngagementChange,
    EngagementState,
    Interaction,
    InteractionKind,
    InteractionShare,
    LevelChange,
)
from tests import makers
from tests.cast import Cast
from tests.programmes import makers as spread

LONDON = ZoneInfo("Europe/London")
T = TypeVar("T")
MULTIPLE = {
    "care_setting": Vocabulary.CARE_SETTING,
    "condition": Vocabulary.CONDITION,
    "area": Vocabulary.AREA,
    "benefit": Vocabulary.BENEFIT,
    "inequality": Vocabulary.INEQUALITY,
}
Dated = list[tuple[datetime, Any]]


@dataclass(frozen=True)
class InteractionDetails:
    """What one HIN logged about one innovation, and whether it was withdrawn or corrected."""

    hin: Hin
    on: date
    minutes: int
    is_private: bool
    is_void: bool
    corrected: int | None
    """The minutes that a later entry says instead."""


@dataclass
class Record:
    """One innovation as it was drawn."""

    row: Innovation
    terms: list[Term]
    stages: Dated
    statuses: Dated
    proven: list[tuple[datetime, date, datetime | None]]
    evidence: list[Term]
    standards: list[tuple[Term, StandardStatus]]
    uses: list[tuple[Organisation, str, date, date | None, bool]]
    engagements: list[tuple[Hin, Dated, Dated]]
    interactions: list["InteractionDetails"]
    suggested: list[tuple[Challenge, Readership]] = field(default_factory=list)
    programmes: list[tuple[Programme, date | None]] = field(default_factory=list)
    """Of which it is a product, and since when where a day is known."""


class World:
    """A random catalogue in the database and in memory, about the people of the cast."""

    def __init__(self, cast: Cast, seed: int, size: int, today: date) -> None:
        self.cast, self.today = cast, today
        self.rng = random.Random(seed)  # noqa: S311 - nothing secret hangs on it
        self.terms = {v: _some_terms(v) for v in Vocabulary}
        self.icss = [None, makers.ics("QWU"), makers.ics("QOP"), makers.ics("QHM")]
        self.hins = [makers.hin("HI-WM"), makers.hin("HI-MAN")]
        self.makers = [cast.innovator, cast.colleague, cast.other_innovator]
        cast.innovator.organisation.size = OrganisationSize.SMALL
        self.challenges = [
            makers.challenge("Falls", of=cast.ics),
            makers.challenge("Waits", of=cast.other_ics),
            makers.challenge("Draft", of=cast.ics, state=ChallengeState.DRAFT),
        ]
        self.programmes = [
            spread.programme("Running", by=cast.national, is_public=True, from_year=2022),
            spread.programme("Newer", by=cast.national, is_public=True, from_year=2024),
            spread.programme("Hidden", by=cast.national, from_year=2022),
        ]
        self.records = [self._record(number) for number in range(size)]
        db.session.flush()

    def visible(self, actor: Actor, day: date, *, about_support: bool) -> list[Record]:
        """Return what stood on the pipeline that day and this reader may count."""
        may = is_own if about_support and not actor.is_staff else can_see
        return [
            r
            for r in self.records
            if may(actor, r.row) and newest(r.statuses, day) is RecordStatus.SUBMITTED
        ]

    # Drawing

    def _moment(self, after: datetime | None = None) -> datetime:
        start = after or datetime(2023, 1, 1, tzinfo=UTC)
        end = datetime.combine(self.today, datetime.min.time(), UTC) - timedelta(hours=3)
        seconds = max(int((end - start).total_seconds()), 1)
        moment = start + timedelta(seconds=self.rng.randrange(seconds))
        # Half past eleven at night in UTC: in summer it is the next day in England.
        return moment.replace(hour=23, minute=30) if self.rng.random() < 0.3 else moment

    def _history(self, values: Sequence[Any], most: int, first: Any = None) -> Dated:
        moments = sorted(self._moment() for _ in range(self.rng.randint(1, most)))
        drawn = [self.rng.choice(values) for _ in moments]
        if first is not None:
            drawn[0] = first
        return list(zip(moments, drawn, strict=True))

    def _some(self, values: Sequence[T], most: int) -> list[T]:
        return self.rng.sample(values, self.rng.randint(0, min(most, len(values))))

    def _record(self, number: int) -> Record:
        rng, owner = self.rng, self.rng.choice(self.makers)
        stages = self._history([*self.terms[Vocabulary.DEVELOPMENT_STAGE]], 3)
        statuses = self._history(
            [RecordStatus.SUBMITTED, RecordStatus.ARCHIVED], 3, RecordStatus.SUBMITTED
        )
        if rng.random() < 0.15:
            statuses = [(statuses[0][0], RecordStatus.DRAFT)]
        proven = self._proven()
        row = makers.put(
            Innovation(
                name=f"Record {number}",
                organisation=owner.organisation,
                owner=owner.user,
                status=statuses[-1][1],
                sharing=rng.choice(list(Sharing)),
                submitted_at=None if statuses[0][1] is RecordStatus.DRAFT else statuses[0][0],
                stage=stages[-1][1],
                category=rng.choice([None, *self.terms[Vocabulary.CATEGORY]]),
                main_purpose=rng.choice([None, *self.terms[Vocabulary.PURPOSE]]),
                ics=rng.choice(self.icss),
                hin=rng.choice(self.hins),
                is_proven_until=_until(proven, self.today),
            )
        )
        record = Record(
            row=row,
            terms=[t for v in MULTIPLE.values() for t in self._some(self.terms[v], 3)],
            stages=stages,
            statuses=statuses,
            proven=proven,
            evidence=[
                rng.choice(self.terms[Vocabulary.EVIDENCE_KIND]) for _ in range(rng.randint(0, 3))
            ],
            standards=[
                (t, rng.choice(list(StandardStatus)))
                for t in self._some(self.terms[Vocabulary.STANDARD], 2)
            ],
            uses=[self._use() for _ in range(rng.randint(0, 2))],
            engagements=[self._engagement(hin) for hin in self._some(self.hins, 2)],
            interactions=[],
            suggested=[(c, r) for c in self.challenges for r in Readership if rng.random() < 0.3],
            programmes=[
                (rng.choice(self.programmes), rng.choice([None, self._moment().date()]))
                for _ in range(rng.randint(0, 3))
            ],
        )
        record.interactions = [
            self._details(hin) for hin, _, _ in record.engagements for _ in range(rng.randint(0, 2))
        ]
        self._write(record)
        return record

    def _proven(self) -> list[tuple[datetime, date, datetime | None]]:
        if self.rng.random() < 0.5:
            return []
        verified = self._moment()
        until = verified.date() + timedelta(days=self.rng.choice([100, 365, 2000]))
        withdrawn = self._moment(verified) if self.rng.random() < 0.3 else None
        return [(verified, until, withdrawn)]

    def _use(self) -> tuple[Organisation, str, date, date | None, bool]:
        start = self._moment().date()
        end = start + timedelta(days=self.rng.randint(0, 500)) if self.rng.random() < 0.5 else None
        place = self.rng.choice([self.cast.ics, self.cast.other_ics]).organisation
        return place, self.rng.choice(["", "Ward 1"]), start, end, self.rng.random() < 0.4

    def _engagement(self, hin: Hin) -> tuple[Hin, Dated, Dated]:
        states = self._history(list(EngagementState), 3, EngagementState.NEW)
        levels = self._history([1, 2, 3, 4], 2) if self.rng.random() < 0.7 else []
        return hin, states, levels

    def _details(self, hin: Hin) -> InteractionDetails:
        rng, on = self.rng, self._moment().date()
        corrected = rng.choice([None, None, 15 * rng.randint(0, 12)])
        return InteractionDetails(
            hin, on, 15 * rng.randint(0, 12), rng.random() < 0.5, rng.random() < 0.2, corrected
        )

    # Writing

    def _write(self, record: Record) -> None:
        one = record.row.id
        rows: list[Any] = [
            StageChange(innovation_id=one, at=at, stage=s) for at, s in record.stages
        ]
        rows += [
            StatusChange(innovation_id=one, at=at, status=status) for at, status in record.statuses
        ]
        rows += [Evidence(innovation_id=one, kind=k, title="It works") for k in record.evidence]
        rows += [StandardHeld(innovation_id=one, standard=t, status=s) for t, s in record.standards]
        rows += [
            Use(
                innovation_id=one,
                organisation=o,
                site=site,
                from_on=start,
                until_on=end,
                is_trial=is_trial,
            )
            for o, site, start, end, is_trial in record.uses
        ]
        rows += [
            ProvenStatus(
                innovation_id=one,
                hin=self.hins[0],
                verified_by=self.cast.hin.user,
                verified_at=at,
                valid_until=until,
                withdrawn_at=withdrawn,
                findings=[],
            )
            for at, until, withdrawn in record.proven
        ]
        rows += [
            Suggestion(
                challenge=c,
                innovation_id=one,
                readership=r,
                rank=1,
                score=0.5,
                reasons={},
                engine_version="1",
            )
            for c, r in record.suggested
        ]
        rows += [
            ProgrammeProduct(
                programme_id=programme.id,
                innovation_id=one,
                name=f"{record.row.name}, {place}",
                role=ProductRole.SPREAD,
                from_on=since,
            )
            for place, (programme, since) in enumerate(record.programmes)
        ]
        rows += [self._engaged(one, *engagement) for engagement in record.engagements]
        db.session.add_all(rows)
        db.session.flush()
        self._log(record, {row.hin.code: row for row in rows if isinstance(row, Engagement)})
        if record.terms:
            pairs = [{"innovation_id": one, "term_id": t.id} for t in record.terms]
            db.session.execute(insert(innovation_term), pairs)

    def _log(self, record: Record, engagements: dict[str, Engagement]) -> None:
        for details in record.interactions:
            interaction = self._interaction(details, details.minutes, engagements)
            interaction.is_void = details.is_void
            if details.corrected is not None:
                newer = self._interaction(details, details.corrected, engagements)
                newer.corrects = interaction
        db.session.flush()

    def _interaction(
        self, details: InteractionDetails, minutes: int, engagements: dict[str, Engagement]
    ) -> Interaction:
        return makers.put(
            Interaction(
                hin=details.hin,
                kind=InteractionKind.CALL,
                on=details.on,
                counts_in=Quarter.of(details.on).first,
                minutes=minutes,
                is_private=details.is_private,
                shares=[
                    InteractionShare(engagement=engagements[details.hin.code], minutes=minutes)
                ],
            )
        )

    def _engaged(self, innovation_id: int, hin: Hin, states: Dated, levels: Dated) -> Engagement:
        # A submitted record came to its HIN by itself: take that engagement and tell its story.
        found = db.session.scalar(
            select(Engagement).where(
                Engagement.innovation_id == innovation_id, Engagement.hin_id == hin.id
            )
        ) or Engagement(innovation_id=innovation_id, hin=hin)
        found.state = states[-1][1]
        found.level = levels[-1][1] if levels else None
        found.changes = [EngagementChange(state=s, at=at) for at, s in states]
        found.levels = [LevelChange(level=n, at=at) for at, n in levels]
        return found


def _some_terms(vocabulary: Vocabulary) -> list[Term]:
    """Three terms, two of them of one group where the vocabulary has groups."""
    found = db.session.scalars(
        select(Term).where(Term.vocabulary == vocabulary).order_by(Term.position)
    ).all()
    return [*found[:2], *found[-1:]]


def _until(proven: list[tuple[datetime, date, datetime | None]], today: date) -> date | None:
    return next((until for _, until, withdrawn in proven if withdrawn is None), None)


def newest(history: Dated, day: date) -> Any:
    """The newest value that a history had in England's time at the end of the day."""
    before = [value for moment, value in history if moment.astimezone(LONDON).date() <= day]
    return before[-1] if before else None

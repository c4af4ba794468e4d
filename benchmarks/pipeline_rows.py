"""A made pipeline of any size: the same rows for every engine, the same in every run."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, select

from portal import sqlite
from portal.accounts.models import OrganisationKind, OrganisationSize
from portal.db import Base, db
from portal.innovations.models import RecordStatus, Sharing, StandardStatus
from portal.reference.models import Hin, Ics, Term, Vocabulary
from portal.support.models import EngagementState
from portal.text import folded

Rows = dict[str, list[dict[str, Any]]]
FIRST = datetime(2019, 4, 1, 9, tzinfo=UTC)
DAYS = 2700
LINKS = {
    Vocabulary.CARE_SETTING: (1, 4),
    Vocabulary.CONDITION: (1, 4),
    Vocabulary.AREA: (1, 3),
    Vocabulary.BENEFIT: (2, 5),
    Vocabulary.INEQUALITY: (0, 2),
}
CHUNK = 5_000
NO_WORDS = "0" * 64
"""No view reads the words of an event, so they are left out, and their fingerprint with them."""


class Maker:
    """Draws the rows of every table that the views read."""

    def __init__(self, size: int) -> None:
        self.rng, self.size = random.Random(size), size
        found = db.session.execute(select(Term.id, Term.vocabulary).order_by(Term.id))
        self.terms: dict[Vocabulary, list[int]] = {v: [] for v in Vocabulary}
        for one, vocabulary in found:
            self.terms[vocabulary].append(one)
        self.ics = list(db.session.scalars(select(Ics.id).order_by(Ics.id)))
        self.hins = list(db.session.scalars(select(Hin.id).order_by(Hin.id)))
        self.rows: Rows = {}
        self.add("user", email="reader@example.org", name="A reader", fs_uniquifier="reader")

    def add(self, table: str, **values: Any) -> int:
        """Add one row with the next id."""
        found = self.rows.setdefault(table, [])
        found.append({"id": len(found) + 1, **values})
        return len(found)

    def moment(self, after: datetime = FIRST) -> datetime:
        """A moment between `after` and the end of the story, more of them late than early."""
        left = max((FIRST + timedelta(days=DAYS) - after).days, 1)
        return after + timedelta(days=int(left * self.rng.random() ** 0.7))

    def all(self) -> Rows:
        """Return the rows of every table."""
        kinds = [OrganisationKind.COMPANY] * 6 + [
            OrganisationKind.CHARITY,
            OrganisationKind.UNIVERSITY,
        ]
        for number in range(max(self.size // 2, 1)):
            name = f"Organisation {number}"
            self.add(
                "organisation",
                name=name,
                name_key=folded(name),
                kind=self.rng.choice(kinds),
                size=self.rng.choice([None, *OrganisationSize]),
                ics_id=self.rng.choice(self.ics),
            )
        for number in range(self.size):
            self._innovation(number)
        return self.rows

    def _innovation(self, number: int) -> None:
        rng, submitted = self.rng, self.moment()
        stages = sorted(rng.choices(self.terms[Vocabulary.DEVELOPMENT_STAGE], k=rng.randint(1, 4)))
        status = rng.choices(
            [RecordStatus.SUBMITTED, RecordStatus.ARCHIVED, RecordStatus.DRAFT], [88, 8, 4]
        )[0]
        is_proven = rng.random() < 0.15
        until = date(2026, 1, 1) + timedelta(days=rng.randrange(900)) if is_proven else None
        one = self.add(
            "innovation",
            organisation_id=rng.randint(1, len(self.rows["organisation"])),
            status=status,
            sharing=rng.choices(list(Sharing), [30, 40, 30])[0],
            name=f"Innovation {number}",
            submitted_at=None if status is RecordStatus.DRAFT else submitted,
            category_id=rng.choice(self.terms[Vocabulary.CATEGORY]),
            main_purpose_id=rng.choice([None, *self.terms[Vocabulary.PURPOSE]]),
            stage_id=stages[-1],
            ics_id=rng.choice(self.ics),
            hin_id=rng.choice(self.hins),
            is_proven_until=until,
        )
        self._history(one, submitted, stages, status)
        if until is not None:
            self.add(
                "proven_status",
                innovation_id=one,
                hin_id=rng.choice(self.hins),
                verified_by_id=1,
                verified_at=self.moment(submitted),
                valid_until=until,
                findings=[],
            )
        self._timeline(one, submitted)
        self._links(one)
        self._support(one, submitted)

    def _history(
        self, one: int, submitted: datetime, stages: Sequence[int], status: RecordStatus
    ) -> None:
        at = submitted
        for stage in stages:
            self.add("stage_change", innovation_id=one, stage_id=stage, at=at)
            at = self.moment(at)
        self.add(
            "status_change",
            innovation_id=one,
            status=RecordStatus.DRAFT,
            at=submitted - timedelta(days=9),
        )
        if status is not RecordStatus.DRAFT:
            self.add(
                "status_change", innovation_id=one, status=RecordStatus.SUBMITTED, at=submitted
            )
        if status is RecordStatus.ARCHIVED:
            self.add("status_change", innovation_id=one, status=status, at=self.moment(submitted))

    def _timeline(self, one: int, submitted: datetime) -> None:
        self.add("sharing_change", innovation_id=one, sharing=Sharing.HINS, at=submitted)
        for number in range(self.rng.randint(1, 6)):
            self.add(
                "audit_event",
                at=self.moment(submitted) if number else submitted,
                organisation_name="",
                action="innovation.updated",
                noun="innovation",
                noun_id=one,
                words_hash=NO_WORDS,
            )

    def _links(self, one: int) -> None:
        rng, links = self.rng, self.rows.setdefault("innovation_term", [])
        for vocabulary, (least, most) in LINKS.items():
            for term in rng.sample(self.terms[vocabulary], rng.randint(least, most)):
                links.append({"innovation_id": one, "term_id": term})
        for kind in rng.choices(self.terms[Vocabulary.EVIDENCE_KIND], k=rng.randint(0, 3)):
            self.add("evidence", innovation_id=one, kind_id=kind, title="A study")
        for standard in rng.sample(self.terms[Vocabulary.STANDARD], rng.randint(0, 3)):
            status = rng.choice(list(StandardStatus))
            self.add("standard_held", innovation_id=one, standard_id=standard, status=status)
        for _ in range(rng.choice([0, 0, 1, 2, 3])):
            place = rng.randint(1, len(self.rows["organisation"]))
            start = self.moment().date()
            self.add("use", innovation_id=one, organisation_id=place, from_on=start, until_on=None)

    def _support(self, one: int, submitted: datetime) -> None:
        rng = self.rng
        for hin in rng.sample(self.hins, rng.choices([0, 1, 2, 3], [10, 70, 15, 5])[0]):
            state = rng.choice(list(EngagementState))
            level = rng.choice([None, 1, 1, 2, 2, 3, 4])
            engagement = self.add(
                "engagement",
                innovation_id=one,
                hin_id=hin,
                state=state,
                level=level,
                opened_at=submitted,
            )
            self.add("engagement_change", engagement_id=engagement, state=state, at=submitted)
            if level:
                self.add("level_change", engagement_id=engagement, level=level, at=submitted)


def store(rows: Rows) -> None:
    """Write the rows to the portal's own database, and let it learn their distribution where that
    is safe: docs/operating.md, "SQLite or PostgreSQL"."""
    write(rows)
    db.session.commit()
    if sqlite.file_of(db.engine) and sqlite.has_seek_bug():
        return
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def write(rows: Rows) -> None:
    """Insert the rows of every table, without a commit."""
    for name, found in rows.items():
        table = Base.metadata.tables[name]
        for chunk in _chunks(found):
            db.session.execute(insert(table), chunk)


def _chunks(found: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(found), CHUNK):
        yield found[start : start + CHUNK]


def tables_read() -> list[Table]:
    """Return the tables of the views, reference data included."""
    names = ("term", "ics", "hin", "region", "organisation", "innovation", "innovation_term")
    more = ("evidence", "standard_held", "use", "stage_change", "status_change", "proven_status")
    dated = ("sharing_change", "audit_event")
    support = ("engagement", "engagement_change", "level_change", "collaborator")
    return [Base.metadata.tables[name] for name in (*names, *more, *dated, *support)]

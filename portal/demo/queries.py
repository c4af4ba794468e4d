"""Read the demo's own files, and whether its world is there."""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from portal.challenges.models import Challenge, ChallengeState, Readers
from portal.db import db
from portal.exchange.models import ContentItem, ContentKind
from portal.exchange.queries.content import is_published
from portal.innovations.models import Innovation, RecordStatus, Sharing
from portal.matching.models import Feedback
from portal.reference.models import Hin
from portal.support.models import Engagement, EngagementState
from portal.support.queries.on_day import is_live_on

DATA = Path(__file__).parent / "data"
Record = dict[str, Any]
MAKERS = (OrganisationKind.COMPANY, OrganisationKind.CHARITY, OrganisationKind.UNIVERSITY)


def records(name: str) -> list[Record]:
    """Return the rows of one of the demo's files of JSON lines, in its order."""
    with (DATA / f"{name}.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def people() -> list[dict[str, str]]:
    """Return the people with whom the demo is signed in to, in the order of the table."""
    with (DATA / "people.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def returns() -> list[dict[str, str]]:
    """Return what companies say in the demo's yearly returns, in the order of the table."""
    with (DATA / "returns.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def rebuilt_parts() -> dict[tuple[str, str], dict[str, str]]:
    """Return what the parts of reports that are put together anew say, by outline and part."""
    with (DATA / "report_rebuilt.csv").open(encoding="utf-8", newline="") as file:
        return {(row["outline"], row["code"]): row for row in csv.DictReader(file)}


def picture(name: str) -> bytes:
    """Return one of the demo's pictures."""
    return (DATA / name).read_bytes()


def case_studies(at: datetime) -> Sequence[int]:
    """Return the numbers of the case studies that everybody read at a moment, the newest first."""
    return db.session.scalars(
        select(ContentItem.id)
        .where(is_published(at), ContentItem.kind == ContentKind.CASE_STUDY)
        .order_by(ContentItem.published_at.desc(), ContentItem.id)
    ).all()


def words(name: str) -> list[str]:
    """Return the lines of one of the demo's files of plain words."""
    return (DATA / f"{name}.txt").read_text(encoding="utf-8").split()


def is_loaded() -> bool:
    """Whether the demo world is there: it is loaded whole or not at all."""
    found = select(Innovation.id).where(Innovation.is_demo).limit(1)
    return db.session.scalar(found) is not None


def is_judged() -> bool:
    """Whether the demo's ICSs have judged their matches."""
    return db.session.scalar(select(Feedback.id).limit(1)) is not None


def helping_most(challenge: str) -> str:
    """Return the name of the innovation that helps most with the challenge of a key."""
    graded = grades()
    names = [row for name in ("innovations", "invented") for row in records(name)]
    best = max(names, key=lambda row: graded.get((challenge, row["key"]), 0))
    return str(best["name"])


def grades() -> dict[tuple[str, str], int]:
    """Return how well an innovation helps with a challenge (0 to 2), by the keys of both."""
    with (DATA / "judgements.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {(row["challenge"], row["innovation"]): int(row["grade"]) for row in rows}


def open_challenges() -> list[Challenge]:
    """Return the demo's open challenges, oldest first."""
    rows = db.session.scalars(
        select(Challenge)
        .where(Challenge.state == ChallengeState.OPEN, Challenge.is_demo)
        .options(joinedload(Challenge.organisation))
        .order_by(Challenge.opened_at, Challenge.id)
    )
    return list(rows)


def innovation_called(name: str) -> Innovation:
    """Return the demo's innovation with this name."""
    found = select(Innovation).where(Innovation.name == name, Innovation.is_demo)
    return db.session.scalars(found).one()


def acting_for(organisation_id: int) -> list[tuple[User, Membership]]:
    """Return the people of an organisation who do its work, leads first."""
    rows = db.session.execute(
        select(User, Membership)
        .join(User.memberships)
        .where(Membership.organisation_id == organisation_id, Membership.role != Role.ADMINISTRATOR)
        .order_by(Membership.is_lead.desc(), User.id)
    )
    return [(user, membership) for user, membership in rows]


def person(key: str) -> tuple[User, Membership]:
    """Return a person with whom the demo is signed in to, and whom they act for."""
    email = next(row["email"] for row in people() if row["key"] == key)
    found = select(User, Membership).join(User.memberships).where(User.email == email)
    user, membership = db.session.execute(found).one()
    return user, membership


@dataclass(frozen=True, slots=True)
class Meeting:
    """An innovation that an ICS may ask to meet, and a challenge that it is for, if any fits."""

    innovation: Innovation
    challenge: Challenge | None


def to_meet(shown: str, at: int) -> list[Meeting]:
    """Return the demo's proven innovations that ICSs may see and that innovators look after, by
    id, the one named `shown` put in at a place; every second one with an open challenge that all
    may read."""
    innovations = _proven()
    innovations[at:at] = db.session.scalars(select(Innovation).where(Innovation.name == shown))
    challenges = db.session.scalars(
        select(Challenge)
        .where(Challenge.state == ChallengeState.OPEN, Challenge.readers == Readers.PUBLIC)
        .order_by(Challenge.id)
    )
    for_what = {number: challenge for number, challenge in enumerate(challenges) if number % 2}
    return [Meeting(one, for_what.get(number)) for number, one in enumerate(innovations)]


def helped_alone(hin_code: str) -> list[Innovation]:
    """Return the demo's innovations with which this HIN alone is engaging, by id."""
    others = (
        select(Engagement.innovation_id)
        .join(Engagement.hin)
        .where(Hin.code != hin_code, is_live_on(None))
    )
    found = helped_in(hin_code, EngagementState.ENGAGING)
    shared = set(db.session.scalars(others))
    return [innovation for innovation in found if innovation.id not in shared]


def helped_in(hin_code: str, state: EngagementState) -> list[Innovation]:
    """Return the demo's innovations whose engagement with this HIN is in this state, by id."""
    return list(
        db.session.scalars(
            select(Innovation)
            .join(Engagement, Engagement.innovation_id == Innovation.id)
            .join(Engagement.hin)
            .where(
                Innovation.is_demo,
                Innovation.status == RecordStatus.SUBMITTED,
                Hin.code == hin_code,
                Engagement.state == state,
            )
            .order_by(Innovation.id)
        )
    )


def _proven() -> list[Innovation]:
    found = db.session.scalars(
        select(Innovation)
        .join(Innovation.organisation)
        .where(
            Innovation.is_demo,
            Innovation.status == RecordStatus.SUBMITTED,
            Innovation.sharing != Sharing.HINS,
            Innovation.is_proven_until.is_not(None),
            Organisation.kind.in_(MAKERS),
        )
        .order_by(Innovation.id)
    )
    return list(found)

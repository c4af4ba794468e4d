"""Read what the front page shows: what is new, what closes soon, and the counts of the quarter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import ANONYMOUS
from portal.challenges.models import Call, Challenge, ChallengeState
from portal.challenges.queries import visible_to as challenge_visible_to
from portal.challenges.queries.calls import is_open_call
from portal.clock import begin_of, now, today
from portal.db import db
from portal.exchange.models import ContentItem, ContentKind
from portal.exchange.queries.content import is_published
from portal.innovations.models import Innovation, ProvenStatus
from portal.innovations.queries import proven
from portal.innovations.queries import visible_to as innovation_visible_to
from portal.reference.rules import Quarter

EACH = 3
"""So many of each kind stand on the front page."""


@dataclass(frozen=True, slots=True)
class Counters:
    """What a stranger can count on the Exchange on a day."""

    quarter: Quarter
    case_studies: int
    """Published in the quarter, and still there."""
    calls: int
    """Open for answers today."""
    funding: int
    """Open for applications today."""
    proven: int
    """Innovations that everybody may read and that count as proven today."""


def newest(kind: ContentKind) -> Select[int]:
    """Return the ids of the newest of a kind."""
    found = select(ContentItem.id).where(is_published(), ContentItem.kind == kind)
    return found.order_by(ContentItem.published_at.desc(), ContentItem.id.desc()).limit(EACH)


def _open_funding() -> list[ColumnElement[bool]]:
    begun = (ContentItem.opens_on.is_(None)) | (ContentItem.opens_on <= today())
    return [
        is_published(),
        ContentItem.kind == ContentKind.FUNDING,
        ContentItem.closes_on >= today(),
        begun,
    ]


def shown() -> dict[str, Sequence[ContentItem]]:
    """Return case studies, open funding and coming events, each in its order. Two statements."""
    coming = func.coalesce(ContentItem.ends_at, ContentItem.starts_at) >= now()
    funding = select(ContentItem.id).where(*_open_funding())
    events = select(ContentItem.id).where(
        is_published(), ContentItem.kind == ContentKind.EVENT, coming
    )
    ids = union(
        select(newest(ContentKind.CASE_STUDY).subquery().c.id),
        select(funding.order_by(ContentItem.closes_on).limit(EACH).subquery().c.id),
        select(events.order_by(ContentItem.starts_at).limit(EACH).subquery().c.id),
    )
    rows = db.session.scalars(
        select(ContentItem)
        .where(ContentItem.id.in_(ids))
        .options(
            joinedload(ContentItem.hin),
            joinedload(ContentItem.ics),
            selectinload(ContentItem.terms),
        )
        .order_by(ContentItem.id)
    ).all()
    return {
        "case_studies": _of(rows, ContentKind.CASE_STUDY, lambda one: -_seconds(one.published_at)),
        "funding": _of(rows, ContentKind.FUNDING, lambda one: one.closes_on),
        "events": _of(rows, ContentKind.EVENT, lambda one: one.starts_at),
    }


def _of(rows: Sequence[ContentItem], kind: ContentKind, order: Any) -> list[ContentItem]:
    return sorted((one for one in rows if one.kind is kind), key=order)


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def newly_proven() -> Sequence[tuple[Innovation, datetime]]:
    """Return the records that everybody may read and that were verified last, with when."""
    verified = (
        select(ProvenStatus.innovation_id, func.max(ProvenStatus.verified_at).label("at"))
        .where(ProvenStatus.withdrawn_at.is_(None))
        .group_by(ProvenStatus.innovation_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Innovation, verified.c.at)
        .join(verified, verified.c.innovation_id == Innovation.id)
        .where(innovation_visible_to(ANONYMOUS), proven(today()))
        .options(joinedload(Innovation.organisation))
        .order_by(verified.c.at.desc(), Innovation.id)
        .limit(EACH)
    )
    return [(row, at) for row, at in rows]


def counters() -> Counters:
    """Return the counts of the running quarter and of today. One statement."""
    quarter = Quarter.of(today())
    since = begin_of(quarter.first)
    studies = ContentItem.kind == ContentKind.CASE_STUDY
    row = db.session.execute(
        select(
            _count(ContentItem, is_published(), studies, ContentItem.published_at >= since),
            select(func.count())
            .select_from(Call)
            .join(Call.challenge)
            .where(
                Challenge.state == ChallengeState.OPEN,
                challenge_visible_to(ANONYMOUS),
                is_open_call(today()),
            )
            .scalar_subquery(),
            _count(ContentItem, *_open_funding()),
            _count(Innovation, innovation_visible_to(ANONYMOUS), proven(today())),
        )
    ).one()
    return Counters(quarter, *(int(number) for number in row))


def _count(of: Any, *tests: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(of).where(*tests).scalar_subquery()

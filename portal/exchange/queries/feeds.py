"""Read what feeds and the list of addresses hold."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, cast, literal, select, union_all
from sqlalchemy.orm import selectinload

from portal.accounts.models import ANONYMOUS
from portal.challenges.models import Challenge
from portal.challenges.queries import visible_to as challenge_visible_to
from portal.clock import now
from portal.db import db
from portal.exchange.models import ContentItem, ContentKind
from portal.exchange.queries.content import ContentQuery, is_published, listed
from portal.innovations.models import Innovation
from portal.innovations.queries import visible_to as innovation_visible_to

MAX_ENTRIES = 50
PAST = timedelta(days=30)
"""For so long events that are over stay in the calendar."""
MAX_ADDRESSES = 50_000
"""Of one list of addresses (sitemaps.org)."""


def newest(wanted: ContentQuery) -> Sequence[ContentItem]:
    """Return what was published last of what is asked for."""
    newest_first = (ContentItem.published_at.desc(), ContentItem.id.desc())
    found = listed(wanted).options(selectinload(ContentItem.sites))
    found = found.order_by(*newest_first).limit(MAX_ENTRIES)
    return db.session.scalars(found).all()


def events(wanted: ContentQuery) -> Sequence[ContentItem]:
    """Return the events asked for that are to come or were lately, the earliest first."""
    found = listed(wanted).where(
        ContentItem.kind == ContentKind.EVENT, ContentItem.starts_at >= now() - PAST
    )
    return db.session.scalars(found.order_by(ContentItem.starts_at, ContentItem.id)).all()


def addresses() -> Sequence[tuple[str, int, datetime]]:
    """Return what strangers can open: what it is ("innovation", "challenge" or a kind), its number
    and when it changed. One statement."""
    rows = union_all(
        select(cast(ContentItem.kind, String), ContentItem.id, ContentItem.changed_at).where(
            is_published()
        ),
        select(literal("innovation"), Innovation.id, Innovation.changed_at).where(
            innovation_visible_to(ANONYMOUS)
        ),
        select(literal("challenge"), Challenge.id, Challenge.changed_at).where(
            challenge_visible_to(ANONYMOUS)
        ),
    ).limit(MAX_ADDRESSES)
    return [(str(what), number, at) for what, number, at in db.session.execute(rows)]

"""Read the addresses of published items, and which are to be called."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor
from portal.db import by_name, db
from portal.exchange.models.content import ContentItem
from portal.exchange.models.links import ContentLink
from portal.exchange.queries.content import is_published
from portal.exchange.rules.links import A_RUN, BROKEN_AFTER

Links = Select[ContentLink]


def published_items() -> Sequence[ContentItem]:
    """Return what everybody reads."""
    return db.session.scalars(select(ContentItem).where(is_published())).all()


def all_links() -> Sequence[ContentLink]:
    """Return every address that is kept."""
    return db.session.scalars(select(ContentLink)).all()


def due_links(at: datetime) -> Sequence[ContentLink]:
    """Return the addresses whose turn it is at a moment, those that wait longest first; enough of
    them that one of each host can be chosen."""
    return db.session.scalars(
        select(ContentLink)
        .where(ContentLink.next_at <= at)
        .options(joinedload(ContentLink.item).joinedload(ContentItem.owner))
        .order_by(ContentLink.next_at, ContentLink.id)
        .limit(A_RUN * 20)
    ).all()


def is_broken() -> ColumnElement[bool]:
    """Return SQL for "it led nowhere too often in a row"."""
    return ContentLink.failures >= BROKEN_AFTER


def links_for(actor: Actor, *, broken_only: bool) -> Links:
    """Return the addresses of what the actor's network publishes, of all for the national team."""
    own = true() if actor.is_national else ContentItem.hin_id == actor.hin_id
    return (
        select(ContentLink)
        .join(ContentLink.item)
        .options(contains_eager(ContentLink.item))
        .where(own, is_broken() if broken_only else true())
        .order_by(by_name(ContentItem.title))
    )

"""Read who follows what, and of what nobody was told yet."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.accounts.models import User
from portal.db import db
from portal.exchange.models import ContentFollowing, ContentItem
from portal.exchange.queries.content import ContentQuery, is_published, listed

NEWS_FOR = timedelta(days=14)
"""What was published longer ago is no news: it was brought in from elsewhere, or nothing ran."""


def followed_by(user_id: int | None) -> Sequence[ContentFollowing]:
    """Return what a person follows, the newest first."""
    theirs = select(ContentFollowing).where(ContentFollowing.user_id == user_id)
    newest = theirs.order_by(ContentFollowing.at.desc(), ContentFollowing.id.desc())
    return db.session.scalars(newest).all()


def every_question() -> Sequence[str]:
    """Return each query string that anybody follows, once."""
    found = select(ContentFollowing.asked).distinct().order_by(ContentFollowing.asked)
    return db.session.scalars(found).all()


def untold(at: datetime) -> Sequence[int]:
    """Return the ids of what is published and nobody was told of, the earliest first."""
    return db.session.scalars(
        select(ContentItem.id)
        .where(
            is_published(at),
            ContentItem.told_at.is_(None),
            ContentItem.published_at >= at - NEWS_FOR,
        )
        .order_by(ContentItem.published_at, ContentItem.id)
    ).all()


def is_asked_for(item: ContentItem, wanted: ContentQuery) -> bool:
    """Whether an item is in the list that somebody follows: the list's own statement says it."""
    found = listed(wanted).where(ContentItem.id == item.id).with_only_columns(ContentItem.id)
    return db.session.scalar(found) is not None


def followers(item: ContentItem, asked: Collection[str]) -> Sequence[User]:
    """Return who followed one of these lists before the item was published, each once, but for who
    published or wrote it."""
    following = select(ContentFollowing.user_id).where(
        ContentFollowing.asked.in_(asked), ContentFollowing.at <= item.published_at
    )
    did_it = {item.published_by_id, item.changed_by_id, item.owner_id}
    found = select(User).where(User.id.in_(following), User.active.is_(True)).order_by(User.id)
    return [person for person in db.session.scalars(found) if person.id not in did_it]

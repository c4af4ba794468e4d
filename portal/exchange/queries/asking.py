"""What is asked of those who write for the Exchange, as the home page reads it."""

from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true

from portal.accounts.models import Actor
from portal.clock import today
from portal.exchange.models import ContentItem, ContentState

Rows = Select[*tuple[Any, ...]]


def _own(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for `policy.can_edit`."""
    return true() if actor.is_national else ContentItem.hin_id == actor.hin_id


def to_publish(actor: Actor) -> Rows:
    """Return what waits for a second person, which the actor may be."""
    waits = or_(
        ContentItem.state == ContentState.REVIEW,
        (ContentItem.state == ContentState.PUBLISHED) & (ContentItem.pending_by_id.is_not(None)),
    )
    return select(ContentItem.id.label("id"), ContentItem.title.label("name")).where(
        waits,
        _own(actor),
        ContentItem.changed_by_id.is_distinct_from(actor.user_id),
        ContentItem.sent_by_id.is_distinct_from(actor.user_id)
        | (ContentItem.state == ContentState.PUBLISHED),
    )


def to_look_at(actor: Actor) -> Rows:
    """Return what the actor looks after and is asked of whether it still holds."""
    return select(
        ContentItem.id.label("id"),
        ContentItem.title.label("name"),
        ContentItem.review_on.label("due_on"),
    ).where(
        ContentItem.owner_id == actor.user_id,
        ContentItem.state == ContentState.PUBLISHED,
        ContentItem.review_on <= today(),
    )


def returned(actor: Actor) -> Rows:
    """Return what the actor looks after and was given back."""
    return select(ContentItem.id.label("id"), ContentItem.title.label("name")).where(
        ContentItem.owner_id == actor.user_id,
        ContentItem.state == ContentState.DRAFT,
        ContentItem.returned_why != "",
    )

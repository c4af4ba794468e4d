"""Read what is like an item, as the job compared it last."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.exchange.models import ContentItem
from portal.exchange.queries.content import is_published


def related_to(item: ContentItem) -> Sequence[ContentItem]:
    """Return the published items most like one, the most like first."""
    if not item.related:
        return []
    found = db.session.scalars(
        select(ContentItem)
        .where(ContentItem.id.in_(item.related), is_published())
        .options(
            joinedload(ContentItem.hin),
            joinedload(ContentItem.ics),
            selectinload(ContentItem.terms),
        )
    )
    by_id = {one.id: one for one in found}
    return [by_id[number] for number in item.related if number in by_id]

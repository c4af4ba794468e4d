"""Keep which published items are like which."""

from sqlalchemy import select, update

from portal.db import db
from portal.exchange.models import ContentItem
from portal.exchange.queries.content import is_published
from portal.exchange.rules.stems import alike

MOST = 4


def relate() -> int:
    """Compare every published item with every other; returns of how many the likest changed.

    The row's version stays: nobody wrote anything.
    """
    rows = db.session.execute(
        select(ContentItem.id, ContentItem.stems, ContentItem.related).where(is_published())
    ).all()
    found = alike({number: stems for number, stems, _ in rows}, MOST)
    changed = [(number, found[number]) for number, _, before in rows if before != found[number]]
    for number, related in changed:
        db.session.execute(
            update(ContentItem).where(ContentItem.id == number).values(related=related)
        )
    return len(changed)

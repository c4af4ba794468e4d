"""Call the addresses that published items name, a few at a time, and tell an owner once of one that
leads nowhere."""

from collections.abc import Callable
from datetime import datetime

from portal.db import db
from portal.exchange.models.content import ContentItem
from portal.exchange.models.links import ContentLink
from portal.exchange.queries import links as queries
from portal.exchange.rules.links import (
    BROKEN_AFTER,
    addresses_of,
    leads_nowhere,
    one_a_host,
    wait_after,
    words_of,
)
from portal.notifications.outbox import tell

Caller = Callable[[str], tuple[int | None, str]]
"""Call an address; returns the code of the answer, None where there was none, and why."""


def gather(at: datetime) -> None:
    """Keep each address that a published item names, and forget those that none names any more."""
    wanted = {(one.id, url) for one in queries.published_items() for url in addresses_of(one)}
    there = {(one.item_id, one.url): one for one in queries.all_links()}
    for key, link in there.items():
        if key not in wanted:
            db.session.delete(link)
    for item_id, url in sorted(wanted - there.keys()):
        db.session.add(ContentLink(item_id=item_id, url=url, next_at=at))
    db.session.flush()


def check_due(at: datetime, caller: Caller) -> int:
    """Call those whose turn it is, one of each host; returns how many. Each is committed by itself,
    so that no row is held while somebody else's site takes its time."""
    due = [(one.url, one.id) for one in queries.due_links(at)]
    db.session.commit()
    chosen = set(one_a_host(due))
    for url, link_id in due:
        if link_id in chosen:
            code, said = caller(url)
            settle(link_id, code, said, at)
            db.session.commit()
    return len(chosen)


def settle(link_id: int, code: int | None, said: str, at: datetime) -> None:
    """Keep what came back; the owner is told once when it is broken."""
    link = db.session.get(ContentLink, link_id)
    if link is None:
        return
    link.failures = link.failures + 1 if leads_nowhere(code) else 0
    link.checked_at, link.said = at, words_of(code, said)
    link.next_at = at + wait_after(link.failures)
    if not link.failures:
        link.told_at = None
    elif link.failures >= BROKEN_AFTER and link.told_at is None:
        link.told_at = at
        _tell(link, link.item)
    db.session.flush()


def _tell(link: ContentLink, item: ContentItem) -> None:
    if item.owner is not None:
        tell(
            [item.owner],
            "exchange/emails/link_broken.txt",
            url=f"/exchange/items/{item.id}",
            item=item,
            link=link,
        )

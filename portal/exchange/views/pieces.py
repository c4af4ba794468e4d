"""What the Exchange says on the pages of lower rooms: what is published about a record, a challenge
or a place of the directory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.challenges.models import Challenge
from portal.exchange.models import ContentItem
from portal.exchange.queries.content import published_about, written_about
from portal.exchange.queries.places import items_at
from portal.exchange.serialise.content import address
from portal.innovations.models import Innovation
from portal.reference.models import Site


@dataclass(frozen=True, slots=True)
class Published:
    """The items about something, the newest first."""

    items: Sequence[ContentItem]
    address: Callable[[ContentItem], str] = address
    template: str = "exchange/_published.html"


def published_of(row: Any) -> Published | None:
    """Return what is published about a record, a challenge or a place; None where nothing is."""
    found: Sequence[ContentItem] = ()
    if isinstance(row, Innovation):
        if row.id in written_about()[0]:
            found = published_about(ContentItem.innovation_id == row.id)
    elif isinstance(row, Challenge):
        if row.id in written_about()[1]:
            found = published_about(ContentItem.challenge_id == row.id)
    elif isinstance(row, Site):
        found = published_about(ContentItem.id.in_(items_at([row.id])))
    return Published(found) if found else None

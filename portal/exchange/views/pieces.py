"""What the Exchange says on the pages of lower rooms: what is published about a record, a challenge
or a programme."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.challenges.models import Challenge
from portal.exchange.models import ContentItem
from portal.exchange.queries.content import published_about
from portal.exchange.serialise.content import address
from portal.innovations.models import Innovation


@dataclass(frozen=True, slots=True)
class Published:
    """The items about something, the newest first."""

    items: Sequence[ContentItem]
    address: Callable[[ContentItem], str] = address
    template: str = "exchange/_published.html"


def published_of(row: Any) -> Published | None:
    """Return what is published about a record or a challenge; None where nothing is."""
    if isinstance(row, Innovation):
        found = published_about(ContentItem.innovation_id == row.id)
    elif isinstance(row, Challenge):
        found = published_about(ContentItem.challenge_id == row.id)
    else:
        return None
    return Published(found) if found else None

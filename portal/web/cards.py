"""What stands on the card of a record: higher rooms contribute a link for the person who asks.

`portal/rooms.py` names each room's once; a list that shows cards knows no higher room. A reader, a
record and what it is shown for are rows of rooms, which this package does not know.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

EXTENSION = "portal-card-links"


@dataclass(frozen=True, slots=True)
class CardLink:
    """A link on a card: `text` is seen, `about` follows it for those who hear the page."""

    text: str
    href: str
    about: str
    before: str = ""
    """What the card says before the link; with it the line is a sentence."""


CardLinkSource = Callable[[Any, Any, Any | None], CardLink | None]
"""Give the link for a reader on the card of a record, shown for a challenge or for none."""

Links = Callable[[Any, Any | None], Sequence[CardLink]]


def register(app: Flask, links: Links) -> None:
    """Let cards carry what `links` gives for a record and what it is shown for."""
    app.extensions[EXTENSION] = links


def links_of(record: Any, challenge: Any | None = None) -> Sequence[CardLink]:
    """Return the links on the card of a record for the person who asks."""
    links: Links | None = current_app.extensions.get(EXTENSION)
    return links(record, challenge) if links else ()

"""The tables of the exchange, each in the module of its subject."""

from portal.exchange.models.content import (
    ContentItem,
    ContentKind,
    ContentPicture,
    ContentResult,
    ContentState,
    ContentVersion,
    Licence,
    content_site,
    content_term,
)
from portal.exchange.models.following import ContentFollowing
from portal.exchange.models.links import ContentLink
from portal.exchange.models.visits import VisitCount, VisitMark, VisitSalt

__all__ = [
    "ContentFollowing",
    "ContentItem",
    "ContentKind",
    "ContentLink",
    "ContentPicture",
    "ContentResult",
    "ContentState",
    "ContentVersion",
    "Licence",
    "VisitCount",
    "VisitMark",
    "VisitSalt",
    "content_site",
    "content_term",
]

"""The tables of the exchange, each in the module of its subject."""

from portal.exchange.models.content import (
    ContentItem,
    ContentKind,
    ContentPicture,
    ContentResult,
    ContentState,
    ContentVersion,
    Licence,
    content_term,
)

__all__ = [
    "ContentItem",
    "ContentKind",
    "ContentPicture",
    "ContentResult",
    "ContentState",
    "ContentVersion",
    "Licence",
    "content_term",
]

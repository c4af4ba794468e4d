"""Find items by words, for pages of other rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func

from portal.db import db
from portal.exchange.models import ContentItem, ContentKind
from portal.exchange.queries.content import ContentQuery, listed, ordered
from portal.exchange.rules.stems import asked

SHOWN = 3


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Items that hold some words: how many of each kind, and the first of them."""

    by_kind: Mapping[ContentKind, int]
    first: Sequence[ContentItem]


def found_for(words: str) -> SearchResult:
    """Return what is published and holds every word. At most three statements."""
    stems = asked(words)
    if not stems:
        return SearchResult({}, [])
    wanted = ContentQuery(stems=stems)
    counted = listed(wanted).with_only_columns(ContentItem.kind, func.count())
    by_kind = dict(db.session.execute(counted.group_by(ContentItem.kind)).all())
    if not by_kind:
        return SearchResult({}, [])
    first = db.session.scalars(ordered(listed(wanted), wanted).limit(SHOWN)).all()
    return SearchResult({kind: by_kind[kind] for kind in ContentKind if kind in by_kind}, first)

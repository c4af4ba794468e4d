"""Find items by words, for pages of other rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import load_only

from portal.db import db
from portal.exchange.models import ContentItem, ContentKind
from portal.exchange.queries.content import ContentQuery, holds_stem, is_published, ordered
from portal.exchange.rules.stems import asked

SHOWN = 3
_SHOWN = load_only(ContentItem.kind, ContentItem.title, ContentItem.summary)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Items that hold some words: how many of each kind, and the first of them."""

    by_kind: Mapping[ContentKind, int]
    first: Sequence[ContentItem]


def found_for(words: str) -> SearchResult:
    """Return what is published and holds every word. Two statements."""
    stems = asked(words)
    if not stems:
        return SearchResult({}, [])
    holds = [is_published(), *(holds_stem(ContentItem.stems, stem) for stem in stems)]
    counted = select(ContentItem.kind, func.count()).where(*holds).group_by(ContentItem.kind)
    by_kind = dict(db.session.execute(counted).all())
    if not by_kind:
        return SearchResult({}, [])
    shown = select(ContentItem).where(*holds).options(_SHOWN).limit(SHOWN)
    first = db.session.scalars(ordered(shown, ContentQuery(stems=stems))).all()
    return SearchResult({kind: by_kind[kind] for kind in ContentKind if kind in by_kind}, first)

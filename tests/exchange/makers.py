"""Makes items of the Exchange: written by a person, and brought to any state."""

from dataclasses import replace
from io import BytesIO
from typing import Any

from portal.exchange.models import ContentItem, ContentKind, ContentResult
from portal.exchange.rules.kinds import kind_of
from portal.exchange.rules.writing import ItemDetails
from portal.exchange.services import writing
from portal.exchange.services.publishing import move
from tests.cast import Person

LINK = "https://example.org/there"


def written(kind: ContentKind, *, by: Person, title: str = "", **values: Any) -> ItemDetails:
    """Return all that a kind needs."""
    asked = kind_of(kind)
    answers = {one.code: f"The {one.label.lower()} in words" for one in asked.needed}
    base = ItemDetails(
        title=title or f"A {kind.label.lower()}",
        summary="What it is, in a sentence.",
        answers=answers | values.pop("answers", {}),
        link=LINK if asked.needs_link else "",
        hin_id=by.actor.hin_id,
    )
    return replace(base, **values)


def draft(
    kind: ContentKind = ContentKind.NEWS, *, by: Person, title: str = "", **values: Any
) -> ContentItem:
    """Start an item that misses nothing."""
    text = written(kind, by=by, title=title, **values)
    item = writing.start(kind=kind, written=text, by=by.actor)
    if kind_of(kind).has_results:
        result = ContentResult(what="fewer falls", value=12.5, unit="%", method="Counted")
        writing.add_result(item=item, version=item.version, result=result, by=by.actor)
    return item


def step(item: ContentItem, name: str, *, by: Person, **told: Any) -> ContentItem:
    """Do a step of its life."""
    move(item=item, version=item.version, name=name, by=by.actor, **told)
    return item


def published(
    kind: ContentKind = ContentKind.NEWS,
    *,
    by: Person,
    second: Person,
    title: str = "",
    **values: Any,
) -> ContentItem:
    """Publish an item by a second person."""
    item = step(draft(kind, by=by, title=title, **values), "send", by=by)
    return step(item, "publish", by=second)


def pictured(item: ContentItem, data: bytes, *, by: Person) -> ContentItem:
    """Give an item a picture."""
    told = {"alt": "A ward", "credit": "The trust", "consent": "Nobody can be recognised"}
    file = (BytesIO(data), "ward.png")
    writing.add_picture(item=item, version=item.version, file=file, by=by.actor, **told)
    return item

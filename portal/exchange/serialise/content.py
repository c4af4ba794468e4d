"""From content to lists and files."""

from flask import url_for

from portal.clock import now, today
from portal.db import by_name
from portal.exchange.models import ContentItem, ContentState
from portal.exchange.rules.content import standing
from portal.web.downloads import Cell
from portal.web.listing import Column, Listing


def address(item: ContentItem) -> str:
    """Return the address of the page that everybody reads."""
    return url_for("exchange.item", kind=item.kind.value, item_id=item.id)


def work_address(item: ContentItem) -> str:
    """Return the address of the page on which staff work on it."""
    return url_for("exchange.work", item_id=item.id)


HEADER = (
    *("Kind", "Title", "Summary", "Topics", "Network", "Integrated care system", "Places"),
    *("Published on", "First day", "Last day", "Begins", "State", "Link", "Licence"),
)


def row(item: ContentItem) -> list[Cell]:
    """Return an item as a row of a file, by `HEADER`."""
    stands = standing(item, today(), now())
    return [
        item.kind.label,
        item.title,
        item.summary,
        "; ".join(term.label for term in item.terms),
        item.hin.name if item.hin else "All networks",
        item.ics.name if item.ics else "",
        "; ".join(f"{site.name} ({site.code})" for site in item.sites),
        item.published_at,
        item.opens_on,
        item.closes_on,
        item.starts_at,
        stands.label if stands else "",
        item.link,
        item.licence.label,
    ]


def _marks(item: ContentItem) -> list[str]:
    found = ["Change waits"] if item.pending else []
    found += ["Waits for its day"] if _waits(item) else []
    is_out = item.state is ContentState.PUBLISHED
    found += ["Review due"] if is_out and item.review_on and item.review_on <= today() else []
    return found + (["Demonstration"] if item.is_demo else [])


def _waits(item: ContentItem) -> bool:
    return (
        item.state is ContentState.PUBLISHED
        and item.published_at is not None
        and item.published_at > now()
    )


WORK: Listing[ContentItem] = Listing(
    title="Items of the Exchange",
    one="item",
    many="items",
    columns=(
        Column(
            "Title", lambda one: one.title, "title", by_name(ContentItem.title), href=work_address
        ),
        Column("Kind", lambda one: one.kind.label, "kind", ContentItem.kind),
        Column("State", lambda one: one.state.label, is_tag=True, tags=_marks),
        Column(
            "Network",
            lambda one: one.hin.name if one.hin else "All networks",
            shown=lambda one: one.hin.code if one.hin else "All",
        ),
        Column(
            "Looked after by",
            lambda one: one.owner.name if one.owner else "Nobody",
            on_page=False,
        ),
        Column("Changed", lambda one: one.changed_at, "changed", ContentItem.changed_at),
        Column("Review", lambda one: one.review_on, "review", ContentItem.review_on),
    ),
    default="-changed",
    tie=ContentItem.id,
)

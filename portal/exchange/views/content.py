"""What everybody reads: the list of the Exchange, one item, its pictures."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from flask import Response, render_template, request
from sqlalchemy.orm import selectinload

from portal.accounts.session import current_actor
from portal.clock import now, today
from portal.db import db
from portal.errors import NotFound
from portal.exchange import policy
from portal.exchange.models import ContentItem, ContentKind
from portal.exchange.queries import about
from portal.exchange.queries import content as queries
from portal.exchange.queries.places import shown_places
from portal.exchange.queries.related import related_to
from portal.exchange.rules.content import days_left, is_out, local_time, standing
from portal.exchange.rules.kinds import kind_of
from portal.exchange.serialise import content as serialise
from portal.exchange.serialise.asking import filters_of, wanted_of
from portal.exchange.serialise.structured import structured
from portal.exchange.views import blueprint
from portal.figures.views.strangers import for_strangers
from portal.markdown import prose
from portal.notifications.outbox import full_address
from portal.web.access import public
from portal.web.downloads import list_file, picture_response
from portal.web.filters import Filters, Option
from portal.web.paging import PER_PAGE, Page, page_number, page_of

ITEM = f"/exchange/<any({', '.join(repr(kind.value) for kind in ContentKind)}):kind>/<int:item_id>"


@blueprint.get("/exchange")
@public
@for_strangers
def index() -> str:
    """Show what is published, filtered, 20 a page."""
    filters = filters_of(queries.options())
    wanted = wanted_of(filters)
    counts = queries.counts(wanted)
    total = sum(counts.get("", {}).values())
    number = page_of(total, page_number(request.args))
    found = queries.ordered(queries.listed(wanted), wanted)
    items = db.session.scalars(found.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return render_template(
        "exchange/index.html",
        filters=_counted(filters, counts),
        page=Page(items, total, number),
        is_open=wanted.is_open,
        canonical=full_address(filters.url_with()),
        may_write=policy.can_write(current_actor()),
        **shown_with(),
    )


def shown_with() -> dict[str, object]:
    """Return what the cards of items need."""
    return {
        "today": today(),
        "now": now(),
        "address": serialise.address,
        "standing": standing,
        "days_left": days_left,
    }


def _counted(filters: Filters, counts: Mapping[str, Mapping[str, int]]) -> Filters:
    """Return the filters with their counts, without values that would show nothing."""
    return replace(
        filters,
        filters=[
            replace(
                one,
                options=[
                    Option(option.value, option.label, here.get(option.value, 0))
                    for here in [counts.get(one.name, {})]
                    for option in one.options
                    if here.get(option.value) or option.value in filters[one.name]
                ],
            )
            for one in filters.filters
        ],
    )


@blueprint.get("/exchange.<any(csv, xlsx):kind>")
@public
def download(kind: str) -> Response:
    """Give the whole list, under the same filters, as a file."""
    filters = filters_of(queries.options())
    wanted = wanted_of(filters)
    listed = queries.ordered(queries.listed(wanted), wanted)
    found = db.session.scalars(listed.options(selectinload(ContentItem.sites)))
    about_it = {"List": "The Exchange", **filters.described()}
    rows = (serialise.row(item) for item in found)
    return list_file("exchange", kind, serialise.HEADER, rows, about_it)


@blueprint.get(ITEM)
@public
@for_strangers
def item(kind: str, item_id: int) -> str:
    """Show one item as everybody reads it; staff see drafts so too."""
    actor, found = current_actor(), queries.item_for(current_actor(), item_id)
    if found.kind.value != kind:
        raise NotFound("There is nothing here that you may read.")
    return render_template(
        "exchange/item.html",
        item=found,
        is_out=is_out(found, now()),
        may_write=policy.can_write(actor),
        record=about.shown_record(actor, found),
        challenge=about.shown_challenge(actor, found),
        programme=about.shown_programme(actor, found),
        places=shown_places(found),
        related=related_to(found),
        structured=structured(found),
        canonical=full_address(serialise.address(found)),
        **read_with(found),
    )


def read_with(item: ContentItem) -> dict[str, object]:
    """Return what the page of an item needs to say what it says."""
    return {
        **shown_with(),
        "kind": kind_of(item.kind),
        "prose": prose,
        "local": local_time(item),
        "host": lambda link: urlsplit(link).hostname,
    }


@blueprint.get("/exchange/pictures/<int:picture_id>")
@public
def picture(picture_id: int) -> Response:
    """Return a picture of an item that the reader may read."""
    found = queries.picture_for(current_actor(), picture_id)
    return picture_response(found)

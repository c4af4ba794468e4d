"""What programs read of the Exchange: what is new, events, every address."""

from flask import Response, render_template, request, url_for

from portal.accounts.session import current_actor
from portal.clock import now
from portal.errors import NotFound
from portal.exchange.models import ContentKind
from portal.exchange.queries import content as queries
from portal.exchange.queries import feeds
from portal.exchange.serialise.asking import filters_of, of_one, wanted_of
from portal.exchange.serialise.calendars import MEDIA_TYPE, calendar
from portal.exchange.serialise.content import address
from portal.exchange.views import blueprint
from portal.figures.views.strangers import for_strangers
from portal.markdown import plain
from portal.notifications.outbox import full_address
from portal.web.access import public
from portal.web.filters import Filters

ATOM = "application/atom+xml"
CODES_OF_PLACES = "https://fhir.nhs.uk/Id/ods-organization-code"
"""What the codes of the national directory are called where programs read them."""


@blueprint.get("/exchange/event/<int:item_id>.ics")
@public
def calendar_entry(item_id: int) -> Response:
    """Give one event for a calendar."""
    item = queries.item_for(current_actor(), item_id)
    if item.starts_at is None:
        raise NotFound("There is no event here.")
    response = Response(calendar([item], item.title), mimetype=MEDIA_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=f"event-{item.id}.ics")
    return response


@blueprint.get("/exchange/calendar.ics")
@public
@for_strangers
def events() -> Response:
    """Give the events that the address asks for, as a calendar to subscribe to."""
    wanted = wanted_of(filters_of(queries.options()))
    return Response(calendar(feeds.events(wanted), "The Exchange"), mimetype=MEDIA_TYPE)


@blueprint.get("/exchange/feed.atom")
@public
@for_strangers
def atom() -> Response:
    """Give what was published last of what the address asks for (RFC 4287)."""
    filters = filters_of(queries.options())
    return _feed(filters, full_address(f"{request.path}?{filters.query_string}".rstrip("?")))


@blueprint.get("/exchange/feeds/<any(kind, topic, ics):by>/<code>.atom")
@public
@for_strangers
def atom_of(by: str, code: str) -> Response:
    """Give what was published last of one kind, topic or area, at an address that stays."""
    filters = of_one(by, code, queries.options())
    if not filters.active:
        raise NotFound("There is no such feed.")
    return _feed(filters, full_address(request.path))


def _feed(filters: Filters, here: str) -> Response:
    items = feeds.newest(wanted_of(filters))
    narrowed = ", ".join(filters.described().values())
    words = render_template(
        "exchange/feed.xml",
        items=items,
        updated=max((one.changed_at for one in items), default=now().replace(microsecond=0)),
        title="The Exchange" + (f": {narrowed}" if narrowed else ""),
        here=here,
        page=full_address(filters.url_with()),
        address=lambda one: full_address(address(one)),
        plain=plain,
        codes_of_places=CODES_OF_PLACES,
    )
    return Response(words, mimetype=ATOM)


@blueprint.get("/sitemap.xml")
@public
@for_strangers
def sitemap() -> Response:
    """Name every page that strangers can read, with when it changed."""
    pages = [full_address(url_for(one)) for one in PAGES]
    rows = [(full_address(_path(what, number)), at) for what, number, at in feeds.addresses()]
    words = render_template("exchange/sitemap.xml", pages=pages, rows=rows)
    return Response(words, mimetype="application/xml")


PAGES = (
    *("exchange.start", "exchange.index", "exchange.areas", "exchange.follow", "challenges.index"),
    *("programmes.index", "support.directory"),
)


def _path(what: str, number: int) -> str:
    if what == "innovation":
        return url_for("innovations.overview", innovation_id=number)
    if what == "challenge":
        return url_for("challenges.show", challenge_id=number)
    return url_for("exchange.item", kind=ContentKind(what).value, item_id=number)


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """Say what programs that read pages leave out, and where every address is named."""
    lines = ["User-agent: *", "Disallow: /account", f"Sitemap: {full_address('/sitemap.xml')}"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")

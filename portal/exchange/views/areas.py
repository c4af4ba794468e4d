"""The public pages of integrated care systems: the map and list of them, and each one's own."""

from flask import Response, current_app, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Redirect

from portal.accounts.session import current_actor
from portal.clock import today
from portal.exchange.charts.areas import areas_picture
from portal.exchange.policy.areas import can_read_history
from portal.exchange.queries import areas as queries
from portal.exchange.queries.areas_listed import areas_of_today
from portal.exchange.rules.areas import shown_day
from portal.exchange.serialise.areas import HEADER, area_rows, sections
from portal.exchange.views import blueprint
from portal.figures.views.strangers import for_strangers
from portal.notifications.outbox import full_address
from portal.reference.models import Ics
from portal.reference.queries.networks import ended_icss, with_predecessors
from portal.web.access import public
from portal.web.areas import EXTENSION, AreaOnDay, AreaPart
from portal.web.downloads import Cell, list_file

AREA = "/exchange/ics/<code>"


@blueprint.get("/exchange/ics")
@public
@for_strangers
def areas() -> str:
    """Show England's integrated care systems: a map of equal tiles, and a list."""
    found = areas_of_today()
    return render_template(
        "exchange/areas.html",
        found=found,
        picture=areas_picture(found, lambda code: url_for("exchange.area", code=code)),
        ended=ended_icss(today()),
        canonical=full_address(url_for("exchange.areas")),
        today=today(),
    )


@blueprint.get("/exchange/ics.<any(csv, xlsx):kind>")
@public
def areas_file(kind: str) -> Response:
    """Give the same list as a file."""
    about: dict[str, Cell] = {"List": "Integrated care systems", "As at": today()}
    return list_file("integrated-care-systems", kind, HEADER, area_rows(areas_of_today()), about)


@blueprint.get(AREA)
@public
@for_strangers
def area(code: str) -> str | Redirect:
    """Show what is published of one system, of today or of its last day; the same to everybody."""
    ics = queries.area_called(code)
    if ics.code != code:
        return redirect(url_for("exchange.area", code=ics.code), 301)
    actor, shown = current_actor(), shown_area(ics)
    return render_template(
        "exchange/area.html",
        area=shown,
        canonical=full_address(url_for("exchange.area", code=ics.code)),
        around=queries.surroundings(ics, shown.on),
        said=sections(queries.facts_of(ics)),
        parts=_parts(shown),
        may_edit=not shown.is_past and queries.may_edit(actor, ics),
        may_read_history=can_read_history(actor, ics),
    )


def shown_area(ics: Ics) -> AreaOnDay:
    """Return an area with the day for which it is shown."""
    day = shown_day(ics.valid_to, ics.valid_from, today())
    is_past = ics.valid_to is not None and ics.valid_to < today()
    return AreaOnDay(ics, with_predecessors(ics.id, day), day, is_past)


def _parts(area: AreaOnDay) -> list[tuple[AreaPart, Markup]]:
    """Return what rooms contribute to the page of an area, each with its heading."""
    contributed: tuple[AreaPart, ...] = current_app.extensions[EXTENSION]
    return [
        (one, Markup(render_template(one.template, area=area, **one.values(area))))  # noqa: S704  # our own template's
        for one in contributed
    ]

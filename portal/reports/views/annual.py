"""The public page of a year's impact: counters, ten years, a map, case studies, full results."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.clock import today
from portal.errors import NotFound
from portal.exchange.charts.areas import systems_picture
from portal.exchange.queries.areas_listed import areas_of_today
from portal.exchange.serialise.content import address
from portal.figures.views.strangers import for_strangers
from portal.notifications.outbox import full_address
from portal.programmes.rules.values import number_words
from portal.reports.queries import annual as queries
from portal.reports.rules.annual import name_of
from portal.reports.views import blueprint
from portal.web.access import public


@blueprint.get("/impact/years")
@public
def newest_year() -> Response:
    """Lead to the page of the newest year."""
    found = queries.years()
    if not found:
        raise NotFound("Nothing was published of any year yet.")
    return redirect(url_for("reports.annual", years=name_of(found[0])))


@blueprint.get("/impact/years/<years>")
@public
@for_strangers
def annual(years: str) -> str:
    """Show what came of a year's work, in numbers that each lead to where they are from."""
    found, areas = queries.page_of(years), areas_of_today()
    return render_template(
        "reports/annual.html",
        page=found,
        picture=systems_picture(areas, lambda code: url_for("exchange.area", code=code)),
        areas=[one for one in areas if one.in_use],
        today=today(),
        address=address,
        number_words=number_words,
        canonical=full_address(url_for("reports.annual", years=found.name)),
    )

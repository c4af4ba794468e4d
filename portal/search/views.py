"""The search page and its downloads. Anyone may search; each finds what they may see."""

from dataclasses import replace

from flask import Blueprint, Response, render_template, url_for

from portal.accounts.session import current_actor
from portal.reference.queries import today
from portal.search import queries, serialise
from portal.search.indexing import asking
from portal.web.access import public
from portal.web.downloads import csv_response, xlsx_response
from portal.web.paging import Page

blueprint = Blueprint("search", __name__, template_folder="templates")


@blueprint.get("/search")
@public
def results() -> str:
    """Show a page of what was found, why, and what to narrow it by."""
    choices = queries.choices()
    filters = serialise.filters_of(choices)
    wanted = serialise.wanted_of(filters)
    found = asking.find(current_actor(), wanted, choices)
    cards = [serialise.card(result, today()) for result in found.results]
    return render_template(
        "search/results.html",
        page=Page(cards, found.total, found.page, asking.PER_PAGE),
        found=found,
        wanted=wanted,
        filters=serialise.counted(filters, found),
        sentence=serialise.sentence(wanted, found.total, choices),
        orders=serialise.ORDERS,
        csv=replace(filters, path=url_for("search.results_csv")).url_with(),
        xlsx=replace(filters, path=url_for("search.results_xlsx")).url_with(),
        sees_command=current_actor().is_administrator,
    )


@blueprint.get("/search.csv")
@public
def results_csv() -> Response:
    """Give the whole result as CSV."""
    choices = queries.choices()
    wanted = serialise.wanted_of(serialise.filters_of(choices))
    found = asking.find_all(current_actor(), wanted, choices)
    rows = (serialise.row(innovation, today()) for innovation in found)
    return csv_response(f"innovations-{today()}.csv", serialise.HEADER, rows)


@blueprint.get("/search.xlsx")
@public
def results_xlsx() -> Response:
    """Give the whole result as an Excel file, with what was asked on its first sheet."""
    choices = queries.choices()
    filters = serialise.filters_of(choices)
    wanted = serialise.wanted_of(filters)
    found = asking.find_all(current_actor(), wanted, choices)
    rows = (serialise.row(innovation, today()) for innovation in found)
    about = serialise.about(wanted, filters, len(found), choices)
    return xlsx_response(f"innovations-{today()}.xlsx", serialise.HEADER, rows, about)

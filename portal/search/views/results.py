"""The search page and its downloads. Anyone may search; each finds what they may see."""

from collections.abc import Callable
from dataclasses import replace

from flask import Response, current_app, render_template, url_for
from markupsafe import Markup

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.saved.policy import can_save
from portal.search import queries, serialise
from portal.search.indexing import asking
from portal.search.queries.saved import News, news
from portal.search.rules import Order, SearchQuery
from portal.search.serialise import Card
from portal.search.views import blueprint
from portal.search.views.counting import count_search
from portal.web.access import public
from portal.web.downloads import csv_stream, xlsx_response
from portal.web.filters import Filters
from portal.web.paging import Page

EXTENSION = "search-beside"
"""What a higher room found for the same words; `portal/rooms.py` names it."""


@blueprint.get("/search")
@public
def results() -> str:
    """Show a page of what was found, why, and what to narrow it by."""
    actor, choices = current_actor(), queries.choices()
    filters = serialise.filters_of(choices)
    wanted = serialise.wanted_of(filters)
    found = asking.find(actor, wanted, choices)
    new = _news(actor, filters)
    if not (new.name or found.problem):
        count_search(wanted, found.total)
    asked = serialise.asked_of(filters)
    return render_template(
        "search/results.html",
        page=Page(_cards(found, wanted, new), found.total, found.page, asking.PER_PAGE),
        found=found,
        wanted=wanted,
        new=new,
        filters=serialise.counted(filters, found),
        held=serialise.held_words(found),
        sentence=serialise.sentence(wanted, found.total, choices),
        orders=Order,
        record_url=serialise.record_url,
        csv=replace(filters, path=url_for("search.results_csv")).url_with(saved=None, since=None),
        xlsx=replace(filters, path=url_for("search.results_xlsx")).url_with(saved=None, since=None),
        save_url=f"{url_for('search.save')}?{asked}" if can_save(actor) else "",
        gap_url=f"{url_for('search.report_gap')}?{asked}",
        # To every ICS and for every question alike: it must tell nothing of hidden records.
        ask_hin_url=url_for("matching.ask_hin_of_search", q=filters.text)
        if actor.is_ics and filters.text
        else "",
        sees_command=actor.is_administrator,
        beside=_beside(wanted),
    )


def _beside(wanted: SearchQuery) -> Markup:
    """What else there is for the words of a first page, beside innovations."""
    look: Beside | None = current_app.extensions.get(EXTENSION)
    is_first = wanted.text and wanted.page == 1
    return look(wanted.text) if look is not None and is_first else Markup("")


Beside = Callable[[str], Markup]


def _news(actor: Actor, filters: Filters) -> News:
    """What to mark: what came into a saved search of the actor's own since they last looked."""
    marked = serialise.marked_by(filters)
    return news(actor, *marked) if marked and actor.is_signed_in else News()


def _cards(found: asking.SearchResult, wanted: SearchQuery, new: News) -> list[Card]:
    """The cards of a page. What was typed is counted by rank, and only on the first page."""
    counted = wanted.text and found.page == 1
    return [
        serialise.card(
            result,
            today(),
            rank=place if counted else None,
            is_new=result.innovation.id in new.ids,
        )
        for place, result in enumerate(found.results, start=1)
    ]


@blueprint.get("/search.csv")
@public
def results_csv() -> Response:
    """Give the whole result as CSV."""
    choices = queries.choices()
    wanted = serialise.wanted_of(serialise.filters_of(choices))
    count, found = asking.find_all(current_actor(), wanted, choices)
    said = serialise.upper_first(serialise.sentence(wanted, count, choices))
    rows = (serialise.csv_row(line, today(), said) for line in found)
    return csv_stream(f"innovations-{today()}.csv", serialise.CSV_HEADER, rows)


@blueprint.get("/search.xlsx")
@public
def results_xlsx() -> Response:
    """Give the whole result as an Excel file, with what was asked on its first sheet."""
    choices = queries.choices()
    filters = serialise.filters_of(choices)
    wanted = serialise.wanted_of(filters)
    count, found = asking.find_all(current_actor(), wanted, choices)
    rows = (serialise.row(line) for line in found)
    about = serialise.about(wanted, filters, count, choices)
    return xlsx_response(f"innovations-{today()}.xlsx", serialise.HEADER, rows, about)

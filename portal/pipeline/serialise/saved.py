"""Saved views: what each keeps of its address, what it is called, and its figures."""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.accounts.models import Actor
from portal.clock import today
from portal.pipeline.queries import network, stages
from portal.pipeline.queries.crosstab import crosstab
from portal.pipeline.queries.flow import flow
from portal.pipeline.queries.values import all_values
from portal.pipeline.serialise import crosstab as tables
from portal.pipeline.serialise.records_query import Args, day_of, grouping_of, period_of
from portal.saved.models import Page, SavedView
from portal.web.format import lower_first, nhs_date, plural

Figures = dict[str, float]
"""By the name of the line, in the order of the page."""

KEPT = {Page.STAGES: ("on", "by"), Page.FLOW: ("since", "on"), Page.NETWORK: ("on",)}


def page_of(args: Args) -> Page:
    """Return which view an address asks to keep: the cross-tab unless told."""
    named = args.get("page", "")
    return Page(named) if named in set(Page) else Page.CROSSTAB


def kept(page: Page, args: Args) -> str:
    """Return the query string to keep of a view other than the cross-tab.

    Raises Invalid for days that are none.
    """
    said(page, args)
    return urlencode({key: args[key] for key in KEPT[page] if args.get(key)})


def said(page: Page, args: Args) -> str:
    """Say what a view other than the cross-tab shows."""
    if page is Page.FLOW:
        since, on = (nhs_date(day) for day in period_of(args))
        return f"{page.label}, from the end of {since} to the end of {on}"
    on = f", as at {nhs_date(day_of(args, 'on', today()))}"
    if page is Page.STAGES:
        return f"{page.label} and {lower_first(grouping_of(args).label)}{on}"
    return f"{page.label}{on}"


def args_of(view: SavedView) -> Args:
    """Return the address that a view keeps."""
    return MultiDict(parse_qsl(view.asked))


def title_of(view: SavedView, actor: Actor) -> str:
    """Return what a view shows, in words."""
    if view.page is not Page.CROSSTAB:
        return said(view.page, args_of(view))
    values = all_values(tables.day_of(args_of(view)))
    filters = tables.filters_of_text(view.asked, values, actor)
    return tables.title(tables.asked_of(filters, tables.day_of(filters.args), actor))


def url_of(view: SavedView, kind: str = "") -> str:
    """Return the address of a view other than the cross-tab, or of its file."""
    endpoint = f"pipeline.{view.page.value}{'_' if kind else ''}{kind}"
    path, query = url_for(endpoint), urlencode(args_of(view))
    return f"{path}?{query}" if query else path


def figures_of(view: SavedView, actor: Actor) -> Figures:
    """Return the figures of a view, as this reader may know them."""
    return FIGURES[view.page](view, actor)


def _crosstab(view: SavedView, actor: Actor) -> Figures:
    values = all_values(tables.day_of(args_of(view)))
    filters = tables.filters_of_text(view.asked, values, actor)
    asked = tables.asked_of(filters, tables.day_of(filters.args), actor)
    if tables.refusal(asked):
        return {}
    return tables.margins(asked, crosstab(actor, asked, values))


def _stages(view: SavedView, actor: Actor) -> Figures:
    args = args_of(view)
    on, grouping = day_of(args, "on", today()), grouping_of(args)
    found = stages.standing(actor, on)
    return {
        "In the nation": found.total,
        **{f"In the nation, {count.stage.label}": count.total for count in found.stages},
        "You may open": found.readable,
        "Proven": found.proven,
        "Added in the quarter": found.added,
        "No change for six months": found.stale,
        **{
            f"{grouping.label}, {row.label}": row.total
            for row in stages.by_group(actor, grouping, on)
        },
    }


def _flow(view: SavedView, actor: Actor) -> Figures:
    found = flow(actor, *period_of(args_of(view)))
    return {move.label: count for move, count in found.by_move().items()}


def _network(view: SavedView, actor: Actor) -> Figures:
    on = day_of(args_of(view), "on", today())
    found = network.figures(actor, on)
    return {
        "Innovations with more than one network": found["several"],
        "Innovators with more than one network": found["innovators"],
        **{
            f"Innovations with {plural(hins, 'network')}": count
            for hins, count in network.by_number(actor, on).items()
        },
    }


FIGURES: Mapping[Page, Callable[[SavedView, Actor], Figures]] = {
    Page.CROSSTAB: _crosstab,
    Page.STAGES: _stages,
    Page.FLOW: _flow,
    Page.NETWORK: _network,
}

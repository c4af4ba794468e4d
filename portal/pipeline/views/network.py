"""Who works with whom: HINs on the same innovation, and solutions between regions."""

from collections.abc import Sequence
from dataclasses import replace

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.pipeline import charts
from portal.pipeline.queries import network as queries
from portal.pipeline.rules.records_query import RecordsQuery
from portal.pipeline.serialise.records_query import day_of, records_url
from portal.pipeline.views import blueprint
from portal.reference.models import Hin, Region
from portal.reference.queries import hin_names_on, hins
from portal.web.downloads import Cell, csv_response
from portal.web.filters import Filters
from portal.web.paging import page_number, paginate


@blueprint.get("/pipeline/network")
def network() -> str:
    """Show how many networks work with each innovation, which with which, and what travels."""
    actor, on, nets = current_actor(), day_of(request.args, "on", today()), hins()
    shared, trade = queries.shared(actor, on), queries.trade(actor, on)
    regions, names = regions_of(nets), hin_names_on(nets, on)
    asked = RecordsQuery(on=on)
    return render_template(
        "pipeline/network.html",
        actor=actor,
        by_number=queries.by_number(actor, on),
        figures_=queries.figures(actor, on),
        hins=nets,
        names=names,
        short=charts.short_name,
        shared=shared,
        matrix=charts.shared_picture(nets, shared, names),
        regions=regions,
        trade=trade,
        imports=charts.imports_picture(regions, trade),
        on=on,
        today=today(),
        on_asked=None if on == today() else on,
        link=lambda **changes: records_url(replace(asked, **changes)),
    )


def regions_of(hins: Sequence[Hin]) -> list[Region]:
    """Return the regions of the HINs, by name: every region of England has one."""
    return sorted({hin.region for hin in hins}, key=lambda region: region.name)


@blueprint.get("/pipeline/network.csv")
def network_csv() -> Response:
    """Download the matrix of HINs."""
    nets, on = hins(), day_of(request.args, "on", today())
    shared, names = queries.shared(current_actor(), on), hin_names_on(nets, on)
    rows: list[tuple[Cell, ...]] = [
        (names[one.id], *(shared.get((one.id, other.id), 0) for other in nets)) for one in nets
    ]
    return csv_response(f"networks-{on}.csv", ("Network", *(names[h.id] for h in nets)), rows)


@blueprint.get("/pipeline/trade.csv")
def trade_csv() -> Response:
    """Download what was proved in one region and is in use in another."""
    regions, on = regions_of(hins()), day_of(request.args, "on", today())
    trade = queries.trade(current_actor(), on)
    rows: list[tuple[Cell, ...]] = [
        (home.name, *(trade.get((home.code, away.code), 0) for away in regions)) for home in regions
    ]
    header = ("Proved in", *(f"In use in {region.name}" for region in regions))
    return csv_response(f"between-regions-{on}.csv", header, rows)


@blueprint.get("/pipeline/network/innovators")
def innovators() -> str:
    """Show the innovators whose innovations more than one network works with, 20 a page."""
    on = day_of(request.args, "on", today())
    statement = queries.innovators_with_several(current_actor(), on)
    page = paginate(db.session, statement, page=page_number(request.args))
    return render_template(
        "pipeline/innovators.html",
        page=page,
        filters=Filters(request.path, request.args, keep=("on",)),
        on=on,
        link=lambda organisation: records_url(
            RecordsQuery(on=on, organisation=organisation, worked_with=True)
        ),
    )


@blueprint.get("/pipeline/network/innovators.csv")
def innovators_csv() -> Response:
    """Download the innovators whose innovations more than one network works with."""
    on = day_of(request.args, "on", today())
    found = db.session.execute(queries.innovators_with_several(current_actor(), on)).all()
    header = ("Innovator", "Innovations that a network works with", "Networks")
    rows = [(row.name, row.innovations, row.hins) for row in found]
    return csv_response(f"innovators-{on}.csv", header, rows)

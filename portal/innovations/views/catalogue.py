"""The list of innovations: an innovator's own, or what others may see."""

from dataclasses import replace

from flask import Response, render_template, request

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.policy import can_register, is_proven
from portal.innovations.queries.catalogue import SORTABLE, CatalogueQuery, listed, stages
from portal.innovations.views import blueprint
from portal.web.downloads import Cell, list_file
from portal.web.filters import Filter, Filters, Option
from portal.web.paging import page_number, paginate
from portal.web.sorting import Sort

PATH = "/innovations"
HEADER = (
    "Name",
    "Summary",
    "Organisation",
    "Category",
    "Stage of development",
    "State",
    "Proven until",
    "HIN",
    "Submitted",
    "Changed",
)


@blueprint.route(PATH)
def catalogue() -> str:
    """Show the list, 20 a page."""
    actor, filters, sort = current_actor(), _filters(PATH), _sort()
    statement = sort.apply(listed(actor, _narrowed(filters), today()))
    return render_template(
        "innovations/catalogue.html",
        page=paginate(db.session, statement, page=page_number(request.args)),
        filters=filters,
        sort=sort,
        may_register=can_register(actor),
        actor=actor,
        today=today(),
        csv_url=_at(filters, "csv"),
        xlsx_url=_at(filters, "xlsx"),
    )


def _at(filters: Filters, kind: str) -> str:
    """Return the address of the same list as a file."""
    return replace(filters, path=f"{PATH}/download.{kind}").url_with()


@blueprint.route(f"{PATH}/download.<any(csv, xlsx):kind>")
def download(kind: str) -> Response:
    """Give the whole list, narrowed and ordered as the page was, as a file."""
    filters = _filters(PATH)
    statement = _sort().apply(listed(current_actor(), _narrowed(filters), today()))
    rows = [_row(innovation) for innovation in db.session.scalars(statement)]
    about = {"List": "Innovations", **filters.described()}
    return list_file("innovations", kind, HEADER, rows, about)


def _row(innovation: Innovation) -> tuple[Cell, ...]:
    proven_until = innovation.is_proven_until if is_proven(innovation, today()) else None
    return (
        innovation.name,
        innovation.summary,
        innovation.organisation.name,
        innovation.category.label if innovation.category else None,
        innovation.stage.label if innovation.stage else None,
        innovation.status.label,
        proven_until,
        innovation.hin.name if innovation.hin else None,
        innovation.submitted_at,
        innovation.changed_at,
    )


def _filters(path: str) -> Filters:
    stage_options = [Option(stage.code, stage.label) for stage in stages()]
    proven_options = [Option("yes", "Proven"), Option("no", "Not proven")]
    return Filters(
        path,
        request.args,
        [
            Filter("proven", "Proven", proven_options, multiple=False),
            Filter("stage", "Stage of development", stage_options),
            Filter("state", "State", [Option(k.value, k.label) for k in RecordStatus]),
        ],
        words="q",
    )


def _narrowed(filters: Filters) -> CatalogueQuery:
    proven = filters.one("proven")
    return CatalogueQuery(
        words=filters.text,
        stages=filters["stage"],
        statuses=filters["state"],
        is_proven=None if proven is None else proven == "yes",
    )


def _sort() -> Sort:
    return Sort.from_query(request.args, SORTABLE, default="-changed", tie=Innovation.id)

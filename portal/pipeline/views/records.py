"""The list behind a number: exactly the records that it counted."""

from flask import Response, render_template, request, url_for

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.innovations.models import Innovation
from portal.pipeline.queries.records import SORTABLE, hins_of, labels_of, listed
from portal.pipeline.queries.stages import UNSTAGED, stage_terms
from portal.pipeline.rules.records_query import RecordsQuery
from portal.pipeline.serialise.records_query import asked_of, query_of
from portal.pipeline.serialise.sentence import sentence
from portal.pipeline.views import blueprint
from portal.web.downloads import Cell, list_file
from portal.web.filters import Filters
from portal.web.paging import page_number, paginate
from portal.web.sorting import Sort

HEADER = ("Name", "Organisation", "Stage of development", "HIN that looks at it first", "Submitted")


@blueprint.get("/pipeline/records")
def records() -> str:
    """Show the records behind a number, 20 a page."""
    actor, asked, sort = current_actor(), asked_of(request.args), _sort()
    page = paginate(db.session, sort.apply(listed(actor, asked)), page=page_number(request.args))
    ids = [innovation.id for innovation, _ in page]
    return render_template(
        "pipeline/records.html",
        page=page,
        sentence=sentence(asked, labels_of(asked)),
        stages=_stages(),
        hins=hins_of(actor, ids, asked.on),
        asked=asked,
        today=today(),
        filters=Filters(request.path, request.args, keep=(*query_of(asked), "sort")),
        sort=sort,
        csv=_download(asked, "csv"),
        xlsx=_download(asked, "xlsx"),
    )


def _download(asked: RecordsQuery, kind: str) -> str:
    return url_for("pipeline.records_download", kind=kind, sort=_sort().value, **query_of(asked))


@blueprint.get("/pipeline/records.<any(csv, xlsx):kind>")
def records_download(kind: str) -> Response:
    """Download the records behind a number."""
    asked = asked_of(request.args)
    found = db.session.execute(_sort().apply(listed(current_actor(), asked))).all()
    stages = _stages()
    rows = [_row(innovation, stages[stage_id or 0]) for innovation, stage_id in found]
    about: dict[str, Cell] = {"List": sentence(asked, labels_of(asked)), "As at": asked.on}
    return list_file(f"innovations-{asked.on}", kind, HEADER, rows, about)


def _row(innovation: Innovation, stage: str) -> tuple[Cell, ...]:
    hin = innovation.hin.name if innovation.hin else None
    added = innovation.submitted_at
    return (innovation.name, innovation.organisation.name, stage, hin, added)


def _stages() -> dict[int, str]:
    return {stage.id: stage.label for stage in stage_terms()} | {0: UNSTAGED.label}


def _sort() -> Sort:
    return Sort.from_query(request.args, SORTABLE, default="name", tie=Innovation.id)

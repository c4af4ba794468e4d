"""The cross-tab, its files, the list behind each of its cells, and the definitions."""

from dataclasses import replace
from itertools import groupby

from flask import Response, render_template, request

from portal.accounts.session import current_actor
from portal.db import db
from portal.innovations.models import Innovation
from portal.pipeline.forms.crosstab import DayForm
from portal.pipeline.queries import cells
from portal.pipeline.queries.crosstab import crosstab as counted
from portal.pipeline.queries.crosstab import measured
from portal.pipeline.queries.values import Values, all_values
from portal.pipeline.rules.fields import FIELDS
from portal.pipeline.rules.measures import MEASURES
from portal.pipeline.serialise import crosstab as serialise
from portal.pipeline.views import blueprint
from portal.reference.queries import today
from portal.web.downloads import Cell, list_file
from portal.web.filters import Filters
from portal.web.paging import page_number, paginate
from portal.web.sorting import Sort

FILES = "<any(csv, xlsx):kind>"
HEADER = (
    "Name",
    "Organisation",
    "Category",
    "Stage on that day",
    "Proven on that day",
    "Integrated care system",
    "Submitted",
    "Changed",
)


@blueprint.get("/pipeline/crosstab")
def crosstab() -> str:
    """Count by two fields, or three."""
    actor, values, form = current_actor(), all_values(), DayForm()
    filters = serialise.filters_of(serialise.PATH, request.args, values, actor)
    asked = serialise.asked_of(filters, form.day, actor)
    found = counted(actor, asked, values)
    drawing = serialise.Drawing(asked, filters)
    return render_template(
        "pipeline/crosstab.html",
        form=form,
        filters=filters,
        asked=asked,
        drawing=drawing,
        grid=drawing.grid(found.whole),
        parts=[(v, drawing.grid(t, v)) for v, t in serialise.largest_parts(found)],
        parts_in_all=len(found.parts),
        title=serialise.title(asked),
        sentence=serialise.sentence(asked, filters, found.whole.total, today()),
        notes=serialise.notes(asked, actor),
        field_choices=[(f.key, f.label) for f in serialise.fields_for(actor)],
        measure_choices=[(m.key, m.label) for m in serialise.measures_for(actor)],
        fields=FIELDS,
        measures=MEASURES,
        shown=serialise.SHOWN,
        today=today(),
        csv=_file(filters, "csv"),
        xlsx=_file(filters, "xlsx"),
        save_url=replace(filters, path="/pipeline/saved/new").url_with(),
    )


def _file(filters: Filters, kind: str) -> str:
    return replace(filters, path=f"{filters.path}.{kind}").url_with()


@blueprint.get(f"/pipeline/crosstab.{FILES}")
def crosstab_file(kind: str) -> Response:
    """Give the counts as a file; with a split all of its parts."""
    actor, values, day = current_actor(), all_values(), DayForm().day
    filters = serialise.filters_of(serialise.PATH, request.args, values, actor)
    asked = serialise.asked_of(filters, day, actor)
    found = counted(actor, asked, values)
    header, rows = serialise.header_of(asked, found), serialise.rows_of(asked, found)
    about = serialise.about(asked, filters, actor, found.whole.total, today())
    return list_file(f"crosstab-{day or today()}", kind, header, rows, about)


@blueprint.get("/pipeline/crosstab/records")
def cell() -> str:
    """Show exactly the innovations that a cell counts, 20 a page."""
    actor, values, form = current_actor(), all_values(), DayForm()
    filters = _cell_filters(values)
    narrowed = serialise.narrowed_of(filters)
    statement = _sort().apply(cells.listed(actor, narrowed, values, form.day))
    page = paginate(db.session, statement, page=page_number(request.args))
    return render_template(
        "pipeline/cell.html",
        form=form,
        filters=filters,
        page=page,
        standing=cells.standing([row.id for row in page], form.day),
        figures=measured(actor, narrowed, values, form.day, serialise.measures_for(actor)),
        measures=MEASURES,
        sort=_sort(),
        day=form.day or today(),
        csv=_file(filters, "csv"),
        xlsx=_file(filters, "xlsx"),
    )


@blueprint.get(f"/pipeline/crosstab/records.{FILES}")
def cell_file(kind: str) -> Response:
    """Give the list behind a cell as a file."""
    actor, values, day = current_actor(), all_values(), DayForm().day
    filters = _cell_filters(values)
    statement = cells.listed(actor, serialise.narrowed_of(filters), values, day)
    found = db.session.scalars(_sort().apply(statement)).all()
    standing = cells.standing([row.id for row in found], day)
    rows = [_row(row, *standing[row.id]) for row in found]
    about: dict[str, Cell] = {"List": "Innovations", "As at": day or today()}
    return list_file(
        f"innovations-{day or today()}", kind, HEADER, rows, {**about, **filters.described()}
    )


def _cell_filters(values: Values) -> Filters:
    actor, path = current_actor(), serialise.CELL_PATH
    return serialise.filters_of(path, request.args, values, actor, keep=("on", "sort"))


def _sort() -> Sort:
    return Sort.from_query(request.args, cells.SORTABLE, default="name", tie=Innovation.id)


def _row(row: Innovation, stage: str | None, is_proven: bool) -> tuple[Cell, ...]:
    return (
        row.name,
        row.organisation.name,
        row.category.label if row.category else None,
        stage,
        is_proven,
        row.ics.name if row.ics else None,
        row.submitted_at,
        row.changed_at,
    )


@blueprint.get("/pipeline/definitions")
def definitions() -> str:
    """Say what every field and measure means and where it comes from."""
    ordered = sorted(FIELDS.values(), key=lambda field: field.group)
    groups = [(name, list(found)) for name, found in groupby(ordered, key=lambda f: f.group)]
    return render_template("pipeline/definitions.html", measures=MEASURES.values(), groups=groups)

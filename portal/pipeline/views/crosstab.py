"""The cross-tab, its files, the list behind each of its cells, and the definitions."""

from dataclasses import replace
from itertools import groupby
from typing import Any

from flask import Response, render_template, request

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.figures.dimensions import Values, cell_figures, dimensions
from portal.innovations.models import Innovation
from portal.pipeline.forms.crosstab import DayForm
from portal.pipeline.queries import cells
from portal.pipeline.queries.crosstab import CrosstabQuery, measured
from portal.pipeline.queries.crosstab import crosstab as counted
from portal.pipeline.queries.values import all_values
from portal.pipeline.serialise import crosstab as serialise
from portal.pipeline.serialise.notes import notes
from portal.pipeline.views import blueprint
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
    """Count by two dimensions, or three; say why where that has no meaning."""
    actor, form = current_actor(), DayForm()
    values = all_values(form.day)
    filters = serialise.filters_of(serialise.PATH, request.args, values, actor)
    asked = serialise.asked_of(filters, form.day, actor)
    return render_template(
        "pipeline/crosstab.html",
        form=form,
        filters=filters,
        asked=asked,
        title=serialise.title(asked),
        dimension_choices=[(d.code, d.label) for d in serialise.dimensions_for(actor)],
        figure_choices=[(f.code, f.label) for f in serialise.figures_for(actor)],
        dimensions=dimensions(),
        shown=serialise.SHOWN,
        today=today(),
        refusal=serialise.refusal(asked),
        **_tables(asked, filters, actor, values),
    )


def _tables(asked: CrosstabQuery, filters: Filters, actor: Actor, values: Values) -> dict[str, Any]:
    """Return the tables as the page shows them; none where the combination has no meaning."""
    drawing = serialise.Drawing(asked, filters)
    if serialise.refusal(asked):
        return {"drawing": drawing}
    found = counted(actor, asked, values)
    return {
        "drawing": drawing,
        "grid": drawing.grid(found.whole),
        "parts": [(v, drawing.grid(t, v)) for v, t in serialise.largest_parts(found)],
        "parts_in_all": len(found.parts),
        "sentence": serialise.sentence(asked, filters, found.whole.total, today()),
        "notes": notes(asked, actor),
        "csv": _file(filters, "csv"),
        "xlsx": _file(filters, "xlsx"),
        "save_url": replace(filters, path="/pipeline/saved/new").url_with(),
    }


def _file(filters: Filters, kind: str) -> str:
    return replace(filters, path=f"{filters.path}.{kind}").url_with()


@blueprint.get(f"/pipeline/crosstab.{FILES}")
def crosstab_file(kind: str) -> Response:
    """Give the counts as a file; with a split all of its parts."""
    actor, day = current_actor(), DayForm().day
    values = all_values(day)
    filters = serialise.filters_of(serialise.PATH, request.args, values, actor)
    asked = serialise.meaningful(serialise.asked_of(filters, day, actor))
    found = counted(actor, asked, values)
    header, rows = serialise.header_of(asked, found), serialise.rows_of(asked, found)
    about = serialise.about(asked, filters, actor, found.whole.total, today())
    return list_file(f"crosstab-{day or today()}", kind, header, rows, about)


@blueprint.get("/pipeline/crosstab/records")
def cell() -> str:
    """Show exactly the innovations that a cell counts, 20 a page."""
    actor, form = current_actor(), DayForm()
    values = all_values(form.day)
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
        figures=measured(actor, narrowed, values, form.day, serialise.codes_for(actor, form.day)),
        measures={code: one.figure for code, one in cell_figures().items()},
        sort=_sort(),
        day=form.day or today(),
        csv=_file(filters, "csv"),
        xlsx=_file(filters, "xlsx"),
    )


@blueprint.get(f"/pipeline/crosstab/records.{FILES}")
def cell_file(kind: str) -> Response:
    """Give the list behind a cell as a file."""
    actor, day = current_actor(), DayForm().day
    values = all_values(day)
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
    """Say what every dimension and figure means and where it comes from."""
    figures = [one.figure for one in cell_figures().values()]
    ordered = sorted(dimensions().values(), key=lambda one: one.group)
    groups = [(name, list(found)) for name, found in groupby(ordered, key=lambda f: f.group)]
    return render_template("pipeline/definitions.html", measures=figures, groups=groups)

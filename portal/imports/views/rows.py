"""An import after its columns are matched: preview, bringing in, report and undoing."""

from collections.abc import Sequence

from flask import Response as Plain
from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Invalid
from portal.imports import policy, queries
from portal.imports.forms import TreatmentForm
from portal.imports.models import Import, ImportState, Result, Treatment, Verdict
from portal.imports.rules.mapping import Field
from portal.imports.serialise.files import accepted
from portal.imports.serialise.kinds import field_of, kind_of
from portal.imports.services import files, rows
from portal.imports.views import blueprint
from portal.web import steps
from portal.web.access import removes
from portal.web.filters import Filter, Filters, Option
from portal.web.forms import PortalForm
from portal.web.paging import page_number, paginate
from portal.web.sheet_extent import column_letters
from portal.web.steps import BOTH, Answer, done

REFRESH_SECONDS = 4
"""How soon a page that waits for a job looks again."""
EVERY = "every"
"""In place of a column: every one that rows may do without."""
STEPS = {
    ImportState.READING: "imports.sheet",
    ImportState.MAPPING: "imports.columns_of",
}


@blueprint.get("/<int:import_id>")
def show(import_id: int) -> Response | Plain:
    """Show where an import is: the step that comes next, how far the job is, its rows."""
    importing = queries.import_for(current_actor(), import_id)
    if importing.state in STEPS:
        return redirect(url_for(STEPS[importing.state], import_id=importing.id))
    is_busy = files.is_busy(importing)
    template = "imports/busy.html" if is_busy else "imports/show.html"
    page = make_response(render_template(template, **_shown(importing)))
    if is_busy:
        page.headers["Refresh"] = str(REFRESH_SECONDS)
    return page


def _shown(importing: Import) -> dict[str, object]:
    kind = kind_of(importing.kind)
    verdicts, results = queries.verdicts_of(importing), queries.results_of(importing)
    filters = _filters(verdicts, results)
    verdict, result = filters.one("verdict"), filters.one("result") if results else None
    found = queries.rows_of(
        importing, Verdict(verdict) if verdict else None, Result(result) if result else None
    )
    fields = kind.fields()
    wrong = _wrong(importing, fields)
    return {
        "importing": importing,
        "kind": kind,
        "job": queries.job_of(importing),
        "verdicts": verdicts,
        "results": results,
        "filters": filters,
        "page": paginate(db.session, found, page=page_number(request.args)),
        "labels": {one.name: one.label for one in fields},
        "address": _address(importing),
        "offered": rows.OFFERED,
        "chosen": queries.treatments_of(importing),
        "words_of": rows.treatment_words,
        "wrong": wrong,
        "spare": _spare(importing, wrong),
        "accepted": accepted(fields) if importing.state is ImportState.STOPPED else [],
        "can_map": policy.can_map(importing),
        "moved": files.has_rows(importing, files.MOVED),
        "to_undo": files.has_rows(importing, files.TO_UNDO),
        "is_kept": importing.file is not None,
    }


def _filters(verdicts: dict[Verdict, int], results: dict[Result, int]) -> Filters:
    whats = [Option(one.value, one.label, count) for one, count in verdicts.items()]
    became = [Option(one.value, one.label, count) for one, count in results.items()]
    filters = [Filter("verdict", "What it is", whats, multiple=False)]
    if became:
        filters.append(Filter("result", "What became of it", became, multiple=False))
    return Filters(request.path, request.args, filters)


def _wrong(importing: Import, fields: Sequence[Field]) -> list[tuple[Field | None, int, str]]:
    """Return what is wrong by its column, while the columns may still be matched otherwise."""
    if not policy.can_map(importing):
        return []
    by_name = {one.name: one for one in fields}
    found = queries.problems_by_field(importing)
    return [(by_name.get(name), count, words) for name, (count, words) in found.items()]


@blueprint.post("/<int:import_id>/leave-out")
def leave_out(import_id: int) -> Response:
    """Leave the cells of a column out that do not fit, or all that rows may do without."""
    actor = current_actor()
    importing = queries.import_for(actor, import_id)
    kind, name = kind_of(importing.kind), request.form.get("field", "")
    every = name == EVERY
    ones = _spare(importing, _wrong(importing, kind.fields())) if every else [field_of(kind, name)]
    files.leave_out(importing=importing, ones=ones, by=actor)
    db.session.commit()
    return redirect(url_for("imports.show", import_id=importing.id))


def _spare(importing: Import, wrong: Sequence[tuple[Field | None, int, str]]) -> list[Field]:
    """Return the columns of which a cell does not fit in any row, and which rows may do without."""
    found = (one for one, _, _ in wrong if one and one.may_be_left_out)
    return [one for one in found if one.name in importing.mapping]


def _address(importing: Import) -> dict[str, str]:
    """Return the letters of the column that answers each field."""
    return {name: column_letters(column + 1) for name, column in importing.mapping.items()}


@blueprint.post("/<int:import_id>/choose")
def choose(import_id: int) -> Response:
    """Say what is done with every row of a verdict."""
    importing = queries.import_for(current_actor(), import_id)
    verdict, treatment = _chosen()
    rows.choose(importing=importing, verdict=verdict, treatment=treatment)
    db.session.commit()
    flash(f"{verdict.label}: {rows.treatment_words(verdict, treatment).lower()}", "success")
    return redirect(url_for("imports.show", import_id=importing.id, verdict=verdict.value))


def _chosen() -> tuple[Verdict, Treatment]:
    try:
        return Verdict(request.form.get("verdict", "")), Treatment(
            request.form.get("treatment", "")
        )
    except ValueError as wrong:
        raise Invalid("Select what to do with these rows") from wrong


@blueprint.route("/<int:import_id>/rows/<int:row_id>", methods=["GET", "POST"])
def row(import_id: int, row_id: int) -> str | Response | tuple[str, int]:
    """Show one row whole: what it says, what is wrong, what would change; and what to do."""
    importing = queries.import_for(current_actor(), import_id)
    found = queries.row_of(importing, row_id)
    is_decision = found.result is Result.DECIDE
    form = TreatmentForm(data={"treatment": found.treatment})
    form.offer(found.verdict)
    if is_decision:
        form.treatment.choices = [
            (Treatment.TAKE.value, "Undo it all the same"),
            (Treatment.KEEP.value, "Keep the record as it is now"),
        ]
    if form.is_submitted_and_valid():
        act = rows.decide if is_decision else rows.choose_row
        act(row=found, treatment=form.treatment.data)
        db.session.commit()
        flash(f"Row {found.line} is noted", "success")
        return redirect(url_for("imports.show", import_id=importing.id))
    kind = kind_of(importing.kind)
    page = render_template(
        "imports/row.html",
        importing=importing,
        row=found,
        form=form,
        kind=kind,
        is_open=bool(form.treatment.choices) and (found.result is None or is_decision),
        labels={one.name: one.label for one in kind.fields()},
        address=_address(importing),
    )
    return page, form.status


@blueprint.post("/<int:import_id>/apply")
def apply(import_id: int) -> Response:
    """Bring in what was looked at."""
    actor = current_actor()
    importing = queries.import_for(actor, import_id)
    files.start_apply(importing=importing, by=actor)
    db.session.commit()
    return redirect(url_for("imports.show", import_id=importing.id))


@blueprint.route("/<int:import_id>/undo", methods=BOTH)
def undo(import_id: int) -> Answer:
    """Ask whether all that the import did is to be undone, and undo it."""
    actor, form = current_actor(), PortalForm()
    importing = queries.import_for(actor, import_id)
    files.expect_undoable(importing)
    back = url_for("imports.show", import_id=importing.id)
    if form.is_submitted_and_valid():
        files.start_undo(importing=importing, by=actor)
        db.session.commit()
        return redirect(back)
    return steps.show(
        form,
        "Undo this import?",
        "Undo it",
        back=(back, importing.name),
        section="Bring in a spreadsheet",
        before=f"What {importing.name} made is deleted, and what it changed is put back. "
        "What somebody changed since waits for your decision.",
    )


@blueprint.route("/<int:import_id>/discard", methods=BOTH)
@removes("imports.index")
def discard(import_id: int) -> Answer:
    """Ask whether a file of which nothing was brought in is to be deleted, and forget it."""
    actor, form = current_actor(), PortalForm()
    importing = queries.import_for(actor, import_id)
    files.expect_open(importing)
    if form.is_submitted_and_valid():
        files.discard(importing=importing, by=actor)
        return done("The file is deleted", url_for("imports.index"))
    return steps.show(
        form,
        "Delete this file?",
        "Delete the file",
        back=(url_for("imports.show", import_id=importing.id), importing.name),
        section="Bring in a spreadsheet",
        before=f"{importing.name}, and what you matched and decided of it here, are deleted for "
        "good. Nothing of it was brought in, and nothing else changes.",
    )

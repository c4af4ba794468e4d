"""The same sheet as a workbook: out, and in again with a look at exactly what it would change."""

from flask import render_template
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.adoption import policy
from portal.adoption.forms import SheetForm, UploadForm
from portal.adoption.queries import sheets
from portal.adoption.serialise import sheet_rows
from portal.adoption.serialise.workbooks import cells_of
from portal.adoption.views import blueprint
from portal.adoption.views.sheets import SHEET, choices
from portal.adoption.views.steps import BOTH, Answer
from portal.errors import Forbidden
from portal.web.downloads import xlsx_response


@blueprint.get(f"{SHEET}.xlsx")
def sheet_file(sheet_id: int) -> Response:
    """Download the sheet with the words that may be chosen."""
    sheet = sheets.sheet_for(current_actor(), sheet_id)
    offered = choices(sheet)
    words = [[label, "", ""] for _, label in offered.states]
    about = {
        "Update": f"{sheet.subject_name}, {sheet.eligible.name}",
        "Quarter": sheet.quarter.label,
        "Network": sheet.hin.name,
    }
    lists = [
        ("This quarter", [sheet_rows.SAME_LABEL, *(label for [label, *_] in words)]),
        ("Why", [label for _, label in offered.reasons]),
        ("Money", [label for _, label in offered.money]),
    ]
    about |= {f"Words for “{name}”": "; ".join(labels) for name, labels in lists}
    rows = sheet_rows.file_rows(sheets.lines_of(sheet), offered)
    name = f"update-{sheet.id}-{sheet.quarter.code}.xlsx"
    return xlsx_response(name, sheet_rows.HEADER, rows, about)


@blueprint.route(f"{SHEET}/import", methods=BOTH)
def import_sheet(sheet_id: int) -> Answer:
    """Read the workbook that comes back, and show what it would change before anything does."""
    sheet = sheets.sheet_for(current_actor(), sheet_id)
    if not policy.can_write(current_actor(), sheet):
        raise Forbidden("This update cannot be changed now, or is another network's.")
    form, read = UploadForm(), None
    if form.is_submitted_and_valid():
        with form.refusals():
            assert form.file.sent is not None  # noqa: S101  # the form asks for it
            stream, name = form.file.sent
            cells = cells_of(stream.read(), name, sheet_rows.HEADER)
            read = sheet_rows.read_rows(cells, sheets.lines_of(sheet), choices(sheet))
    page = render_template(
        "adoption/import_sheet.html", form=form, sheet=sheet, read=read, saving=SheetForm()
    )
    return page, form.status

"""The quarter's update: open a sheet, fill it in, see what is missing, send it, review it."""

from collections.abc import Mapping
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.adoption import policy
from portal.adoption.forms import ReviewForm, SendForm, SheetForm, label_of
from portal.adoption.models import Sheet, SheetState
from portal.adoption.queries import lists, sheets
from portal.adoption.rules.shares import Share
from portal.adoption.serialise import sheet_rows
from portal.adoption.services import sheets as services
from portal.adoption.views import blueprint
from portal.adoption.views.steps import Answer
from portal.clock import today
from portal.db import db, id_from
from portal.errors import Forbidden, NotFound
from portal.reference.models import Vocabulary
from portal.reference.queries import terms
from portal.reference.rules import Quarter
from portal.web.paging import Address, Page, page_number, page_of

PER_PAGE = 25
"""So many rows are five screens of a telephone; a hundred sites are four pages."""
ONLY = {
    "send": (SheetState.OPEN, SheetState.ASKED),
    "review": (SheetState.SUBMITTED,),
}
"""What of all quarters may be asked for: what waits for the network, and for its reviewer."""
SHEET = "/adoption/sheets/<int:sheet_id>"


def quarter_asked(code: str) -> Quarter:
    """Return the quarter of a code, or the running one."""
    try:
        return Quarter.named(code)
    except ValueError:
        return Quarter.of(today())


@blueprint.get("/adoption/sheets")
def sheet_list() -> str:
    """List the sheets of a quarter, with how much is filled in, and what may be opened."""
    actor = current_actor()
    if not actor.is_staff:
        raise Forbidden("Updates of a quarter are shown to networks and the national team.")
    quarter = quarter_asked(request.args.get("quarter", ""))
    only = request.args.get("only", "")
    found = sheets.sheets(actor, quarter, ONLY.get(only, ()))
    begun = {one.sheet.list_id for one in found}
    may_open = sheets.lists_to_update(actor, quarter) if actor.is_hin else []
    return render_template(
        "adoption/sheets.html",
        quarter=quarter,
        quarters=[Quarter.of(today()), Quarter.of(today()).previous],
        found=found,
        only=only if only in ONLY else "",
        open=[one for one in may_open if one.id not in begun],
        actor=actor,
        today=today(),
    )


@blueprint.post("/adoption/sheets")
def open_sheet() -> Response:
    """Open the sheet of a list and quarter for the reader's network."""
    actor = current_actor()
    if not actor.is_hin or actor.hin_id is None:
        raise Forbidden("Only a network updates where its sites stand.")
    eligible = lists.list_for(actor, id_from(request.form.get("list", "")) or 0)
    quarter = quarter_asked(request.form.get("quarter", ""))
    sheet = services.open_sheet(eligible=eligible, hin_id=actor.hin_id, quarter=quarter, by=actor)
    db.session.commit()
    return redirect(url_for("adoption.sheet", sheet_id=sheet.id))


def choices(sheet: Sheet) -> sheet_rows.Choices:
    """Return what may be chosen in the rows of a sheet: one statement each. What was retired since
    a row said it stays in the lists of that sheet, or saving the row again would lose it."""
    held = sheets.held_codes(sheet)
    return sheet_rows.Choices(
        [
            (t.code, label_of(t.code, t.label))
            for t in terms(Vocabulary.ADOPTION_STAGE, held=held.states)
        ],
        [(t.id, t.label) for t in terms(Vocabulary.ADOPTION_REASON, held=held.reasons)],
        [(t.id, t.label) for t in terms(Vocabulary.FUNDING_STATUS, held=held.money)],
    )


@blueprint.route(SHEET, methods=["GET", "POST"])
def sheet(sheet_id: int) -> Answer:
    """Show a page of a sheet, and save what changed in it, row by row."""
    found = sheets.sheet_for(current_actor(), sheet_id)
    form, saved = SheetForm(), None
    if form.is_submitted_and_valid():
        with form.refusals():
            saved = _saved(found)
            db.session.commit()
        if saved is not None and not saved.problems and not saved.late:
            return _saved_all(found, saved)
    return _page(found, form, saved)


def _saved(found: Sheet) -> services.SavedRows:
    actor, rows = current_actor(), request.form
    saved = services.save_rows(
        sheet=found, changes=sheet_rows.changes_in(rows, choices(found)), by=actor
    )
    if rows.get("then") == "rest" and not saved.problems and not saved.late:
        count = services.leave_unchanged(sheet=found, row_ids=_row_ids(), by=actor)
        flash(f"Nothing changed is noted for {count} more.", "success")
    return saved


def _kept() -> Mapping[str, str] | None:
    """Return what was typed before the session ended, where the page is opened with it."""
    return g.kept.formdata if g.get("kept_is_shown") else None


def _row_ids(sent: Mapping[str, str] | None = None) -> list[int]:
    """Return the numbers of the rows of the page that was sent, now or before a session ended."""
    form = request.form if sent is None else sent
    names = [name.removeprefix("seen-") for name in form if name.startswith("seen-")]
    return [number for name in names if (number := id_from(name)) is not None]


def _saved_all(found: Sheet, saved: services.SavedRows) -> Response:
    if saved.saved:
        many = len(saved.saved)
        flash(f"{many} {'row is' if many == 1 else 'rows are'} saved.", "success")
    if saved.gone:
        many = saved.gone
        flash(f"{many} {'row is' if many == 1 else 'rows are'} not asked about any more.")
    args: dict[str, Any] = request.args.to_dict()
    # Among those that are missing, the next ones move up to where these stood.
    if request.form.get("then") in ("next", "rest") and args.get("only") != "missing":
        args["page"] = str(page_number(request.args) + 1)
    return redirect(url_for("adoption.sheet", sheet_id=found.id, **args))


def _page(found: Sheet, form: SheetForm, saved: services.SavedRows | None) -> tuple[str, int]:
    actor, only = current_actor(), request.args.get("only", "")
    filled = sheets.filled_of(found)
    typed = request.form if saved else _kept()
    is_sent = saved is not None or typed is not None
    page = _rows_sent(found, typed) if is_sent else _rows_of_page(found, only, filled)
    views = sheet_rows.views_of(page, typed, saved)
    for view in views:
        if view.problem:
            form.refuse(view.problem, href=f"#state-{view.line.row.id}")
    # A refused row is no error of the whole form: the others are saved, and the page says so.
    status = 409 if saved is not None and saved.late else form.status
    html = render_template(
        "adoption/sheet.html",
        sheet=found,
        form=form,
        rows=views,
        page=page,
        address=Address(request.path, request.args.to_dict()),
        only=only,
        missing=filled.denominator - filled.numerator,
        total=filled.denominator,
        saved=saved,
        options=sheet_rows.Options(offered := choices(found)),
        labels=dict(offered.states),
        may_write=policy.can_write(actor, found),
        may_review=policy.can_review(actor, found),
    )
    return html, status


def _rows_of_page(found: Sheet, only: str, filled: Share) -> Page[sheets.SheetLine]:
    is_missing = only == "missing"
    total = filled.denominator - filled.numerator if is_missing else filled.denominator
    number = page_of(total, page_number(request.args), PER_PAGE)
    first = (number - 1) * PER_PAGE
    lines = sheets.lines_between(found, first, PER_PAGE, only_missing=is_missing)
    return Page(lines, total, number, PER_PAGE)


def _rows_sent(found: Sheet, typed: Mapping[str, str] | None) -> Page[sheets.SheetLine]:
    """Return the rows that were sent: among those that are missing by now, one that a colleague
    filled in first would not be shown."""
    lines = sheets.lines_of(found, _row_ids(typed))
    return Page(lines, len(lines), 1, max(len(lines), PER_PAGE))


@blueprint.route(f"{SHEET}/send", methods=["GET", "POST"])
def send_sheet(sheet_id: int) -> Answer:
    """Send a sheet whose rows are all filled in."""
    found = sheets.sheet_for(current_actor(), sheet_id)
    if not policy.can_update(current_actor(), found.hin_id):
        raise Forbidden("Only the network of an area sends its update.")
    form = SendForm(obj=found)
    if form.is_submitted_and_valid():
        with form.refusals():
            is_sent = services.submit(sheet=found, version=form.version.data, by=current_actor())
            db.session.commit()
            return _after_sending(found, is_sent)
    page = render_template("adoption/send_sheet.html", form=form, sheet=found)
    return page, form.status


def _after_sending(found: Sheet, is_sent: bool) -> Response:
    if is_sent:
        flash("The update is sent. The national team looks at it.", "success")
        return redirect(url_for("adoption.sheet", sheet_id=found.id))
    flash("Places came onto the list meanwhile. Say where they stand, then send the update.")
    return redirect(url_for("adoption.sheet", sheet_id=found.id, only="missing"))


@blueprint.route(f"{SHEET}/review", methods=["GET", "POST"])
def review_sheet(sheet_id: int) -> Answer:
    """Accept a sheet, or ask the network to look again."""
    found = sheets.sheet_for(current_actor(), sheet_id)
    if not current_actor().is_national:
        raise NotFound("There is no such page that you may see.")
    form = ReviewForm(obj=found)
    if form.is_submitted_and_valid():
        with form.refusals():
            _decide(found, form)
            db.session.commit()
            flash("The network sees what you decided.", "success")
            return redirect(url_for("adoption.sheet", sheet_id=found.id))
    page = render_template("adoption/review_sheet.html", form=form, sheet=found)
    return page, form.status


def _decide(found: Sheet, form: ReviewForm) -> None:
    said = {"sheet": found, "version": form.version.data, "by": current_actor()}
    if form.verdict.data == "accept":
        services.accept(**said)
    else:
        services.ask(**said, words=form.words.data)

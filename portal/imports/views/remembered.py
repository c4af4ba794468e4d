"""What is remembered of an organisation's files: seen, changed and forgotten."""

from collections import Counter
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.db import db
from portal.imports import queries
from portal.imports.forms import remembered_form
from portal.imports.rules.remembered import Remembered, ended_words_of, told
from portal.imports.serialise.kinds import Kind, kind_of
from portal.imports.services import remembered as service
from portal.imports.views import blueprint
from portal.imports.views.start import require
from portal.web.access import removes
from portal.web.filters import Filter, Filters, Option
from portal.web.forms import PortalForm
from portal.web.paging import cut, page_number
from portal.web.steps import BOTH, Answer, done, show

COLUMNS, ENDED = "columns", "ended"
"""What the filter calls the names of columns, and what holds no longer."""


@blueprint.get("/remembered/<kind>")
def remembered(kind: str) -> str:
    """Show what the columns and values of the organisation's files mean."""
    actor, found = _asked(kind)
    rows = told(queries.memories_of(actor, kind), found.fields())
    filters = _filters(rows)
    chosen = filters.one("of")
    shown = [one for one in rows if chosen is None or chosen in _kinds_of(one)]
    return render_template(
        "imports/remembered.html",
        kind=found,
        organisation=actor.organisation_name,
        page=cut(shown, page_number(request.args)),
        ended=sum(one.is_ended for one in rows),
        filters=filters,
    )


def _asked(kind: str) -> tuple[Actor, Kind]:
    """Return who asks, and the kind; raises NotFound and Forbidden."""
    actor, found = current_actor(), kind_of(kind)
    require(found, actor)
    return actor, found


def _kinds_of(one: Remembered) -> tuple[str, ...]:
    return (one.field or COLUMNS, *([ENDED] if one.is_ended else []))


def _filters(rows: Sequence[Remembered]) -> Filters:
    counts = Counter(kind for one in rows for kind in _kinds_of(one))
    labels = {ENDED: "Holds no longer", COLUMNS: "Names of columns"}
    labels |= {one.field: one.of for one in rows if one.field}
    options = [Option(kind, label, counts[kind]) for kind, label in labels.items() if counts[kind]]
    return Filters(
        request.path, request.args, [Filter("of", "What it is", options, multiple=False)]
    )


@blueprint.route("/remembered/<kind>/<int:memory_id>", methods=BOTH)
def remembered_one(kind: str, memory_id: int) -> Answer:
    """Ask what a header or value is to mean in the next file."""
    actor, found = _asked(kind)
    row = queries.memory_for(actor, kind, memory_id)
    fields = found.fields()
    form = remembered_form(row, fields)
    back = url_for("imports.remembered", kind=kind)
    if form.is_submitted_and_valid():
        service.change(row=row, meaning=form["meaning"].data or "")
        return done(f"“{row.word}” is noted for your next file", back)
    of = next((one for one in fields if one.name == row.field), None)
    return show(
        form,
        f"What does “{row.word}” mean?",
        "Save",
        back=(back, "What is remembered"),
        section="Bring in a spreadsheet",
        template="imports/remembered_one.html",
        row=row,
        of=of,
        ended=ended_words_of(of, row.meaning) if of and not of.offers(row.meaning) else "",
    )


@blueprint.post("/remembered/<kind>/<int:memory_id>/forget")
@removes("imports.remembered")
def forget(kind: str, memory_id: int) -> Response:
    """Forget what a header or value means."""
    actor, _ = _asked(kind)
    row = queries.memory_for(actor, kind, memory_id)
    word = row.word
    service.forget(row=row)
    db.session.commit()
    flash(f"“{word}” is asked anew with your next file", "success")
    return redirect(url_for("imports.remembered", kind=kind))


@blueprint.route("/remembered/<kind>/forget", methods=BOTH)
def forget_all(kind: str) -> Answer:
    """Ask whether all of it is to be forgotten, and forget it."""
    actor, found = _asked(kind)
    form, back = PortalForm(), url_for("imports.remembered", kind=kind)
    if form.is_submitted_and_valid():
        service.forget_all(kind=kind, by=actor)
        return done("Columns and values are guessed and asked anew with your next file", back)
    return show(
        form,
        "Forget all of it?",
        "Forget all of it",
        back=(back, "What is remembered"),
        section="Bring in a spreadsheet",
        before=f"The columns and values of the next file of {found.many} of "
        f"{actor.organisation_name} are guessed and asked anew. What was brought in stays.",
    )

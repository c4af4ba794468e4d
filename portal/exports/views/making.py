"""Take everything out: ask for it, see how far it is, fetch it."""

from flask import Response as Plain
from flask import make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import asks_proof, current_actor
from portal.db import db, writing
from portal.exports import queries
from portal.exports.policy import can_export_all
from portal.exports.rules import EXPORTS
from portal.exports.services import asking
from portal.exports.views import blueprint
from portal.files import opened
from portal.job_rows import JobState, job_with
from portal.privacy.queries.retention import rule_of
from portal.web.downloads import ZIP_TYPE, streamed
from portal.web.limits import limiter

REFRESH_SECONDS = 4
"""How soon the page looks again while an export is made."""


@blueprint.get("/export")
def index() -> Plain:
    """Show the exports that were made, and how far the next one is."""
    actor = queries.require_exporter(current_actor())
    is_whole = can_export_all(actor)
    job = job_with(asking.key_of(None if is_whole else actor.organisation_id))
    is_busy = job is not None and job.state.is_under_way
    page = render_template(
        "exports/index.html",
        is_whole=is_whole,
        made=queries.exports_for(actor),
        job=job,
        is_busy=is_busy,
        has_failed=job is not None and job.state is JobState.FAILED,
        days=rule_of("exports").days,
    )
    response = make_response(page)
    if is_busy:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@blueprint.post("/export")
@limiter.limit("10 per hour")
@asks_proof
def ask() -> Response:
    """Have an export made."""
    asking.ask_for_export(by=queries.require_exporter(current_actor()))
    db.session.commit()
    return redirect(url_for("exports.index"))


@blueprint.get("/export/<int:export_id>.zip")
@asks_proof
def fetch(export_id: int) -> Plain:
    """Give an export that was made, and note who has it."""
    made = queries.export_for(current_actor(), export_id)
    file, size = opened(made.stored, room=EXPORTS), made.size
    whose = "everything" if made.organisation_id is None else "our-network"
    name = f"{whose}-{made.at:%Y-%m-%d}.zip"
    _note(made.id)
    return streamed(name, ZIP_TYPE, file, size)


def _note(export_id: int) -> None:
    """Write to the trail that the person has it; a GET only reads until here."""
    actor = current_actor()
    with writing():
        asking.note_fetched(made=queries.export_for(actor, export_id), by=actor)

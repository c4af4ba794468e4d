"""The events of security: who came in, who was refused, what was changed and taken away."""

from flask import render_template, request, url_for
from sqlalchemy import Select
from werkzeug.wrappers import Response

from portal.accounts.admin_views.start import blueprint
from portal.accounts.models.security import SecurityEvent, SecurityKind
from portal.accounts.queries.security import security_events
from portal.accounts.serialise import SECURITY_EVENTS
from portal.accounts.session import current_actor
from portal.db import db
from portal.web.filters import Filter, Filters, Option


@blueprint.get("/security")
def security() -> str:
    """Search the events."""
    filters = _filters()
    listed = SECURITY_EVENTS.on_page(db.session, _found(filters), filters)
    return render_template("accounts/admin/security.html", found=listed, filters=filters)


@blueprint.get("/security.<any(csv, xlsx):kind>")
def security_file(kind: str) -> Response:
    """Give the same list as a file."""
    filters = _filters()
    return SECURITY_EVENTS.file(kind, db.session, _found(filters), filters)


def _filters() -> Filters:
    options = [Option(kind.value, kind.label) for kind in SecurityKind]
    kinds = [Filter("kind", "Event", options)]
    return Filters(url_for("people_admin.security"), request.args, kinds, words="q")


def _found(filters: Filters) -> Select[SecurityEvent]:
    return security_events(current_actor(), filters.text, filters["kind"])

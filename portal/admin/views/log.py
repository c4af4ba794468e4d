"""What was done, and the work behind the pages."""

from flask import render_template, request

from portal.admin import queries
from portal.admin.views import blueprint
from portal.db import db
from portal.web.filters import Filters
from portal.web.paging import page_number, paginate


@blueprint.get("/audit")
def audit() -> str:
    """Show who did what, newest first. What changed stays on the record's own timeline."""
    filters = Filters(request.path, request.args, words="q")
    events = paginate(
        db.session, queries.audit_log(filters.text), page=page_number(request.args), per_page=50
    )
    return render_template("admin/audit.html", events=events, filters=filters)


@blueprint.get("/jobs")
def jobs() -> str:
    """Show the work behind the pages: what waits, runs, is done or failed, and why."""
    found = paginate(db.session, queries.jobs(), page=page_number(request.args), per_page=50)
    filters = Filters(request.path, request.args)
    return render_template("admin/jobs.html", jobs=found, filters=filters)

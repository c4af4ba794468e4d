"""The front door of the quarterly figures: which quarters there are, live or frozen."""

from flask import render_template

from portal.accounts.session import current_actor
from portal.reference.queries import today
from portal.reports.queries import quarters
from portal.support import policy


@blueprint.get("/reports")
def index() -> str:
    """List the quarters, newest first, each with its figures of support and of the pipeline."""
    return render_template(
        "reports/index.html",
        quarters=quarters(today()),
        sees_support=policy.can_see_figures(current_actor()),
    )

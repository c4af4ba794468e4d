"""The front door of the quarterly figures: which quarters there are, live or frozen."""

from flask import Blueprint, render_template

from portal.accounts.session import current_actor
from portal.clock import today
from portal.figures import policy
from portal.reports.queries import quarters

blueprint = Blueprint("reports", __name__, template_folder="templates")


@blueprint.get("/reports")
def index() -> str:
    """List the quarters, newest first, each with its figures of support and of the pipeline."""
    return render_template(
        "reports/index.html",
        quarters=quarters(today()),
        sees_support=policy.can_see_figures(current_actor()),
    )

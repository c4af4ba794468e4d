"""What people search for, open and fail to find: counts for the national team."""

from datetime import timedelta

from flask import render_template

from portal.accounts.session import current_actor
from portal.clock import today
from portal.search.queries import insights as queries
from portal.search.rules import MIN_PEOPLE_ASKING
from portal.search.views import blueprint

DAYS = 90


@blueprint.get("/search/insights")
def insights() -> str:
    """Show the counts of the last three months."""
    queries.require_reader(current_actor())
    since = today() - timedelta(days=DAYS)
    return render_template(
        "search/insights.html",
        since=since,
        totals=queries.totals(since),
        top=queries.top(since),
        vain=queries.vain(since),
        clicks=queries.clicks(since),
        askers_needed=MIN_PEOPLE_ASKING,
    )

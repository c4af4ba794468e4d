"""The front page of adoption: what has spread how far, and what is asked of a network."""

from flask import render_template, request

from portal.adoption import policy
from portal.adoption.queries.places import lists_named, summaries
from portal.adoption.views import blueprint
from portal.adoption.views.steps import reader
from portal.clock import today
from portal.db import db
from portal.reference.rules import Quarter
from portal.web.filters import Filters
from portal.web.paging import page_number, paginate


@blueprint.get("/adoption")
def index() -> str:
    """List what has places that could use it, with how many do."""
    actor = reader()
    filters = Filters(request.path, request.args, words="q")
    found = paginate(db.session, lists_named(actor, filters.text), page=page_number(request.args))
    return render_template(
        "adoption/index.html",
        found=summaries(list(found)),
        page=found,
        filters=filters,
        quarter=Quarter.of(today()),
        can_curate=policy.can_curate(actor),
        is_hin=actor.is_hin,
        is_ics=actor.is_ics,
        is_staff=actor.is_staff,
    )

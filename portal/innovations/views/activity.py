"""What happened to a record, as far as the person who asks may know."""

from flask import render_template, request

from portal.accounts.session import current_actor
from portal.db import db
from portal.innovations.queries import innovation_for
from portal.innovations.queries.activity import activity as events_of
from portal.innovations.queries.activity import told
from portal.innovations.queries.change_requests import change_requests
from portal.innovations.queries.merging import merges_of
from portal.innovations.views import blueprint
from portal.web.filters import Filters
from portal.web.paging import page_number, paginate


@blueprint.get("/innovations/<int:innovation_id>/activity")
def activity(innovation_id: int) -> str:
    """Show the events of the record, newest first."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    page = paginate(db.session, events_of(actor, innovation), page=page_number(request.args))
    return render_template(
        "innovations/activity.html",
        innovation=innovation,
        page=page,
        events=told(page.items),
        change_requests=change_requests(actor, innovation),
        merges=merges_of(actor, innovation),
        filters=Filters(request.path, request.args),
    )

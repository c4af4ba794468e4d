"""The links of what is published, for who writes it."""

from flask import current_app, render_template, request, url_for

from portal.db import db
from portal.exchange.queries.links import links_for
from portal.exchange.rules.links import BROKEN_AFTER
from portal.exchange.views import blueprint
from portal.exchange.views.steps import writer
from portal.web.filters import Filters
from portal.web.paging import page_number, paginate


@blueprint.get("/exchange/links")
def links() -> str:
    """List web addresses with when each was last called and what came back."""
    actor = writer()
    broken_only = request.args.get("broken") == "yes"
    filters = Filters(url_for("exchange.links"), request.args, [])
    found = links_for(actor, broken_only=broken_only)
    return render_template(
        "exchange/links.html",
        page=paginate(db.session, found, page=page_number(request.args)),
        filters=filters,
        broken_only=broken_only,
        fewest=BROKEN_AFTER,
        is_on=current_app.config["LINK_CHECKS"],
    )

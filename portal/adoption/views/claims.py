"""The claims of use that wait for the reader's network to confirm them."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.adoption import policy
from portal.adoption.queries.claims import claims_to_decide
from portal.adoption.queries.spread import labels
from portal.adoption.serialise.claims import claims_listing
from portal.adoption.views import blueprint
from portal.db import db
from portal.errors import Forbidden
from portal.web.filters import Filters


@blueprint.get("/adoption/claims")
def claims() -> str:
    """List the claims, each with the way to the page on which it is decided."""
    statement = claims_to_decide(_decider())
    filters = Filters(request.path, request.args)
    found = claims_listing(labels()).on_page(db.session, statement, filters)
    return render_template("adoption/claims.html", found=found)


@blueprint.get("/adoption/claims.<any(csv, xlsx):kind>")
def claims_file(kind: str) -> Response:
    """Give the same list as a file."""
    statement = claims_to_decide(_decider())
    filters = Filters(url_for("adoption.claims"), request.args)
    return claims_listing(labels()).file(kind, db.session, statement, filters)


def _decider() -> Actor:
    """Return the person who asks; raises Forbidden for who decides no claim."""
    actor = current_actor()
    if not policy.can_update(actor, actor.hin_id):
        raise Forbidden("Claims of use are confirmed by the network of an area.")
    return actor

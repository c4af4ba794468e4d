"""What the search box offers while somebody types."""

from flask import Response, jsonify, request

from portal.accounts.session import current_actor
from portal.search import serialise
from portal.search.indexing import asking
from portal.search.views import blueprint
from portal.web.access import public
from portal.web.limits import limiter

MAX_PREFIX_LENGTH = 60
MIN_PREFIX_LENGTH = 2


@blueprint.get("/search/suggest")
@public
@limiter.limit("240 per minute")
def suggest() -> Response:
    """Give the names that begin with what is typed: `{"items": [{"text", "kind"}, …]}`."""
    typed = " ".join(request.args.get("q", "").split())[:MAX_PREFIX_LENGTH]
    found = asking.suggest(current_actor(), typed) if len(typed) >= MIN_PREFIX_LENGTH else []
    return jsonify(items=serialise.suggestions(found))

"""What every answer of the API gets: a tag by which it is not sent twice, compression, who may keep
it, and which pages of other sites may read it."""

from flask import Response, current_app, request

from portal.api.views import allowance
from portal.web.access import is_public
from portal.web.downloads import compressed

KEPT_SECONDS = 60
"""How long anybody may keep what is public before they ask again."""


def finish(response: Response) -> Response:
    """Complete an answer; one that the asker has already becomes a 304."""
    allowance.say(response)
    if request.method == "OPTIONS":
        response.status_code = 204
        response.headers.pop("Content-Type", None)
    response.vary.update(["Authorization", "Accept-Encoding"])
    is_open = _is_open_read()
    if is_open:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    if request.method not in {"GET", "HEAD"} or response.status_code != 200:
        response.headers["Cache-Control"] = "no-store"
        return response
    kept = f"public, max-age={KEPT_SECONDS}" if is_open else "private, no-cache"
    response.headers["Cache-Control"] = kept
    response.add_etag(weak=True)
    response.make_conditional(request)
    return compressed(response)


def _is_open_read() -> bool:
    """Whether anybody may read what is asked, and nobody in particular asks."""
    is_read = request.method in {"GET", "HEAD", "OPTIONS"}
    is_known = request.endpoint in current_app.view_functions
    return (
        is_read
        and is_known
        and is_public(request.endpoint or "")
        and "Authorization" not in request.headers
    )

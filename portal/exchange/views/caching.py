"""Public pages for strangers: kept by caches for a minute, sent again only when they changed."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import make_response, request
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor

KEPT = "public, max-age=0, s-maxage=60, must-revalidate"
"""A browser asks each time and is told 304; a cache in front of the service asks once a minute."""
OK = 200
View = TypeVar("View", bound=Callable[..., Any])


def for_strangers(view: View) -> View:
    """Let caches keep what a stranger gets who sends no cookie: theirs alone is the same for all.

    Goes below `@public`. The tag is of the page itself, so that nothing which it shows, the day
    included, can change without it.
    """

    @wraps(view)
    def shown(*args: Any, **kwargs: Any) -> Response:
        response = make_response(view(*args, **kwargs))
        if request.cookies or current_actor().is_signed_in or response.status_code != OK:
            return response
        response.headers["Cache-Control"] = KEPT
        response.vary.add("Cookie")
        response.add_etag(weak=True)
        return response.make_conditional(request)

    return shown  # type: ignore[return-value]  # it takes what the view takes

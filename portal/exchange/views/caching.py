"""Public pages for strangers: kept by caches for a minute, sent again only when they changed."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import make_response, request
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import in_london, now
from portal.figures.queries.kept import FigureCache

KEPT = "public, max-age=0, s-maxage=60, must-revalidate"
"""A browser asks each time and is told 304; a cache in front of the service asks once a minute."""
OK = 200
View = TypeVar("View", bound=Callable[..., Any])


def for_strangers(view: View) -> View:
    """Let caches keep what a stranger gets who sends no cookie: theirs alone is the same for all.

    Goes below `@public`; a view that answers with text is made once for all of them while nothing
    changes. The tag is of the page itself, so that nothing which it shows, the day
    included, can change without it.
    """

    @wraps(view)
    def shown(*args: Any, **kwargs: Any) -> Response:
        if request.cookies or current_actor().is_signed_in:
            return make_response(view(*args, **kwargs))
        response = make_response(_page(lambda: view(*args, **kwargs)))
        if response.status_code != OK:
            return response
        response.headers["Cache-Control"] = KEPT
        response.vary.add("Cookie")
        response.add_etag(weak=True)
        return response.make_conditional(request)

    return shown  # type: ignore[return-value]  # it takes what the view takes


def _page(make: Callable[[], Any]) -> Any:
    """Return a page that has no questions in its address as it was made, until a row changes of a
    table that it reads, or the hour."""
    if request.query_string:
        return make()
    moment = in_london(now())
    return FigureCache().page((request.host_url, request.path, moment.date(), moment.hour), make)

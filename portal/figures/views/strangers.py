"""Public pages for strangers: kept by caches for a minute, sent again only when they changed."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import current_app, g, make_response, request, session
from werkzeug.wrappers import Response

from portal.accounts.session import CHALLENGE, current_actor
from portal.clock import in_london, now
from portal.figures.queries.kept import FigureCache
from portal.web import kept

KEPT = "public, max-age=0, s-maxage=60, must-revalidate"
"""A browser asks each time and is told 304; a cache in front of the service asks once a minute."""
OK = 200
READS = ("GET", "HEAD")
FRESH = "_fresh"
"""Under this name Flask-Login notes in each cookie how long ago somebody signed in."""
View = TypeVar("View", bound=Callable[..., Any])


def for_strangers(view: View) -> View:
    """Let caches keep what a stranger gets who sends no cookie: theirs alone is the same for all.

    Goes below `@public`; a view that answers with text is made once for all strangers while nothing
    changes, also for those whose cookie holds nothing that it shows. The tag is of the page itself,
    so that nothing which it shows, the day included, can change without it. A page that shows what
    is of one reader's cookie, as one with a form that is posted does, is that reader's own.
    """

    @wraps(view)
    def shown(*args: Any, **kwargs: Any) -> Response:
        if not _is_as_others():
            return make_response(view(*args, **kwargs))
        response = make_response(_page(lambda: view(*args, **kwargs)))
        if response.status_code != OK or _shows_own():
            return response
        if not request.cookies:
            response.headers["Cache-Control"] = KEPT
        response.vary.add("Cookie")
        response.add_etag(weak=True)
        return response.make_conditional(request)

    return shown  # type: ignore[return-value]  # it takes what the view takes


def _is_as_others() -> bool:
    """Whether nothing tells whoever asks from other strangers: they read, are not signed in, no
    message waits for them, nothing that they typed is kept, and their cookie holds nothing else
    that a page could show unseen by `_shows_own`."""
    if request.method not in READS or kept.cookie_name() in request.cookies:
        return False
    if current_actor().is_signed_in:
        return False
    return not session.modified and session.keys() <= {_token(), CHALLENGE, FRESH}


def _shows_own() -> bool:
    """Whether the page shows what is of this reader alone: the token of their forms, or what was
    just written into their cookie, as the challenge that a passkey signs."""
    return session.modified or _token() in g


def _token() -> str:
    """Return under which name cookie and request keep the token of forms."""
    return str(current_app.config["WTF_CSRF_FIELD_NAME"])


def _page(make: Callable[[], Any]) -> Any:
    """Return a page that has no questions in its address as it was made, until a row changes of a
    table that it reads, or the minute: calls close and reports are published at one."""
    if request.query_string:
        return make()
    minute = in_london(now()).replace(second=0, microsecond=0)

    def made() -> Any:
        page = make()
        return make_response(page) if _shows_own() else page

    return FigureCache().page((request.host_url, request.path, minute), made)

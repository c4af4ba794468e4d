"""Count searches and opened results, after the answer has gone out: nobody waits for a count."""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, Response, after_this_request, current_app, request
from sqlalchemy.exc import OperationalError

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db, set_reading
from portal.search.rules import Order, SearchQuery
from portal.search.serialise import PATH
from portal.search.services import counts
from portal.search.views import blueprint

log = logging.getLogger(__name__)
OK = 200


def count_search(wanted: SearchQuery, total: int) -> None:
    """Count this search: words that somebody typed, on the first page, as they were ranked."""
    if not wanted.text or wanted.page > 1 or wanted.order is not Order.BEST:
        return
    actor, app = current_actor(), current_app
    asker = f"user:{actor.user_id}" if actor.is_signed_in else f"address:{request.remote_addr}"
    secret, day = str(app.config["SECRET_KEY"]), today()
    _afterwards(
        lambda: counts.count_search(
            text=wanted.text, total=total, asker=asker, secret=secret, today=day
        )
    )


@blueprint.after_app_request
def count_click(response: Response) -> Response:
    """Count that a result was opened: a record's page with a rank, reached from a search."""
    rank = request.args.get("rank", "")
    if request.endpoint != "innovations.overview" or not rank or response.status_code != OK:
        return response
    came_from = urlsplit(request.referrer or "")
    if (came_from.netloc, came_from.path) == (request.host, PATH) and rank in _RANKS:
        day = today()
        _hang(response, lambda: counts.count_click(rank=int(rank), today=day))
    return response


_RANKS = frozenset(map(str, range(1, 21)))


def _app() -> Flask:
    # The proxy has it, Flask's annotation of the proxy does not.
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]


def _afterwards(work: Callable[[], None]) -> None:
    @after_this_request
    def _then(response: Response) -> Response:
        return _hang(response, work)


def _hang(response: Response, work: Callable[[], None]) -> Response:
    """Do the work when the answer has gone out. The page is made: its reading ends here."""
    db.session.rollback()
    response.call_on_close(_after(_app(), work))
    return response


def _after(app: Flask, work: Callable[[], None]) -> Callable[[], None]:
    """Return the work in a context of its own; a count that cannot be written is let go."""

    def run() -> None:
        with app.app_context():
            set_reading(False)
            try:
                work()
                db.session.commit()
            except OperationalError:
                log.warning("a search was not counted: the database was busy")

    return run

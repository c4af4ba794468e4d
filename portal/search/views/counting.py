"""Count searches and opened results, after the answer has gone out: nobody waits for a count."""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Response, after_this_request, current_app, request

from portal.accounts.session import current_actor
from portal.clock import today
from portal.search.rules import Order, SearchQuery
from portal.search.serialise import PATH
from portal.search.services import counts
from portal.search.views import blueprint
from portal.web.afterwards import afterwards

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
        afterwards(response, lambda: counts.count_click(rank=int(rank), today=day))
    return response


_RANKS = frozenset(map(str, range(1, 21)))


def _afterwards(work: Callable[[], None]) -> None:
    @after_this_request
    def _then(response: Response) -> Response:
        return afterwards(response, work)

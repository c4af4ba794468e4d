"""Count visitors of the public pages, after the answer has gone out."""

from flask import Response, request

from portal.accounts.session import current_actor
from portal.clock import today
from portal.exchange.rules.visits import is_program
from portal.exchange.services.visits import count_visit
from portal.exchange.views import blueprint
from portal.web.afterwards import afterwards

COUNTED = {"exchange.start": "front", "exchange.index": "list", "exchange.item": "item"}
READ = {200, 304}


@blueprint.after_app_request
def note_visit(response: Response) -> Response:
    """Count a stranger who reads a public page of the Exchange; staff at work are no visitors."""
    if not _is_visit(response):
        return response
    page, day = _page(), today()
    address, agent = request.remote_addr or "", request.user_agent.string
    return afterwards(
        response, lambda: count_visit(page=page, address=address, agent=agent, day=day)
    )


def _is_visit(response: Response) -> bool:
    is_page = request.endpoint in COUNTED and request.method == "GET"
    if not is_page or response.status_code not in READ or current_actor().is_signed_in:
        return False
    return not is_program(request.user_agent.string, request.headers.get("Sec-Purpose", ""))


def _page() -> str:
    name, told = COUNTED[request.endpoint or ""], request.view_args or {}
    return f"{told['kind']} {told['item_id']}" if name == "item" else name

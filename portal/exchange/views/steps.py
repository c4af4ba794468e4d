"""What the pages for who writes share: their door, and how a form is shown on a page of its own."""

from functools import partial

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.errors import Forbidden
from portal.exchange import policy
from portal.web import steps

WORK = "/exchange/items/<int:item_id>"
show = partial(steps.show, section="The Exchange", template="exchange/step.html")


def writer() -> Actor:
    """Return who asks, who must be of a network or the national team; raises Forbidden."""
    actor = current_actor()
    if not policy.can_write(actor):
        raise Forbidden("Networks and the national team write for the Exchange.")
    return actor

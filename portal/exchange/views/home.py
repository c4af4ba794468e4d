"""What the Exchange contributes to the home page of who writes for it."""

from flask import url_for

from portal.exchange.policy import can_write
from portal.exchange.queries import asking
from portal.web.home import AskRow, AskSource


def _href(ask: AskRow) -> str:
    return url_for("exchange.work", item_id=ask.id)


ASKS = (
    AskSource(
        may=can_write,
        rows=asking.to_publish,
        title=lambda ask: f"Read “{ask.name}”, and publish it on the Exchange",
        href=_href,
    ),
    AskSource(
        may=can_write,
        rows=asking.to_look_at,
        title=lambda ask: f"Say whether “{ask.name}” on the Exchange still holds",
        href=_href,
    ),
    AskSource(
        may=can_write,
        rows=asking.returned,
        title=lambda ask: f"Change “{ask.name}”, which was given back",
        href=_href,
    ),
)

"""What every page of support shares: the case at hand, showing a form, and being done."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.errors import Conflict
from portal.innovations.models import Innovation
from portal.innovations.queries import innovation_for
from portal.support import queries
from portal.support.models import Engagement, EngagementState
from portal.support.rules import OUTCOMES
from portal.support.services.moves import who_decided
from portal.web import steps
from portal.web.addresses import safe_next
from portal.web.forms import PortalForm

RECORD = "/innovations/<int:innovation_id>/support"
Answer = Response | tuple[str, int] | str


@dataclass(frozen=True, slots=True)
class Case:
    """The record, the actor's HIN's engagement with it, and the actor."""

    innovation: Innovation
    engagement: Engagement
    by: Actor


def case_for(innovation_id: int, outcome: EngagementState | None = None) -> Case:
    """Return the case that the person may decide; raises Conflict when a link to an outcome is
    opened that cannot follow any more."""
    by = current_actor()
    innovation = innovation_for(by, innovation_id)
    engagement = queries.own_engagement(by, innovation_id)
    is_late = outcome is not None and outcome not in OUTCOMES[engagement.state]
    if request.method == "GET" and is_late:
        raise Conflict(who_decided(engagement))
    return Case(innovation, engagement, by)


def show(
    form: PortalForm, innovation: Innovation, template: str, **words: object
) -> tuple[str, int]:
    """Show a form's page."""
    page = render_template(_path(template), form=form, innovation=innovation, **words)
    return page, form.status


def done(
    innovation: Innovation, words: str, endpoint: str = "support.record", **address: Any
) -> Response:
    """Commit, say what was done, and go back to the record or to another page of it."""
    return steps.done(words, url_for(endpoint, innovation_id=innovation.id, **address))


QUEUE = "queue"
"""The key of the browser's session under which the queue is kept that a person came from."""


def remember_queue(address: str) -> None:
    """Keep which list of cases the person is looking at: records lead back to it."""
    session[QUEUE] = address


def queue_come_from(innovation: Innovation) -> dict[str, str] | None:
    """Return the addresses of the queue that the person came from and of the case after this one;
    None where they came from none."""
    back = safe_next(session.get(QUEUE))
    if back is None:
        return None
    asked: dict[str, Any] = parse_qs(urlsplit(back).query)
    asked.pop("page", None)
    return {"back": back, "next": url_for("desk.next_case", **asked, after=innovation.id)}


def _path(template: str) -> str:
    """Return the file of a page: of this room by its name, of a higher room as "room/name"."""
    room, _, name = template.rpartition("/")
    return f"{room or 'support'}/{name}.html"

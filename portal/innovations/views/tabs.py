"""The tabs of a record: this room's own and those that higher rooms add in `rooms.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app, request, url_for

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.innovations.models import Innovation
from portal.innovations.policy import can_see_people

EXTENSION = "innovations-tabs"


@dataclass(frozen=True)
class RecordTab:
    """One tab: its words, the endpoint (which takes `innovation_id`), and who may see it."""

    text: str
    endpoint: str
    may_see: Callable[[Actor, Innovation], bool]


@dataclass(frozen=True)
class TabLink:
    """A tab on the page of one record."""

    text: str
    href: str
    is_current: bool


def own_people_and_staff(actor: Actor, innovation: Innovation) -> bool:
    """Let the innovator's side, HIN and national staff see the tab."""
    return can_see_people(actor, innovation)


def signed_in(actor: Actor, innovation: Innovation) -> bool:
    """Let everybody with an account see the tab who may see the record."""
    return actor.is_signed_in


def everyone(actor: Actor, innovation: Innovation) -> bool:
    """Let everybody see the tab who may see the record."""
    return True


def tabs_of(innovation: Innovation) -> list[TabLink]:
    """Return the tabs of this record for the person who asks, in the order of `rooms.py`."""
    tabs: Sequence[RecordTab] = current_app.extensions.get(EXTENSION, ())
    actor = current_actor()
    shown = [
        (tab.text, url_for(tab.endpoint, innovation_id=innovation.id))
        for tab in tabs
        if tab.may_see(actor, innovation)
    ]
    # By address: a page that shows errors of what was sent to it has another endpoint.
    return [TabLink(text, href, href == request.path) for text, href in shown]

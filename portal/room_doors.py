"""The doors of what messages lead to, so that no email names what its reader may see no more."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from portal.accounts.models import Actor, User
from portal.accounts.queries.acting import memberships_acting
from portal.accounts.session import actor_of
from portal.answers.queries import answer_for
from portal.challenges.queries import challenge_for
from portal.community.queries import idea_for, standing_of
from portal.db import db
from portal.errors import Forbidden, MovedTo, NotFound
from portal.exchange.models import ContentKind
from portal.exchange.queries.content import item_for
from portal.innovations.queries import innovation_for
from portal.introductions.queries import introduction_for
from portal.notifications.rules import page_of
from portal.support.queries.tasks import task_for

Door = Callable[[Actor, int], Any]
"""Returns what an actor asks for by its number; raises NotFound or Forbidden."""

DOORS: Mapping[str, Door] = {
    "/answers": answer_for,
    "/challenges": challenge_for,
    "/ideas": lambda actor, number: idea_for(actor, standing_of(actor), number),
    "/innovations": innovation_for,
    "/introductions": introduction_for,
    "/support/tasks": task_for,
    **{f"/exchange/{kind.value}": item_for for kind in ContentKind},
}
"""By the page before the number. What has no door here names nothing that may be hidden later."""
OFFERS = ("/invitation", "/transfer")
"""Pages of a record for somebody who may not see it until they accept."""


def may_open(user_id: int, url: str) -> bool:
    """Whether a person may see, acting for any for whom they act, what an address of a message is
    about now; what was made one with something that they may see counts as seen."""
    page = page_of(url)
    where, _, number = (page or "").rpartition("/")
    if where not in DOORS or urlsplit(url).path.endswith(OFFERS):
        return True
    return any(_opens(DOORS[where], actor, int(number)) for actor in _actors(user_id))


def _actors(user_id: int) -> Iterator[Actor]:
    user = db.session.get(User, user_id)
    for membership in memberships_acting(user_id):
        yield actor_of(membership.user, membership)
    if user is not None:
        yield actor_of(user, None)


def _opens(door: Door, actor: Actor, number: int) -> bool:
    try:
        door(actor, number)
    except MovedTo:
        return True
    except (NotFound, Forbidden):
        return False
    return True

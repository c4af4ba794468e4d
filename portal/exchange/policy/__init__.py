"""Who writes, publishes and reads content. Pure; `queries.content.visible_to` says it in SQL.

What is published is for everybody. Staff of networks and of the national team write and see each
other's drafts; a network changes its own items, the national team all. Whoever last wrote an item
or sent it to review does not publish it.
"""

from datetime import datetime

from portal.accounts.models import Actor
from portal.exchange.models import ContentItem, ContentState
from portal.exchange.rules.content import is_out


def can_write(actor: Actor) -> bool:
    """Whether the actor writes content at all."""
    return actor.is_staff


def can_see(actor: Actor, item: ContentItem, at: datetime) -> bool:
    """Whether the actor may know that the item is there."""
    return actor.is_staff or is_out(item, at)


def can_edit(actor: Actor, item: ContentItem) -> bool:
    """Whether the actor changes the item, sends it to review, gives it back or retires it."""
    if actor.is_national:
        return True
    return actor.is_hin and actor.hin_id is not None and actor.hin_id == item.hin_id


def can_publish(actor: Actor, item: ContentItem) -> bool:
    """Whether the actor publishes the item: a second person of those who may change it."""
    wrote = {item.pending_by_id} if item.pending else {item.sent_by_id, item.changed_by_id}
    return can_edit(actor, item) and actor.user_id not in wrote


MOVES: dict[ContentState, tuple[str, ...]] = {
    ContentState.DRAFT: ("send",),
    ContentState.REVIEW: ("publish", "return"),
    ContentState.PUBLISHED: ("renew", "take-back", "retire"),
    ContentState.RETIRED: ("reopen",),
}
"""What can be done with an item in each state."""
CHANGED = ("accept", "discard")
"""The same where a change of a published item waits."""
SECOND_PERSON = {"publish", "accept"}


def moves(actor: Actor, item: ContentItem) -> list[str]:
    """Return what the actor can do with an item as it stands."""
    if not can_edit(actor, item):
        return []
    possible = [*MOVES[item.state], *(CHANGED if item.pending else ())]
    may_publish = can_publish(actor, item)
    return [one for one in possible if one not in SECOND_PERSON or may_publish]

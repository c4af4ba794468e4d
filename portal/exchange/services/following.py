"""Follow a list of the Exchange, stop that, and tell who follows of what is new, once each."""

from collections.abc import Mapping

from portal.accounts.models import Actor
from portal.clock import now
from portal.db import db, insert_into, use_once
from portal.errors import Forbidden, Invalid
from portal.exchange.models import ContentFollowing, ContentItem
from portal.exchange.queries import following as queries
from portal.exchange.queries.content import ContentQuery
from portal.notifications.outbox import tell

MAX_FOLLOWED = 50


def follow(*, asked: str, by: Actor) -> None:
    """Tell a person from now on what is new in a list; `asked` is its canonical query string. Who
    follows it already goes on doing so. Raises Forbidden and Invalid; flushes."""
    if not by.is_signed_in:
        raise Forbidden("Sign in to be told of what is new.")
    if len(queries.followed_by(by.user_id)) >= MAX_FOLLOWED:
        raise Invalid(f"You follow {MAX_FOLLOWED} lists. Stop one before you follow another.")
    row = {"user_id": by.user_id, "asked": asked, "at": now()}
    db.session.execute(insert_into(ContentFollowing).values(row).on_conflict_do_nothing())


def stop(*, following_id: int, by: Actor) -> None:
    """Tell a person no more of a list that they follow; nothing happens for another's."""
    row = db.session.get(ContentFollowing, following_id)
    if row is not None and row.user_id == by.user_id:
        db.session.delete(row)
        db.session.flush()


def tell_of(item_id: int, questions: Mapping[str, ContentQuery]) -> bool:
    """Tell everybody who follows a list that an item is in, once each however many lists hold it;
    returns whether it was this caller's to tell. `questions` are the lists by what was kept of
    them. Flushes, the caller commits."""
    unused = (ContentItem.id == item_id, ContentItem.told_at.is_(None))
    if not use_once(ContentItem, *unused, told_at=now()):
        return False
    item = db.session.get_one(ContentItem, item_id, populate_existing=True)
    asked = [kept for kept, wanted in questions.items() if queries.is_asked_for(item, wanted)]
    people = queries.followers(item, asked)
    url = f"/exchange/{item.kind.value}/{item.id}"
    tell(people, "exchange/emails/published.txt", url=url, item=item)
    db.session.flush()
    return True

"""Keep searches under a name, and tell their owners what is new in them."""

from collections.abc import Sequence

from portal.accounts.models import Actor
from portal.clock import now
from portal.db import db, insert_into
from portal.errors import Invalid
from portal.innovations.models import Innovation
from portal.saved import services as kit
from portal.saved.rules import Kind
from portal.search import outbox
from portal.search.models import Alert, SavedSearch, SavedSearchResult
from portal.search.queries import saved as queries
from portal.search.rules import MAX_SAVED_SEARCHES, is_due

SEARCH = Kind("search", "searches", MAX_SAVED_SEARCHES)


def save(
    *, name: str, asked: str, alert: Alert, found_now: Sequence[int] | None, by: Actor
) -> SavedSearch:
    """Keep a search; what it finds now (ids, None when search is out of order) is not news."""
    kit.check_may_save(SEARCH, by)
    kit.check_name(SEARCH, SavedSearch, name, by)
    saved = SavedSearch(
        user_id=by.user_id, membership_id=by.membership_id, name=name, asked=asked, alert=alert
    )
    kit.keep(SEARCH, saved, by=by)
    _know(saved, found_now if found_now is not None else _unknown())
    return saved


def _unknown() -> Sequence[int]:
    raise Invalid("Full search is not available at the moment. Save the search again later.")


def change(*, saved: SavedSearch, name: str, alert: Alert, by: Actor) -> None:
    """Give a saved search another name or alert."""
    kit.check_own(SEARCH, saved, by)
    kit.check_name(SEARCH, SavedSearch, name, by, but=saved.id)
    if saved.alert is Alert.NEVER and alert is not Alert.NEVER:
        saved.told_at = now()
    saved.name, saved.alert = name, alert
    kit.note_change(SEARCH, saved, by=by, but={"told_at"})
    db.session.flush()


def delete(*, saved: SavedSearch, by: Actor) -> None:
    """Forget a saved search and what it found; its alerts end."""
    kit.forget(SEARCH, saved, by=by)


def look(
    *, saved: SavedSearch, found_now: Sequence[int] | None, newsworthy: Sequence[int], by: Actor
) -> None:
    """Note that the owner opens the search now; what came since the last time stays marked."""
    kit.check_own(SEARCH, saved, by)
    if found_now is not None:
        refresh(saved=saved, found_now=found_now, newsworthy=newsworthy)
    saved.looked_at = now()
    db.session.flush()


def refresh(*, saved: SavedSearch, found_now: Sequence[int], newsworthy: Sequence[int]) -> None:
    """Note what the search finds for the first time; the `newsworthy` among it is news."""
    known = queries.known_ids(saved.id)
    worth = set(newsworthy)
    fresh = [one for one in found_now if one not in known]
    _know(saved, [one for one in fresh if one not in worth])
    _know(saved, [one for one in fresh if one in worth], is_news=True)


def _know(saved: SavedSearch, innovation_ids: Sequence[int], *, is_news: bool = False) -> None:
    if not innovation_ids:
        return
    at = now() if is_news else None
    rows = [
        {"saved_search_id": saved.id, "innovation_id": one, "news_at": at} for one in innovation_ids
    ]
    # The job and the owner may look at the same moment: who comes second adds nothing.
    db.session.execute(insert_into(SavedSearchResult).on_conflict_do_nothing(), rows)


def tell_news(*, saved: SavedSearch, found_now: Sequence[int], actor: Actor) -> int:
    """Tell the owner what is new, when it is time to; returns how many records were named.

    `actor` is the owner as they are at this moment: what they may no longer see is not named.
    """
    if not is_due(saved.alert, saved.told_at, now()):
        return 0
    fresh: list[Innovation] = queries.untold(saved, actor, found_now)
    if fresh:
        outbox.tell_news(saved, fresh)
    saved.told_at = now()
    db.session.flush()
    return len(fresh)

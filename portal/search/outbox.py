"""Write down, in the transaction of a change, that the index must hear of it; and tell people."""

from collections.abc import Iterable, Sequence

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from portal.accounts.models import Actor, User
from portal.accounts.queries.acting import leads, responsible_at
from portal.clock import now
from portal.innovations.models import Innovation
from portal.jobs import enqueue
from portal.notifications.outbox import full_address, tell
from portal.search.models import IndexChange, SavedSearch, SearchGap

APPLY = "search.apply"
MAX_NAMED_RECORDS = 10
"""New records that a message names; the rest it counts."""


def note(connection: Connection, innovation_ids: Iterable[int]) -> None:
    """Write a row for each record, on the connection (and so in the transaction) of the change."""
    rows = [{"innovation_id": one, "at": now()} for one in sorted(set(innovation_ids))]
    if rows:
        connection.execute(insert(IndexChange), rows)


def wake() -> None:
    """Queue the job that brings the index up to date; one that waits already is enough."""
    enqueue(APPLY, key=APPLY)


def tell_news(saved: SavedSearch, fresh: Sequence[Innovation]) -> None:
    """Tell the owner of a saved search what is new in it."""
    tell(
        [saved.user],
        "search/emails/news.txt",
        url=f"/search/saved/{saved.id}",
        saved=saved,
        named=fresh[:MAX_NAMED_RECORDS],
        more=len(fresh[MAX_NAMED_RECORDS:]),
        total=len(fresh),
        settings=full_address("/search/saved"),
    )


def tell_gap(gap: SearchGap, by: Actor) -> None:
    """Tell the HIN of a region what somebody there looked for in vain."""
    if gap.hin_id is not None:
        people = leads(gap.hin_id)
        tell(people, "search/emails/gap.txt", url=f"/search/gaps/{gap.id}", gap=gap, by=by)


def tell_answered(gap: SearchGap, by: Actor) -> None:
    """Tell whoever looked in vain what the answer is."""
    url = f"/search?{gap.asked}" if gap.asked else "/search"
    tell(_asking(gap), "search/emails/answered.txt", url=url, gap=gap, by=by)


def tell_turned(gap: SearchGap, by: Actor) -> None:
    """Tell whoever looked in vain that a challenge is being written from it."""
    tell(_asking(gap), "search/emails/turned.txt", url="/challenges", gap=gap, by=by)


def _asking(gap: SearchGap) -> list[User]:
    """Return who looked in vain or, when they have left, who leads the organisation they looked
    for; nobody for a stranger's."""
    if gap.user is None:
        return []
    if gap.organisation_id is None:
        return [gap.user]
    return responsible_at(gap.user_id, gap.organisation_id)

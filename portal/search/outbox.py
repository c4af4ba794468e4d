"""Write down, in the transaction of a change, that the index must hear of it."""

from collections.abc import Iterable

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from portal.db import now
from portal.jobs import enqueue
from portal.search.models import IndexChange

APPLY = "search.apply"


def note(connection: Connection, innovation_ids: Iterable[int]) -> None:
    """Write a row for each record, on the connection (and so in the transaction) of the change."""
    rows = [{"innovation_id": one, "at": now()} for one in sorted(set(innovation_ids))]
    if rows:
        connection.execute(insert(IndexChange), rows)


def wake() -> None:
    """Queue the job that brings the index up to date; one that waits already is enough."""
    enqueue(APPLY, key=APPLY)

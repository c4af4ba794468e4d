"""Bring the index up to date with the database, which is the truth."""

from collections.abc import Callable

from sqlalchemy import delete

from portal.db import db
from portal.search.indexing import opening
from portal.search.indexing.reading import Differences, differences, documents, waiting
from portal.search.models import IndexChange
from search_index import backends
from search_index.interface import Index

BATCH = 500
MAX_CHANGES = 1_000_000


def apply_waiting(limit: int = BATCH) -> int:
    """Index the records of the oldest waiting changes; returns how many changes are done with.

    What is written is the record as it stands now, so the order of one record's changes does not
    matter and doing it twice does no harm. The rows go only after the index has it on disk: a
    worker killed in between leaves them for the next. Raises IndexUnusable.
    """
    changes = waiting(limit)
    if not changes:
        return 0
    innovation_ids = sorted({innovation_id for _, innovation_id in changes})
    opening.with_index(lambda index: _write(index, innovation_ids))
    _forget([change_id for change_id, _ in changes])
    return len(changes)


def _write(index: Index, innovation_ids: list[int]) -> None:
    made = list(documents(innovation_ids))
    gone = set(innovation_ids) - {one.id for one in made}
    index.put(made)
    if gone:
        index.remove(sorted(gone))


def _forget(change_ids: list[int]) -> None:
    db.session.execute(delete(IndexChange).where(IndexChange.id.in_(change_ids)))


def rebuild(progress: Callable[[int], None] = lambda done: None) -> int:
    """Make the index anew beside the old one and swap; returns how many records it holds.

    Changes that were committed before are in it, so their rows go; one committed meanwhile stays
    and is applied after. Searches go on in the old index.
    """
    before = [change_id for change_id, _ in waiting(limit=MAX_CHANGES)]
    done = backends.rebuild(opening.place(), documents(), progress)
    for start in range(0, len(before), BATCH):
        _forget(before[start : start + BATCH])
    return done


def mend(index: Index) -> Differences:
    """Put right whatever differs between index and database; returns what it was.

    Reads all of the index first; raises IndexUnusable when it is damaged.
    """
    index.check()
    found = differences(index)
    wrong = [*found.missing, *found.different]
    # Removed first: so a record whose copy claims to be newer (a clock was wrong) is replaced too.
    index.remove([*found.surplus, *found.different])
    for start in range(0, len(wrong), BATCH):
        index.put(documents(wrong[start : start + BATCH]))
    return found

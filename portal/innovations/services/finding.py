"""Keep the list of possible duplicates: compare what is new or changed with all records."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, or_, select

from portal.clock import now
from portal.db import db, insert_into
from portal.innovations.models import DuplicateLook, DuplicatePair, Innovation, RecordStatus
from portal.innovations.queries.duplicates import texts_by_id
from portal.innovations.rules.pairs import Pair, RecordsByKey
from portal.jobs import enqueue

FIND = "innovations.find_duplicates"
"""The job that compares what is new or changed; one waits at a time."""


def ask_to_find() -> None:
    """Queue the comparison, in the transaction of what made it necessary."""
    enqueue(FIND, key=FIND)


def crowd() -> RecordsByKey:
    """Return every record on the pipeline as it is compared."""
    on_pipeline = Innovation.status == RecordStatus.SUBMITTED
    return RecordsByKey(texts_by_id(db.session.connection(), on_pipeline))


def to_look_at() -> Sequence[int]:
    """Return the records on the pipeline that are new or changed since they were compared."""
    seen = DuplicateLook.innovation_id == Innovation.id
    return db.session.scalars(
        select(Innovation.id)
        .outerjoin(DuplicateLook, seen)
        .where(
            Innovation.status == RecordStatus.SUBMITTED,
            or_(DuplicateLook.at.is_(None), DuplicateLook.at < Innovation.changed_at),
        )
        .order_by(Innovation.id)
    ).all()


def keep(numbers: Sequence[int], pairs: Iterable[Pair]) -> None:
    """Write the pairs of records that were compared, in the place of what was found before."""
    at = now()
    theirs = or_(DuplicatePair.one_id.in_(numbers), DuplicatePair.other_id.in_(numbers))
    db.session.execute(delete(DuplicatePair).where(theirs))
    found = [
        {
            "one_id": pair.one_id,
            "other_id": pair.other_id,
            "score": pair.likeness.score,
            "reasons": list(pair.likeness.reasons),
            "found_at": at,
        }
        for pair in pairs
    ]
    if found:
        db.session.execute(insert_into(DuplicatePair).on_conflict_do_nothing(), found)
    looks = insert_into(DuplicateLook)
    db.session.execute(
        looks.on_conflict_do_update(
            index_elements=[DuplicateLook.innovation_id], set_={"at": looks.excluded.at}
        ),
        [{"innovation_id": number, "at": at} for number in numbers],
    )

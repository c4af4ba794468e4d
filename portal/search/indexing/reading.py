"""Read from the database what the index should hold, and compare the two."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.clock import now, today
from portal.db import db, reading
from portal.innovations.models import Collaborator, Innovation, RecordStatus, StandardHeld, Use
from portal.reference.models import Hin, Ics
from portal.search.documents import document
from portal.search.models import IndexChange
from search_index.interface import Document, Index
from search_index.ranking import fingerprint

BATCH = 500

_WHOLE = (
    joinedload(Innovation.organisation),
    joinedload(Innovation.category),
    joinedload(Innovation.stage),
    joinedload(Innovation.ics).joinedload(Ics.region),
    joinedload(Innovation.hin).joinedload(Hin.region),
    selectinload(Innovation.terms),
    selectinload(Innovation.evidence),
    selectinload(Innovation.standards).joinedload(StandardHeld.standard),
    selectinload(Innovation.uses).joinedload(Use.organisation),
    selectinload(Innovation.uses).joinedload(Use.directory_site),
    selectinload(Innovation.collaborators).load_only(Collaborator.user_id),
)


def documents(innovation_ids: Collection[int] | None = None) -> Iterator[Document]:
    """Yield the documents of these records (of all unless told), by id.

    They are read lazily, batch by batch, in one read transaction of their own: hundred thousands
    neither fill the memory nor hold up writers. Records that nobody should find yield nothing.
    """
    version, on = int(now().timestamp() * 1_000_000), today()
    with db.sessionmaker() as session:
        with reading():
            session.connection()
        wanted: ColumnElement[bool] = Innovation.status == RecordStatus.SUBMITTED
        if innovation_ids is not None:
            wanted &= Innovation.id.in_(innovation_ids)
        last = 0
        while rows := _batch(session, wanted & (Innovation.id > last)):
            for row in rows:
                made = document(row, today=on, version=version)
                if made is not None:
                    yield made
            last = rows[-1].id
            session.expunge_all()


def _batch(session: Session, wanted: ColumnElement[bool]) -> list[Innovation]:
    found = select(Innovation).where(wanted).options(*_WHOLE).order_by(Innovation.id).limit(BATCH)
    return list(session.scalars(found))


def findable() -> int:
    """Return how many records the index should hold."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Innovation)
            .where(Innovation.status == RecordStatus.SUBMITTED)
        )
        or 0
    )


def waiting(limit: int) -> list[tuple[int, int]]:
    """Return changes that wait and are committed, oldest first: (id of the row, of the record)."""
    found = select(IndexChange.id, IndexChange.innovation_id).order_by(IndexChange.id).limit(limit)
    with reading(), db.sessionmaker() as session:
        return [(row.id, row.innovation_id) for row in session.execute(found)]


@dataclass
class Differences:
    """Where index and database do not say the same, as ids of records."""

    missing: list[int] = field(default_factory=list)
    """In the database, not in the index."""
    different: list[int] = field(default_factory=list)
    surplus: list[int] = field(default_factory=list)
    """In the index; nobody should find them."""
    compared: int = 0

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.missing or self.different or self.surplus)


def differences(index: Index) -> Differences:
    """Compare every record of the index with the database."""
    held = dict(index.fingerprints())
    found = Differences()
    for made in documents():
        found.compared += 1
        print_ = held.pop(made.id, None)
        if print_ is None:
            found.missing.append(made.id)
        elif print_ != fingerprint(made):
            found.different.append(made.id)
    found.surplus = sorted(held)
    return found

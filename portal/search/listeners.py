"""Search hears of every change to what it indexes, from the database session.

The rooms below do not know that they are indexed. Rows and the job are written in the flush of the
change itself: rolled back with it, committed with it.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Select, event, or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import Organisation
from portal.db import Base, has_changed
from portal.innovations.models import (
    Collaborator,
    Evidence,
    Innovation,
    RecordStatus,
    StandardHeld,
    Use,
    innovation_term,
)
from portal.jobs import enqueue
from portal.privacy.outbox import erased
from portal.reference.models import Hin, Ics, Site, Term
from portal.search import outbox

PARTS = (Evidence, StandardHeld, Use, Collaborator)
"""Rows of a record, each of which changes what is found or by whom."""

WATCHED: Mapping[type[Base], Collection[str]] = {
    Innovation: (
        *("name", "summary", "description", "need", "who_for"),
        *("benefits_note", "inequalities_note", "patients_a_year"),
        *("status", "sharing", "is_proven_until"),
        *("organisation_id", "organisation", "owner_id", "owner"),
        *("category_id", "category", "stage_id", "stage"),
        *("ics_id", "ics", "hin_id", "hin"),
        *("terms", "evidence", "standards", "uses", "collaborators"),
    ),
    Organisation: ("name",),
    Site: ("name",),
    Term: ("label", "group"),
    Ics: ("region_id", "region"),
    Hin: ("region_id", "region"),
}
"""Columns, and the relationships through which they may be set before a flush fills them in."""


@event.listens_for(Session, "before_flush")
def _wake(session: Session, _context: Any, _instances: Any) -> None:
    """Queue the job within the flush, so that it is handed out when the change commits."""
    if any(True for _ in _touched(session)):
        outbox.wake()


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: Any) -> None:
    """Write which records changed, now that new ones have their numbers."""
    touched = list(_touched(session))
    if not touched:
        return
    innovation_ids = {row.id for row in touched if isinstance(row, Innovation)}
    innovation_ids |= {row.innovation_id for row in touched if isinstance(row, PARTS)}
    connection = session.connection()
    for statement in _holding(touched):
        innovation_ids |= set(connection.scalars(statement))
    outbox.note(connection, innovation_ids)


def _touched(session: Session) -> Iterator[Base]:
    """Yield the rows of this flush that change what the index should hold."""
    for row in (*session.new, *session.deleted):
        if isinstance(row, PARTS) or (isinstance(row, Innovation) and not _is_draft(row)):
            yield row
    for row in session.dirty:
        if _matters(session, row):
            yield row


def _matters(session: Session, row: Base) -> bool:
    if isinstance(row, PARTS):
        return session.is_modified(row)
    watched = WATCHED.get(type(row), ())
    return has_changed(row, watched) and not _is_draft(row)


def _is_draft(row: Base) -> bool:
    """Whether it was never submitted: nobody finds a draft, and none goes back to being one."""
    return isinstance(row, Innovation) and row.status in {None, RecordStatus.DRAFT}


def _holding(touched: list[Base]) -> Iterator[Select[int]]:
    """Yield statements for the records that show something of these rows."""
    # Whatever is watched has an id.
    ids = {model: [row.id for row in touched if isinstance(row, model)] for model in WATCHED}  # type: ignore[attr-defined]
    if ids[Organisation]:
        yield select(Innovation.id).where(Innovation.organisation_id.in_(ids[Organisation]))
        yield select(Use.innovation_id).where(Use.organisation_id.in_(ids[Organisation]))
    if ids[Site]:
        yield select(Use.innovation_id).where(Use.directory_site_id.in_(ids[Site]))
    if ids[Term]:
        yield select(innovation_term.c.innovation_id).where(
            innovation_term.c.term_id.in_(ids[Term])
        )
        yield select(StandardHeld.innovation_id).where(StandardHeld.standard_id.in_(ids[Term]))
        yield select(Innovation.id).where(
            or_(Innovation.category_id.in_(ids[Term]), Innovation.stage_id.in_(ids[Term]))
        )
    if ids[Ics] or ids[Hin]:
        yield select(Innovation.id).where(
            or_(Innovation.ics_id.in_(ids[Ics]), Innovation.hin_id.in_(ids[Hin]))
        )


@erased.connect
def _make_anew(_user_id: int) -> None:
    """Make the index anew when a person was erased: what it dropped may still lie in its files."""
    enqueue("search.rebuild", key="search.rebuild")

"""Read the support directory, and who was pointed to whom."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor, Organisation
from portal.db import by_name, db
from portal.errors import Forbidden, NotFound
from portal.figures.queries import counted_by
from portal.figures.rules import RowsQuery, Value
from portal.innovations.models import Innovation
from portal.reference.models import Hin
from portal.reference.rules import Quarter
from portal.support import policy
from portal.support.models import DirectoryEntry, Engagement, HelperKind, Signpost
from portal.support.rules.figures import SIGNPOSTED

GROUP = "entry-"
"""Before the number of an entry: the group of a figure that counts who was pointed to it."""


def directory(kind: HelperKind | None = None) -> Sequence[DirectoryEntry]:
    """Return who can help, national partners first, each kind by name."""
    places = {kind: place for place, kind in enumerate(HelperKind)}
    found = _standing().order_by(case(places, value=DirectoryEntry.kind), by_name(_title()))
    if kind is not None:
        found = found.where(DirectoryEntry.kind == kind)
    return db.session.scalars(found).all()


def entries_of(ids: Collection[int]) -> Sequence[DirectoryEntry]:
    """Return those of these entries that are still in the directory."""
    return db.session.scalars(
        _standing().where(DirectoryEntry.id.in_(ids)).order_by(by_name(_title()))
    ).all()


def entry_to_edit_for(actor: Actor, entry_id: int) -> DirectoryEntry:
    """Return an entry that the actor may change; raises NotFound and Forbidden."""
    found = db.session.scalar(_standing().where(DirectoryEntry.id == entry_id))
    if found is None:
        raise NotFound("There is no such entry in the support directory.")
    if not policy.can_edit_entry(actor, found):
        raise Forbidden("A network’s leads change its entry, the national team changes all.")
    return found


def _title() -> ColumnElement[str]:
    return case((Hin.name.is_not(None), Hin.name), else_=DirectoryEntry.name)


def _standing() -> Select[DirectoryEntry]:
    return (
        select(DirectoryEntry)
        .outerjoin(DirectoryEntry.hin)
        .options(contains_eager(DirectoryEntry.hin))
        .where(DirectoryEntry.retired_on.is_(None))
    )


def pointed_on(engagement_id: int, day: date) -> set[int]:
    """Return the ids of the entries to which an engagement pointed on a day."""
    stmt = select(Signpost.entry_id).where(
        Signpost.engagement_id == engagement_id, Signpost.on == day
    )
    return set(db.session.scalars(stmt))


# Figures


def count_signposted(quarter: Quarter, record: ColumnElement[bool]) -> list[Value]:
    """Count the innovations that each network pointed to each entry; `record` says which record an
    engagement was about at the quarter's end."""
    stmt = (
        select(Engagement.hin_id, Signpost.entry_id, Innovation.id)
        .join(Signpost.engagement)
        .join(Innovation, record)
        .where(in_quarter(quarter))
    )
    rows = db.session.execute(stmt).all()
    return counted_by(SIGNPOSTED, [(hin, f"{GROUP}{entry}", one) for hin, entry, one in rows])


def in_quarter(quarter: Quarter) -> ColumnElement[bool]:
    """Return SQL for "it was pointed there on a day of the quarter"."""
    return Signpost.on.between(quarter.first, quarter.last)


def signposts_behind(
    query: RowsQuery, record: ColumnElement[bool], maker: ColumnElement[bool]
) -> list[tuple[date, str, str, str, str]]:
    """Return day, network, innovation, organisation and to whom, oldest first."""
    stmt = (
        select(Signpost, Hin, Innovation.name, Organisation.name)
        .join(Signpost.engagement)
        .join(Engagement.hin)
        .join(Innovation, record)
        .join(Organisation, maker)
        .options(joinedload(Signpost.entry).joinedload(DirectoryEntry.hin))
        .where(in_quarter(query.period.quarter))
        .order_by(Signpost.on, Signpost.id)
    )
    if query.hin_id is not None:
        stmt = stmt.where(Engagement.hin_id == query.hin_id)
    if query.group:
        number = query.group.removeprefix(GROUP)
        stmt = stmt.where(Signpost.entry_id == (int(number) if number.isdecimal() else 0))
    return [
        (row.on, hin.name, innovation, organisation, row.entry.title)
        for row, hin, innovation, organisation in db.session.execute(stmt)
    ]


def entry_labels() -> dict[str, str]:
    """Return what each entry is called, by its group, those that were retired too."""
    stmt = select(DirectoryEntry).options(joinedload(DirectoryEntry.hin))
    return {f"{GROUP}{entry.id}": entry.title for entry in db.session.scalars(stmt)}

"""Read innovation records: the door, and what each reader may see."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    false,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from portal.accounts.models import ANONYMOUS, Actor
from portal.db import db
from portal.errors import Forbidden, MovedTo, NotFound
from portal.innovations.models import Collaborator, Innovation, RecordStatus, Sharing
from portal.innovations.policy import can_edit, can_see


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the actor may see this row": `policy.can_see`, in the database."""
    return and_(Innovation.merged_into_id.is_(None), counted_for(actor))


def own(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the row is the actor's": organisation, owner, collaborator or keeper."""
    return and_(Innovation.merged_into_id.is_(None), own_counted_for(actor))


# What a number of a past day counts: also records that were made one with another since, which no
# list of today has. To whom they counted is decided as if they were still on the pipeline.


def counted_for(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "a number tells the actor of this row", on days when it was on the pipeline:
    what they may see, and what they might see but for a merge."""
    # Not by an index of the id: SQLite 3.40 would then seek for each side of the "or", and counts
    # wrongly where columns are subqueries, as those of a past day are.
    return or_(role_counted_for(actor), _owned_by(actor, Innovation.id + 0))


def role_counted_for(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "a number tells everybody in the actor's role of this row", whoever they
    are; never NULL."""
    merged = Innovation.merged_into_id.is_not(None)
    submitted = (Innovation.status == RecordStatus.SUBMITTED) | merged
    seen = submitted & (Innovation.sharing == Sharing.PUBLIC)
    if actor.is_ics:
        seen = submitted & Innovation.sharing.in_([Sharing.PUBLIC, Sharing.HINS_AND_ICSS])
    if actor.is_staff:
        archived = (Innovation.status == RecordStatus.ARCHIVED) & Innovation.submitted_at.is_not(
            None
        )
        seen = submitted | archived
    return seen


def own_counted_for(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "a number tells the actor of this row as of their own"."""
    return _owned_by(actor, Innovation.id)


def _owned_by(actor: Actor, number: SQLColumnExpression[int]) -> ColumnElement[bool]:
    if not actor.is_signed_in:
        return false()
    mine = [
        select(_MINE.id).where(_MINE.owner_id == actor.user_id),
        select(Collaborator.innovation_id).where(Collaborator.user_id == actor.user_id),
    ]
    if actor.is_innovator:
        mine.append(select(_MINE.id).where(_MINE.organisation_id == actor.organisation_id))
    if actor.is_staff and actor.organisation_id is not None:
        keeps = _MINE.kept_by_id == actor.organisation_id
        mine.append(select(_MINE.id).where(keeps, _MINE.owner_id.is_(None)))
    # Each by its index. PostgreSQL would read every record for one clause with "or".
    return number.in_(union_all(*mine))


_MINE = aliased(Innovation)


_HEADING = (
    joinedload(Innovation.collaborators),
    joinedload(Innovation.organisation),
    joinedload(Innovation.stage),
)


def innovation_for(actor: Actor, innovation_id: int, *shown: ORMOption) -> Innovation:
    """Return the record if the actor may see it; raises NotFound otherwise. The only door.

    What a page shows of its rows (`queries.standing`) is read with it, unless it was read before.
    """
    innovation = db.session.get(Innovation, innovation_id, options=[*_HEADING, *shown])
    if innovation is None or not can_see(actor, innovation):
        _lead_on(actor, innovation)
        raise NotFound("There is no innovation here that you may see.")
    return innovation


def _lead_on(actor: Actor, innovation: Innovation | None) -> None:
    """Raise MovedTo for a record that was made one with another that the actor may see."""
    kept = kept_of(innovation) if innovation is not None else None
    if innovation is not None and kept is not innovation and kept and can_see(actor, kept):
        raise MovedTo("innovation_id", innovation.id, kept.id, kept.name)


def kept_of(innovation: Innovation) -> Innovation:
    """Return the record in which it is found today: itself, or the last of those it was made one
    with."""
    found = innovation
    while found.merged_into_id is not None:
        found = db.session.get_one(Innovation, found.merged_into_id)
    return found


def merged_into(actor: Actor, innovation_ids: Sequence[int]) -> dict[int, int]:
    """Return, of those records that were made one with another, in which each is found today;
    without those whose record the actor may not see."""
    merged = db.session.scalars(
        select(Innovation).where(
            Innovation.id.in_(innovation_ids), Innovation.merged_into_id.is_not(None)
        )
    ).all()
    found = {row.id: kept_of(row) for row in merged}
    return {number: kept.id for number, kept in found.items() if can_see(actor, kept)}


def merged_ids(innovation_id: int) -> Select[int]:
    """Return the statement for the record itself and those that were made one with it, by whatever
    way."""
    found = select(literal(innovation_id).label("id")).cte("merged", recursive=True)
    joined = select(Innovation.id).join(found, Innovation.merged_into_id == found.c.id)
    return select(found.union(joined).c.id)


def editable_for(actor: Actor, innovation_id: int) -> Innovation:
    """Return the record if the actor may change it; raises NotFound, or Forbidden when they may
    only read it."""
    innovation = innovation_for(actor, innovation_id)
    if not can_edit(actor, innovation):
        raise Forbidden("Only the people of this innovation may change it.")
    return innovation


def draft_of(actor: Actor, innovation_id: int | None) -> Innovation | None:
    """Return a draft that the actor may change, None when there is none with this number."""
    found = db.session.get(Innovation, innovation_id) if innovation_id else None
    is_draft = found is not None and found.status is RecordStatus.DRAFT and can_edit(actor, found)
    return found if is_draft else None


def is_open_to_all(innovation_id: int) -> bool:
    """Whether anyone, signed in or not, may read the record."""
    if _is_open(innovation_id):
        return True
    row = db.session.get(Innovation, innovation_id)
    return row is not None and row.merged_into_id is not None and _is_open(kept_of(row).id)


def _is_open(innovation_id: int) -> bool:
    is_here = select(Innovation.id).where(Innovation.id == innovation_id, visible_to(ANONYMOUS))
    return db.session.scalar(is_here) is not None


def proven(on: date) -> ColumnElement[bool]:
    """Return SQL for "counts as proven today" (`on`); never NULL. `on_day` tells of past days."""
    return and_(Innovation.is_proven_until.is_not(None), Innovation.is_proven_until >= on)

"""The list of possible duplicates: pairs of records of which nobody said yet what they are."""

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from portal.accounts.models import Actor
from portal.db import db
from portal.errors import NotFound
from portal.innovations.models import DuplicateDecision, DuplicatePair, Innovation, RecordStatus
from portal.innovations.queries.supporters import in_area
from portal.merging import Merge, Noun


def possible_duplicates(actor: Actor) -> Select[DuplicatePair]:
    """Return the pairs for the actor to decide about, the most alike first: HIN staff those with a
    record of their area, the national team all, nobody else any."""
    one, other = aliased(Innovation), aliased(Innovation)
    return (
        select(DuplicatePair)
        .join(one, one.id == DuplicatePair.one_id)
        .join(other, other.id == DuplicatePair.other_id)
        .where(
            one.status == RecordStatus.SUBMITTED,
            other.status == RecordStatus.SUBMITTED,
            ~_was_decided(),
            ~_is_proposed(),
            _for(actor),
        )
        .options(
            joinedload(DuplicatePair.one).joinedload(Innovation.organisation),
            joinedload(DuplicatePair.other).joinedload(Innovation.organisation),
        )
        .order_by(DuplicatePair.score.desc(), DuplicatePair.id)
    )


def _for(actor: Actor) -> ColumnElement[bool]:
    if actor.is_national:
        return true()
    area = select(Innovation.id).where(in_area(actor.hin_id or 0))
    return DuplicatePair.one_id.in_(area) | DuplicatePair.other_id.in_(area)


def _was_decided() -> ColumnElement[bool]:
    """Return SQL for "somebody said that the two are different": it is never asked again."""
    said = DuplicateDecision
    either = or_(
        and_(said.innovation_id == DuplicatePair.one_id, said.other_id == DuplicatePair.other_id),
        and_(said.innovation_id == DuplicatePair.other_id, said.other_id == DuplicatePair.one_id),
    )
    return exists().where(either, said.is_same.is_(False))


def _is_proposed() -> ColumnElement[bool]:
    """Return SQL for "their people are asked already"."""
    return exists().where(
        Merge.noun == Noun.INNOVATION,
        Merge.kept_id == DuplicatePair.one_id,
        Merge.other_id == DuplicatePair.other_id,
        Merge.at.is_(None),
        Merge.refused_at.is_(None),
    )


def pair_for(actor: Actor, pair_id: int) -> DuplicatePair:
    """Return a pair of the actor's list; raises NotFound for any other. The only door."""
    if not actor.is_staff:
        raise NotFound("There is no such pair.")
    found = db.session.scalar(possible_duplicates(actor).where(DuplicatePair.id == pair_id))
    if found is None:
        raise NotFound("That pair is not on your list, or somebody decided meanwhile.")
    return found

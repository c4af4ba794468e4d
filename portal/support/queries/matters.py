"""Read matters: who may, what is new to whom, and the door to each."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import Actor, Membership, Organisation, Role, User
from portal.accounts.queries.acting import acting_ids
from portal.db import db
from portal.errors import NotFound
from portal.innovations.models import Collaborator, Innovation
from portal.innovations.queries import own
from portal.support.models import (
    Engagement,
    Matter,
    MatterFile,
    MatterMessage,
    MatterReader,
    MatterState,
)


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for `policy.can_read_matter`, in a statement that has engagement and record."""
    if not actor.is_signed_in:
        return false()
    at_hin = (
        Engagement.hin_id == actor.hin_id if actor.is_hin and actor.hin_id is not None else false()
    )
    return or_(at_hin, own(actor))


def _whole(actor: Actor) -> Select[Matter]:
    return (
        select(Matter)
        .join(Matter.engagement)
        .join(Engagement.innovation)
        .join(Engagement.hin)
        .options(
            contains_eager(Matter.engagement).options(
                contains_eager(Engagement.innovation), contains_eager(Engagement.hin)
            )
        )
        .where(readable_by(actor))
    )


def unread(actor: Actor) -> ColumnElement[int]:
    """Return SQL for how many messages of others the actor has not said to have read."""
    mark = (
        select(MatterReader.read_up_to)
        .where(MatterReader.matter_id == Matter.id, MatterReader.user_id == actor.user_id)
        .correlate(Matter)
        .scalar_subquery()
    )
    return (
        select(func.count(MatterMessage.id))
        .where(
            MatterMessage.matter_id == Matter.id,
            MatterMessage.by_id != actor.user_id,
            MatterMessage.id > func.coalesce(mark, 0),
        )
        .correlate(Matter)
        .scalar_subquery()
    )


def matters(actor: Actor, *, is_open: bool) -> Select[Matter, int]:
    """Return the matters that the actor may read with what is unread, what is due first."""
    state = Matter.state == MatterState.OPEN
    return (
        _whole(actor)
        .add_columns(unread(actor))
        .where(state if is_open else ~state)
        .order_by(Matter.due_on.is_(None), Matter.due_on, Matter.id.desc())
    )


def matters_of(innovation: Innovation, actor: Actor) -> list[tuple[Matter, int]]:
    """Return the matters of one record that the actor may read, the newest first."""
    stmt = (
        _whole(actor)
        .add_columns(unread(actor))
        .where(Engagement.innovation_id == innovation.id)
        .order_by(Matter.id.desc())
    )
    return [(matter, count) for matter, count in db.session.execute(stmt)]


def unread_matters(actor: Actor) -> Select[int]:
    """Count the matters in which something waits for the actor to be read."""
    return (
        select(func.count(Matter.id))
        .join(Matter.engagement)
        .join(Engagement.innovation)
        .where(readable_by(actor), unread(actor) > 0)
    )


def matter_for(actor: Actor, matter_id: int) -> Matter:
    """Return a matter that the actor may read: the only door. Raises NotFound for any other."""
    found = db.session.scalar(_whole(actor).where(Matter.id == matter_id))
    if found is None:
        raise NotFound("There is no such matter that you may read.")
    return found


def thread(matter: Matter) -> Sequence[MatterMessage]:
    """Return the messages of a matter, oldest first, with who wrote them and files."""
    return db.session.scalars(
        select(MatterMessage)
        .where(MatterMessage.matter_id == matter.id)
        .options(
            joinedload(MatterMessage.by),
            joinedload(MatterMessage.organisation),
            selectinload(MatterMessage.files),
        )
        .order_by(MatterMessage.id)
    ).all()


def file_for(matter: Matter, file_id: int) -> MatterFile:
    """Return a file of this matter; raises NotFound for any other's."""
    found = db.session.scalar(
        select(MatterFile)
        .join(MatterFile.message)
        .where(and_(MatterFile.id == file_id, MatterMessage.matter_id == matter.id))
    )
    if found is None:
        raise NotFound("There is no such file that you may see.")
    return found


def reader(matter: Matter, user_id: int | None) -> MatterReader | None:
    """Return how far a person read and whether they follow, if the matter knows them."""
    return db.session.get(MatterReader, (matter.id, user_id)) if user_id else None


def followers(matter: Matter) -> Sequence[User]:
    """Return who follows a matter and may still read it."""
    innovation = matter.engagement.innovation
    innovators = (Membership.role == Role.INNOVATOR) & (
        Membership.organisation_id == innovation.organisation_id
    )
    staff = (Membership.role == Role.HIN) & (Organisation.hin_id == matter.engagement.hin_id)
    members = acting_ids(or_(innovators, staff))
    helping = select(Collaborator.user_id).where(Collaborator.innovation_id == innovation.id)
    may_read = or_(User.id == innovation.owner_id, User.id.in_(members), User.id.in_(helping))
    return db.session.scalars(
        select(User)
        .join(MatterReader, MatterReader.user_id == User.id)
        .where(
            MatterReader.matter_id == matter.id,
            MatterReader.is_following,
            User.active.is_(True),
            may_read,
        )
        .order_by(User.name)
    ).all()

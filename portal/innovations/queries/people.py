"""Who stands behind a record, who was asked to, and whom its sharing reaches."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import (
    Actor,
    Membership,
    Organisation,
    Role,
    User,
)
from portal.accounts.queries.acting import acting, members_acting, responsible_at
from portal.accounts.queries.acting import leads_of as leads_of_organisation
from portal.db import by_name, db
from portal.errors import Forbidden, NotFound
from portal.innovations import policy
from portal.innovations.models import (
    Collaborator,
    CollaboratorInvitation,
    Innovation,
    RecordStatus,
    SectionCopy,
    Transfer,
)
from portal.innovations.queries import innovation_for, own
from portal.innovations.queries.supporters import supporting_hin_ids
from portal.reference.models import Hin


@dataclass(frozen=True, slots=True)
class ReadershipCount:
    """How many people of one kind of organisation could read a record, and how many of these."""

    people: int
    organisations: int


def innovation_to_manage(actor: Actor, innovation_id: int) -> Innovation:
    """Return the record if the actor may share, transfer and archive it; raises Forbidden when
    they only may see it, NotFound when not even that."""
    innovation = innovation_for(actor, innovation_id)
    if not policy.can_manage(actor, innovation):
        raise Forbidden("Only its owner or the lead of its organisation may do this.")
    return innovation


def innovation_of_own_people(actor: Actor, innovation_id: int) -> Innovation:
    """Return the record if the actor may know who stands behind it; raises Forbidden, NotFound."""
    innovation = innovation_for(actor, innovation_id)
    if not policy.can_see_people(actor, innovation):
        raise Forbidden("Only its own people and HIN staff see who works on a record.")
    return innovation


def reach() -> dict[Role, ReadershipCount]:
    """Return how many people act for HINs, for ICSs … today, in one statement."""
    found = db.session.execute(
        select(
            Membership.role,
            func.count(Membership.user_id.distinct()),
            func.count(Membership.organisation_id.distinct()),
        )
        .join(Membership.user)
        .where(acting())
        .group_by(Membership.role)
    )
    counted = {
        role: ReadershipCount(people, organisations) for role, people, organisations in found
    }
    return {role: counted.get(role, ReadershipCount(0, 0)) for role in Role}


def hins_supporting(innovation: Innovation) -> list[Hin]:
    """Return the HINs that support the record now, by name."""
    hin_ids = supporting_hin_ids(innovation.id)
    if not hin_ids:
        return []
    return list(
        db.session.scalars(select(Hin).where(Hin.id.in_(hin_ids)).order_by(by_name(Hin.name)))
    )


def collaborators(innovation: Innovation) -> list[Collaborator]:
    """Return who may edit it besides its organisation, with their organisations loaded."""
    return list(
        db.session.scalars(
            select(Collaborator)
            .options(
                joinedload(Collaborator.user)
                .selectinload(User.memberships)
                .joinedload(Membership.organisation)
            )
            .where(Collaborator.innovation_id == innovation.id)
            .order_by(Collaborator.id)
        )
    )


def colleagues(innovation: Innovation) -> list[User]:
    """Return the people of the record's organisation, who may all edit it."""
    return list(members_acting(innovation.organisation_id, Role.INNOVATOR))


def responsible_for(innovation: Innovation) -> list[User]:
    """Return who is told of an outcome: the owner and the collaborators whose accounts are open
    (both are people, whatever they act for) or, where nobody is left, the organisation's leads or
    else its members."""
    helping = select(Collaborator.user_id).where(Collaborator.innovation_id == innovation.id)
    found = db.session.scalars(
        select(User)
        .where(or_(User.id == innovation.owner_id, User.id.in_(helping)), User.active.is_(True))
        .order_by(User.id != innovation.owner_id, User.id)
    ).all()
    return list(found) or responsible_at(None, innovation.organisation_id)


def own_people(innovation: Innovation, *, besides: Actor) -> list[User]:
    """Return who is told of changes: owner, collaborators and the organisation's leads, without
    the one who acts."""
    told = [*responsible_for(innovation), *leads_of_organisation(innovation.organisation_id)]
    return [one for one in dict.fromkeys(told) if one.id != besides.user_id]


def leads_of(organisation: Organisation, *, besides: Actor) -> list[User]:
    """Return the leads of an organisation, without the one who acts."""
    return [one for one in leads_of_organisation(organisation.id) if one.id != besides.user_id]


def user_with(email: str) -> User | None:
    """Return the person with this address, in whatever case it is written."""
    return db.session.scalar(select(User).where(func.lower(User.email) == email.casefold()))


def open_invitations(innovation: Innovation) -> list[CollaboratorInvitation]:
    """Return the invitations that wait for an answer, oldest first."""
    return list(
        db.session.scalars(
            select(CollaboratorInvitation)
            .where(
                CollaboratorInvitation.innovation_id == innovation.id,
                CollaboratorInvitation.answered_at.is_(None),
                CollaboratorInvitation.withdrawn_at.is_(None),
            )
            .order_by(CollaboratorInvitation.id)
        )
    )


def open_transfer(innovation: Innovation) -> Transfer | None:
    """Return the offer that waits for an answer, if any: there is at most one."""
    return db.session.scalar(
        select(Transfer)
        .options(joinedload(Transfer.offered_by))
        .where(
            Transfer.innovation_id == innovation.id,
            Transfer.answered_at.is_(None),
            Transfer.withdrawn_at.is_(None),
        )
    )


def invitation_of(innovation: Innovation, invitation_id: int) -> CollaboratorInvitation:
    """Return this invitation of the record; raises NotFound."""
    invitation = db.session.get(CollaboratorInvitation, invitation_id)
    if invitation is None or invitation.innovation_id != innovation.id:
        raise NotFound("There is no such invitation.")
    return invitation


def collaborator_of(innovation: Innovation, collaborator_id: int) -> Collaborator:
    """Return this collaborator of the record; raises NotFound."""
    found = next((c for c in innovation.collaborators if c.id == collaborator_id), None)
    if found is None:
        raise NotFound("There is no such person on the record.")
    return found


def transfer_of(innovation: Innovation, transfer_id: int) -> Transfer:
    """Return this offer of the record; raises NotFound."""
    transfer = db.session.get(Transfer, transfer_id)
    if transfer is None or transfer.innovation_id != innovation.id:
        raise NotFound("There is no such offer.")
    return transfer


def invitation_to(actor: Actor, innovation_id: int) -> CollaboratorInvitation:
    """Return the invitation that waits for this person; raises NotFound. They may not see the
    record yet, so this is their door."""
    invitation = db.session.scalar(
        select(CollaboratorInvitation)
        .options(joinedload(CollaboratorInvitation.invited_by))
        .where(
            CollaboratorInvitation.innovation_id == innovation_id,
            CollaboratorInvitation.email == _address_of(actor),
            CollaboratorInvitation.answered_at.is_(None),
            CollaboratorInvitation.withdrawn_at.is_(None),
        )
    )
    if invitation is None:
        raise NotFound("There is no invitation here that waits for you.")
    return invitation


def transfer_to(actor: Actor, innovation_id: int) -> Transfer:
    """Return the offer of ownership that waits for this person; raises NotFound."""
    transfer = db.session.scalar(
        select(Transfer)
        .options(joinedload(Transfer.offered_by))
        .where(
            Transfer.innovation_id == innovation_id,
            Transfer.email == _address_of(actor),
            Transfer.answered_at.is_(None),
            Transfer.withdrawn_at.is_(None),
        )
    )
    if transfer is None:
        raise NotFound("There is no offer here that waits for you.")
    return transfer


def _address_of(actor: Actor) -> str:
    """The confirmed address of the actor; an unconfirmed one proves nothing."""
    user = db.session.get(User, actor.user_id) if actor.is_signed_in else None
    if user is None or user.confirmed_at is None:
        raise NotFound("There is nothing here that waits for you.")
    return user.email.casefold()


def wanted_changes(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statement of the sections of the actor's records that a HIN asked to be changed.

    Its columns are those of `portal.web.home.AskRow`: the id is that of the innovation, the key
    the section, the text the change wanted.
    """
    return (
        select(
            Innovation.id,
            SectionCopy.section.label("key"),
            SectionCopy.change_wanted.label("text"),
            Innovation.name,
            literal("Your network asks for a change").label("who"),
        )
        .join(Innovation, Innovation.id == SectionCopy.innovation_id)
        .where(
            own(actor), Innovation.status == RecordStatus.SUBMITTED, SectionCopy.change_wanted != ""
        )
    )

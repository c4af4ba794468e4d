"""Read accounts: people, organisations, memberships, sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import (
    Actor,
    Invitation,
    Membership,
    MembershipState,
    Organisation,
    OrganisationKind,
    RecoveryCode,
    User,
    UserSession,
)
from portal.accounts.policy import can_administer, can_lead
from portal.accounts.queries.acting import acting
from portal.accounts.queries.live import is_live, moments
from portal.accounts.queries.merging import kept_organisation
from portal.accounts.queries.terms import unaccepted
from portal.accounts.rules import INNOVATOR_KINDS, SessionLimits, hashed, normal_email
from portal.audit.models import AuditEvent
from portal.audit.queries import timeline
from portal.clock import now, today
from portal.db import by_name, db
from portal.errors import Forbidden, Invalid, MovedTo, NotFound
from portal.notifications.models import Notification
from portal.reference.models import Hin, Ics
from portal.text import folded


def user_by_email(email: str) -> User | None:
    """Return the person with this address, whatever its case."""
    return db.session.scalar(select(User).where(User.email == normal_email(email)))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What every page asks of a signed-in person."""

    user: User
    session: UserSession
    """The live row of the browser."""
    unread: int
    """How many messages wait."""
    unaccepted: int
    """The bits of the audiences whose terms of use the person has not accepted."""
    memberships: list[Membership]
    """Under which the person may act, with their organisations."""


def signed_in(token: str, uniquifier: str, limits: SessionLimits) -> SignedIn | None:
    """Return who a browser's token belongs to. One statement, as every page needs it."""
    asked = {"token": hashed(token), "uniquifier": uniquifier, "today": today(), **moments(limits)}
    rows = db.session.execute(_signed_in(), asked).all()
    if not rows:
        return None
    user, session, unread, unaccepted_bits, _ = rows[0]
    memberships = [row[4] for row in rows if row[4] is not None]
    return SignedIn(user, session, unread, unaccepted_bits or 0, memberships)


@cache
def _signed_in() -> Select[User, UserSession, int, int | None, Membership]:
    """Return the statement of `signed_in`, built once: one row for each membership, and one for a
    person without any."""
    unread = (
        select(func.count())
        .where(
            Notification.user_id == User.id,
            Notification.read_at.is_(None),
            Notification.is_shown.is_(True),
        )
        .scalar_subquery()
    )
    return (
        select(User, UserSession, unread, unaccepted(), Membership)
        .join(UserSession, UserSession.user_id == User.id)
        .outerjoin(Membership, (Membership.user_id == User.id) & acting())
        .outerjoin(Membership.organisation)
        .options(
            contains_eager(Membership.organisation),
            contains_eager(Membership.user),
        )
        .where(
            UserSession.token_hash == bindparam("token"),
            User.fs_uniquifier == bindparam("uniquifier"),
            User.active.is_(True),
            is_live(),
        )
        .order_by(Membership.id)
    )


def sessions_of(user_id: int, limits: SessionLimits) -> Sequence[UserSession]:
    """Return the browsers in which the person is signed in, the last used first."""
    return db.session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user_id, is_live())
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc()),
        moments(limits),
    ).all()


def session_for(actor: Actor, session_id: int) -> UserSession:
    """Return a session of the actor's own; raises NotFound for anybody else's."""
    row = db.session.get(UserSession, session_id)
    if row is None or not actor.is_signed_in or row.user_id != actor.user_id:
        raise NotFound("There is no such session of yours.")
    return row


def recovery_codes_left(user_id: int) -> int:
    """Return how many recovery codes the person has not used yet."""
    unused = (RecoveryCode.user_id == user_id) & RecoveryCode.used_at.is_(None)
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(unused)) or 0


def memberships_of(user_id: int) -> Sequence[Membership]:
    """Return the person's memberships, active and asked for, with their organisations."""
    return db.session.scalars(
        select(Membership)
        .options(joinedload(Membership.organisation))
        .where(
            Membership.user_id == user_id,
            Membership.state.in_([MembershipState.ACTIVE, MembershipState.REQUESTED]),
        )
        .order_by(Membership.id)
    ).all()


def own_membership(actor: Actor, membership_id: int) -> Membership:
    """Return an active membership of the actor's own; raises NotFound for any other."""
    row = db.session.get(Membership, membership_id)
    if row is None or row.user_id != actor.user_id or row.state is not MembershipState.ACTIVE:
        raise NotFound("You do not act for that organisation.")
    return row


STANDS = Organisation.merged_into_id.is_(None)
"""SQL for "it was not made one with another"."""


def _is_merged(organisation: Organisation) -> bool:
    return organisation.merged_into_id is not None


def _lead_on(organisation: Organisation) -> None:
    """Raise MovedTo for an organisation that was made one with another."""
    kept = kept_organisation(organisation)
    if kept is not organisation:
        raise MovedTo("organisation_id", organisation.id, kept.id, kept.name)


def organisation_for(actor: Actor, organisation_id: int | None) -> Organisation:
    """Return an organisation that the actor leads or administers: the door of its pages.

    Raises NotFound when it is not theirs, Forbidden when they act for it without leading it.
    """
    organisation = db.session.get(Organisation, organisation_id) if organisation_id else None
    if organisation is None:
        raise NotFound("There is no organisation here that you act for.")
    if can_lead(actor, organisation):
        _lead_on(organisation)
        return organisation
    if actor.organisation_id == organisation.id:
        raise Forbidden("Only the lead of your organisation can do this.")
    raise NotFound("There is no organisation here that you act for.")


def membership_for(actor: Actor, membership_id: int) -> Membership:
    """Return a membership of an organisation that the actor leads or administers."""
    row = db.session.get(
        Membership,
        membership_id,
        options=[joinedload(Membership.organisation), joinedload(Membership.user)],
    )
    if row is None:
        raise NotFound("There is no such member.")
    organisation_for(actor, row.organisation_id)
    return row


def membership_to_end(actor: Actor, membership_id: int) -> Membership:
    """Return a membership that the actor may end: their own, or one of whom they lead."""
    row = db.session.get(Membership, membership_id)
    if row is not None and actor.is_signed_in and row.user_id == actor.user_id:
        return row
    return membership_for(actor, membership_id)


def invitation_for(actor: Actor, invitation_id: int) -> Invitation:
    """Return an invitation to an organisation that the actor leads or administers."""
    row = db.session.get(Invitation, invitation_id, options=[joinedload(Invitation.organisation)])
    if row is None:
        raise NotFound("There is no such invitation.")
    organisation_for(actor, row.organisation_id)
    return row


def open_invitation(token: str) -> Invitation | None:
    """Return the invitation of a link, None when it was used or withdrawn or is too old."""
    return db.session.scalar(
        select(Invitation)
        .options(joinedload(Invitation.organisation))
        .where(Invitation.token_hash == hashed(token), is_open())
    )


def is_open() -> ColumnElement[bool]:
    """SQL for "the invitation can still be accepted"."""
    return (
        Invitation.accepted_at.is_(None)
        & Invitation.withdrawn_at.is_(None)
        & (Invitation.expires_at > now())
    )


def members_of(organisation: Organisation) -> Sequence[Membership]:
    """Return who acts for the organisation or asks to, with the people, by name."""
    return db.session.scalars(
        select(Membership)
        .join(Membership.user)
        .options(contains_eager(Membership.user))
        .where(
            Membership.organisation_id == organisation.id,
            Membership.state.in_([MembershipState.ACTIVE, MembershipState.REQUESTED]),
        )
        .order_by(by_name(User.name), Membership.id)
    ).all()


def invitations_of(organisation: Organisation) -> Sequence[Invitation]:
    """Return the invitations that wait for an answer, the newest first."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.organisation_id == organisation.id, is_open())
        .order_by(Invitation.id.desc())
    ).all()


@dataclass(frozen=True)
class People:
    """Who acts for an organisation, asks to, or is invited."""

    members: Sequence[Membership]
    requests: Sequence[Membership]
    invitations: Sequence[Invitation]


def people_of(organisation: Organisation) -> People:
    """Return the people of an organisation, as its lead sees them."""
    rows = members_of(organisation)
    return People(
        members=[row for row in rows if row.state is MembershipState.ACTIVE],
        requests=[row for row in rows if row.state is MembershipState.REQUESTED],
        invitations=invitations_of(organisation),
    )


def organisations_to_join(words: str) -> Sequence[Organisation]:
    """Return at most 20 organisations whose name has the words, that one may ask to join."""
    if not words.strip():
        return []
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.kind.in_(INNOVATOR_KINDS), _has(Organisation.name, words), STANDS)
        .order_by(by_name(Organisation.name), Organisation.id)
        .limit(20)
    ).all()


def organisation_to_join(organisation_id: int) -> Organisation:
    """Return an organisation that one may ask to join; raises NotFound for any other."""
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None or organisation.kind not in INNOVATOR_KINDS or _is_merged(organisation):
        raise NotFound("There is no such organisation to join.")
    return organisation


def has_account(email: str) -> bool:
    """Whether somebody has confirmed an account with this address (asked behind a secret link)."""
    user = user_by_email(email)
    return user is not None and user.confirmed_at is not None


def organisation_by_name(name: str) -> Organisation:
    """Return the organisation of that name; raises Invalid when there is none."""
    found = organisation_named(name)
    if found is None:
        raise Invalid("Enter the name of an organisation in the list", field="organisation")
    return found


def organisation_named(name: str) -> Organisation | None:
    """Return the organisation of that name, whatever its case, spaces and invisible characters; of
    one that was made one with another, that other."""
    found = db.session.scalar(select(Organisation).where(Organisation.name_key == folded(name)))
    return found and kept_organisation(found)


def icss_today() -> Sequence[Ics]:
    """Return the ICSs that exist today, by name."""
    today = now().date()
    return db.session.scalars(
        select(Ics)
        .where(Ics.valid_from <= today, or_(Ics.valid_to.is_(None), Ics.valid_to >= today))
        .order_by(by_name(Ics.ics_name))
    ).all()


def hins() -> Sequence[Hin]:
    """Return the Health Innovation Networks, by name."""
    return db.session.scalars(select(Hin).order_by(by_name(Hin.name))).all()


def notifications_of(actor: Actor) -> Select[Notification]:
    """The actor's messages, the newest first."""
    mine = Notification.user_id == actor.user_id if actor.is_signed_in else false()
    mine &= Notification.is_shown.is_(True)
    return select(Notification).where(mine).order_by(Notification.at.desc(), Notification.id.desc())


def people(actor: Actor, words: str = "") -> Select[User]:
    """Everybody with an account, for an administrator; nobody for others."""
    found = select(User).options(selectinload(User.memberships).joinedload(Membership.organisation))
    if words.strip():
        found = found.where(or_(_has(User.name, words), _has(User.email, words)))
    allowed = found if can_administer(actor) else found.where(false())
    return allowed.order_by(by_name(User.name), User.id)


def person_for(actor: Actor, user_id: int) -> User:
    """Return a person for an administrator; raises NotFound."""
    row = db.session.get(User, user_id) if can_administer(actor) else None
    if row is None:
        raise NotFound("There is no such person.")
    return row


def trail_of(actor: Actor, user: User) -> Sequence[AuditEvent]:
    """Return the last 50 events of a person's account, for an administrator."""
    readable = true() if can_administer(actor) else false()
    return db.session.scalars(timeline("user", user.id, readable=readable).limit(50)).all()


def organisations(
    actor: Actor, words: str = "", kind: OrganisationKind | None = None
) -> Select[Any]:
    """Pairs of organisation and number of members, for an administrator; none for others."""
    members = (
        select(func.count(Membership.id))
        .join(Membership.user)
        .where(Membership.organisation_id == Organisation.id, acting())
        .correlate(Organisation)
        .scalar_subquery()
    )
    found = select(Organisation, members.label("members")).where(STANDS)
    if words.strip():
        found = found.where(_has(Organisation.name, words))
    if kind is not None:
        found = found.where(Organisation.kind == kind)
    allowed = found if can_administer(actor) else found.where(false())
    return allowed.order_by(by_name(Organisation.name), Organisation.id)


def _has(column: Any, words: str) -> ColumnElement[bool]:
    """SQL for "holds these words, in this order", with no wildcards for the one who types."""
    found: ColumnElement[bool] = column.icontains(words.strip(), autoescape=True)
    return found

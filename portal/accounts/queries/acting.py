"""Who acts for an organisation now: the only people who are told, offered, counted or responsible.

`policy.is_acting` is the rule; `acting` is the same in SQL, and every query of another room that
asks for people goes through this module.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from portal.accounts.models import Membership, MembershipState, Organisation, Role, User
from portal.db import by_name, db

Condition = ColumnElement[bool] | InstrumentedAttribute[bool]


def acting() -> ColumnElement[bool]:
    """Return SQL for `policy.is_acting`, in a statement that has `Membership` and `User`."""
    return User.active.is_(True) & (Membership.state == MembershipState.ACTIVE)


def people_acting() -> Select[User]:
    """Return everybody who acts, joined with membership and organisation, once for each
    membership; `people` reads them once each."""
    return (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(acting())
    )


def people(*conditions: Condition) -> Sequence[User]:
    """Return the people who act under these conditions, each once, by name."""
    found = people_acting().where(*conditions).order_by(by_name(User.name), User.id)
    return db.session.scalars(found).unique().all()


def acting_ids(*conditions: Condition) -> Select[int]:
    """Return a subquery of the ids of the people who act under these conditions."""
    return people_acting().where(*conditions).with_only_columns(User.id)


def memberships_acting(user_id: int) -> Sequence[Membership]:
    """Return the memberships under which a person acts, with their organisations."""
    return db.session.scalars(
        select(Membership)
        .join(Membership.user)
        .options(joinedload(Membership.organisation), joinedload(Membership.user))
        .where(Membership.user_id == user_id, acting())
        .order_by(Membership.id)
    ).all()


def leads_of(organisation_id: int | None, role: Role | None = None) -> Sequence[User]:
    """Return the people who lead the organisation, all or those of one role, by name."""
    return people(Membership.organisation_id == organisation_id, Membership.is_lead, *_in(role))


def members_acting(organisation_id: int | None, role: Role | None = None) -> Sequence[User]:
    """Return the people who act for the organisation, all or those of one role, by name."""
    return people(Membership.organisation_id == organisation_id, *_in(role))


def staff(hin_id: int | None) -> Sequence[User]:
    """Return the people who act for a HIN now, by name."""
    return people(Organisation.hin_id == hin_id, Membership.role == Role.HIN)


def leads(hin_id: int | None) -> Sequence[User]:
    """Return whom a HIN's new work is told to: its leads, or everybody where it has none."""
    return [] if hin_id is None else leads_by_hin({hin_id})[hin_id]


def leads_of_hins(hin_ids: Collection[int]) -> list[User]:
    """Return whom the new work of several HINs is told to, each person once."""
    leading = leads_by_hin(hin_ids)
    return list(dict.fromkeys(person for hin in sorted(hin_ids) for person in leading[hin]))


def leads_by_hin(hin_ids: Collection[int]) -> dict[int, list[User]]:
    """Return for each of these HINs whom its new work is told to, by name. One statement."""
    rows = db.session.execute(
        people_acting()
        .add_columns(Organisation.hin_id, Membership.is_lead)
        .where(Organisation.hin_id.in_(hin_ids), Membership.role == Role.HIN)
        .order_by(by_name(User.name), User.id)
    ).all()
    found = {}
    for one in hin_ids:
        acting_there = [(person, is_lead) for person, hin_id, is_lead in rows if hin_id == one]
        leading = [person for person, is_lead in acting_there if is_lead]
        found[one] = list(dict.fromkeys(leading or [person for person, _ in acting_there]))
    return found


def responsible(user_id: int | None, hin_id: int | None) -> list[User]:
    """Return whose task something of a HIN is: that person while they act for it, else its
    leads."""
    own = [person for person in staff(hin_id) if person.id == user_id]
    return own or list(leads(hin_id))


def responsible_at(user_id: int | None, organisation_id: int | None) -> list[User]:
    """Return whose task something of an organisation is: that person while they act for it, else
    its leads or, where it has none, everybody who acts for it."""
    members = members_acting(organisation_id)
    own = [person for person in members if person.id == user_id]
    return own or list(leads_of(organisation_id) or members)


def addresses_of_leavers(organisation_id: int, emails: Collection[str]) -> set[str]:
    """Return those of the addresses (in small letters) whose people acted for the organisation and
    do so no more, or closed their account. An address without an account has not left."""
    of_theirs = (Membership.user_id == User.id) & (Membership.organisation_id == organisation_id)
    has_ended = exists().where(of_theirs, Membership.state == MembershipState.ENDED)
    acts = exists().where(of_theirs, Membership.state == MembershipState.ACTIVE)
    found = select(func.lower(User.email)).where(
        func.lower(User.email).in_({email.lower() for email in emails}),
        User.active.is_(False) | (has_ended & ~acts),
    )
    return set(db.session.scalars(found))


def hin_ids_with_staff() -> Select[int]:
    """Return a subquery of the HINs for which somebody acts."""
    return people_acting().where(Membership.role == Role.HIN).with_only_columns(Organisation.hin_id)


def administrators() -> Sequence[User]:
    """Return everybody who looks after people and organisations."""
    return people(Membership.role == Role.ADMINISTRATOR)


def _in(role: Role | None) -> list[Condition]:
    return [] if role is None else [Membership.role == role]


def memberships_of_all(roles: Collection[Role]) -> Sequence[Membership]:
    """Return everybody who acts for anybody in one of these roles, by name, with both."""
    found = (
        select(Membership)
        .join(Membership.user)
        .where(acting(), Membership.role.in_(roles))
        .options(contains_eager(Membership.user), joinedload(Membership.organisation))
        .order_by(by_name(User.name), Membership.id)
    )
    return db.session.scalars(found).all()

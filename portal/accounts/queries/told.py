"""What notifications ask of accounts: who is staff, and who may be posted to."""

from collections.abc import Collection

from portal.accounts.models import Membership, User
from portal.accounts.policy import can_sign_in
from portal.accounts.queries.acting import acting_ids, memberships_acting
from portal.accounts.rules import STAFF
from portal.db import db


def staff_among(user_ids: Collection[int]) -> Collection[int]:
    """Return who of these people acts for a network, an ICS or the nation."""
    if not user_ids:
        return ()
    return db.session.scalars(acting_ids(Membership.role.in_(STAFF), User.id.in_(user_ids))).all()


def staff_ids() -> Collection[int]:
    """Return everybody who acts for a network, an ICS or the nation."""
    return db.session.scalars(acting_ids(Membership.role.in_(STAFF))).all()


def may_be_posted(user_id: int, *, production: bool) -> User | None:
    """Return the person, None when their account is closed or they act for nobody."""
    user = db.session.get(User, user_id)
    is_open = user is not None and can_sign_in(user, production=production)
    return user if is_open and memberships_acting(user_id) else None

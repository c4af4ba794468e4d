"""Read which identity providers know a person."""

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.accounts.models import Actor, User
from portal.accounts.models.identities import Identity
from portal.db import db
from portal.errors import NotFound


def identity_of(provider: str, issuer: str, subject: str) -> Identity | None:
    """Return the identity that a provider vouches for, None when nobody here has it.

    It holds for the provider with which it was linked: no other one speaks for its people, whatever
    issuer it names.
    """
    return db.session.scalar(
        select(Identity).where(
            Identity.provider == provider,
            Identity.issuer == issuer,
            Identity.subject == subject,
        )
    )


def identities_of(user_id: int) -> Sequence[Identity]:
    """Return by what a person can sign in beside a password, the oldest first."""
    return db.session.scalars(
        select(Identity).where(Identity.user_id == user_id).order_by(Identity.id)
    ).all()


def identity_for(actor: Actor, identity_id: int) -> Identity:
    """Return an identity of the actor's own; raises NotFound for anybody else's."""
    row = db.session.get(Identity, identity_id)
    if row is None or not actor.is_signed_in or row.user_id != actor.user_id:
        raise NotFound("There is no such sign-in of yours.")
    return row


def is_only_way_in(identity: Identity, user: User) -> bool:
    """Whether the person could not sign in without it: no password, no other identity."""
    count = select(func.count()).where(Identity.user_id == user.id)
    return not user.password and (db.session.scalar(count) or 0) < 2

"""Read what people prove themselves with beside the password."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from portal.accounts.models import Actor, Membership, Role, User, UserSession
from portal.accounts.models.factors import Passkey
from portal.accounts.queries.live import is_live, moments
from portal.accounts.rules import SessionLimits
from portal.db import db
from portal.errors import NotFound


def passkeys_of(user_id: int) -> Sequence[Passkey]:
    """Return the person's passkeys, the oldest first."""
    return db.session.scalars(
        select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)
    ).all()


def passkey_for(actor: Actor, passkey_id: int) -> Passkey:
    """Return a passkey of the actor's own; raises NotFound for anybody else's."""
    row = db.session.get(Passkey, passkey_id)
    if row is None or not actor.is_signed_in or row.user_id != actor.user_id:
        raise NotFound("There is no such passkey of yours.")
    return row


def passkey_by_credential(credential_id: str) -> Passkey | None:
    """Return the passkey that a device names, None when nobody has it."""
    return db.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def owner_of(passkey: Passkey) -> User:
    """Return whose passkey it is."""
    return db.session.get_one(User, passkey.user_id)


def app_secrets() -> Sequence[tuple[int, str]]:
    """Return what everybody's authenticator app shares with the portal, encrypted as it is stored,
    each with the number of its person."""
    having = select(User.id, User.tf_totp_secret).where(User.tf_totp_secret.is_not(None))
    rows = db.session.execute(having.order_by(User.id))
    return [(number, secret) for number, secret in rows if secret]


def sessions_since_before(moment: datetime, limits: SessionLimits) -> int:
    """Return how many browsers are signed in since before a moment."""
    rows = select(func.count(UserSession.id)).where(is_live(), UserSession.created_at < moment)
    return db.session.scalar(rows, moments(limits)) or 0


def roles_since(memberships: Sequence[Membership]) -> dict[Role, datetime]:
    """Return since when a person has each of the roles of these memberships."""
    found: dict[Role, datetime] = {}
    for row in memberships:
        since = row.decided_at or row.requested_at
        found[row.role] = min(since, found.get(row.role, since))
    return found

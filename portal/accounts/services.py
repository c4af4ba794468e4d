"""Change accounts: sessions, memberships, organisations."""

from portal.accounts.models import Membership, User, UserSession
from portal.accounts.rules import hashed
from portal.db import db, now


def open_session(
    *, user: User, token: str, membership: Membership | None = None, user_agent: str = ""
) -> UserSession:
    """Remember a browser that has just signed in, by the hash of its token."""
    row = UserSession(
        user_id=user.id,
        token_hash=hashed(token),
        membership_id=membership.id if membership else None,
        user_agent=user_agent[:300],
    )
    db.session.add(row)
    db.session.flush()
    return row


def end_session(*, row: UserSession) -> None:
    """End a session: its cookie, and any copy of it, is worth nothing from now on."""
    row.revoked_at = row.revoked_at or now()
    db.session.flush()

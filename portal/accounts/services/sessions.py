"""Sessions of browsers: opened at sign-in, ended at sign-out; a copied cookie dies with its row."""

from sqlalchemy import update

from portal.accounts.models import Actor, Membership, User, UserSession
from portal.accounts.policy import can_act_as, can_administer
from portal.accounts.rules import hashed
from portal.accounts.services import trail
from portal.clock import now
from portal.db import db
from portal.errors import Forbidden


def open_session(
    *,
    user: User,
    token: str,
    membership: Membership | None = None,
    user_agent: str = "",
    factor_elsewhere: bool = False,
) -> UserSession:
    """Remember a browser that has just signed in, by the hash of its token."""
    row = UserSession(
        user_id=user.id,
        token_hash=hashed(token),
        membership_id=membership.id if membership else None,
        user_agent=user_agent[:300],
        factor_elsewhere=factor_elsewhere,
    )
    db.session.add(row)
    db.session.flush()
    return row


def end_session(*, row: UserSession) -> None:
    """End a session: its cookie, and any copy of it, is worth nothing from now on."""
    row.revoked_at = row.revoked_at or now()
    db.session.flush()


def end_other_sessions(*, user: User, keep: UserSession | None = None) -> int:
    """End every session of the person but the one to keep; returns how many were ended."""
    others = UserSession.user_id == user.id
    if keep is not None:
        others &= UserSession.id != keep.id
    ended = db.session.execute(
        update(UserSession)
        .where(others, UserSession.revoked_at.is_(None))
        .values(revoked_at=now())
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
    count: int = ended.rowcount  # type: ignore[attr-defined]  # an UPDATE's result has it
    return count


def sign_out_everywhere(*, user: User, by: Actor) -> int:
    """End all sessions of somebody whose account stays open; returns how many there were.

    Raises Forbidden for anybody but an administrator.
    """
    if not can_administer(by):
        raise Forbidden("Only an administrator can sign somebody out.")
    ended = end_other_sessions(user=user)
    trail.of_user("session_ended", user, "ended all sessions", by=by)
    db.session.flush()
    return ended


def renew_session(*, row: UserSession, token: str) -> None:
    """Let a session go on under another token: the old one is worth nothing from now on."""
    row.token_hash = hashed(token)
    db.session.flush()


def note_proof(*, row: UserSession) -> None:
    """Keep when the person last proved in this browser who they are."""
    row.proved_at = now()
    db.session.flush()


def note_seen(*, row: UserSession) -> None:
    """Keep when the browser was last used."""
    row.seen_at = now()
    db.session.flush()


def act_as(*, row: UserSession, membership: Membership, by: Actor) -> None:
    """Let this browser act as another of the person's own memberships from now on."""
    if not can_act_as(by, membership):
        raise Forbidden("You do not act for that organisation.")
    row.membership_id = membership.id
    organisation = membership.organisation
    trail.of_user(
        "acted_as",
        membership.user,
        f"switched to acting for {organisation.name}",
        by=by,
        changes={"acting_as": [by.organisation_name, organisation.name]},
    )
    db.session.flush()

"""Who is asking: the signed-in browser's row, and the organisation it is acting for."""

from flask import Flask, g, session
from flask_login import current_user, logout_user
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import (
    ANONYMOUS,
    Actor,
    Membership,
    MembershipState,
    User,
    UserSession,
)
from portal.accounts.rules import hashed
from portal.db import db

SESSION_KEY = "portal_session"


def init_app(app: Flask) -> None:
    """Check the session row of every request that comes with a signed-in cookie."""
    app.before_request(require_live_session)


def require_live_session() -> None:
    """Sign the browser out when its session row was ended or never was."""
    if not current_user.is_authenticated:
        return
    row = _live_row(session.get(SESSION_KEY, ""), current_user.id)
    if row is None:
        logout_user()
        session.clear()
        return
    g.user_session = row


def _live_row(token: str, user_id: int) -> UserSession | None:
    return db.session.scalar(
        select(UserSession).where(
            UserSession.token_hash == hashed(token),
            UserSession.user_id == user_id,
            UserSession.revoked_at.is_(None),
        )
    )


def current_actor() -> Actor:
    """Return the person of this request, acting for the organisation that they chose."""
    if "actor" not in g:
        g.actor = _actor() if current_user.is_authenticated else ANONYMOUS
    actor: Actor = g.actor
    return actor


def _actor() -> Actor:
    memberships = active_memberships(current_user)
    chosen = g.user_session.membership_id if "user_session" in g else None
    acting = next((m for m in memberships if m.id == chosen), None) or next(iter(memberships), None)
    return actor_of(current_user, acting)


def active_memberships(user: User) -> list[Membership]:
    """Return the memberships the user can act as, with their organisations loaded."""
    if "memberships" not in g:
        g.memberships = list(
            db.session.scalars(
                select(Membership)
                .join(Membership.organisation)
                .options(contains_eager(Membership.organisation), joinedload(Membership.user))
                .where(Membership.user_id == user.id, Membership.state == MembershipState.ACTIVE)
                .order_by(Membership.id)
            )
        )
    memberships: list[Membership] = g.memberships
    return memberships


def actor_of(user: User, membership: Membership | None) -> Actor:
    """Return the actor that `user` is when acting as `membership`."""
    if membership is None:
        return Actor(user_id=user.id, name=user.name or user.email)
    organisation = membership.organisation
    return Actor(
        user_id=user.id,
        name=user.name or user.email,
        membership_id=membership.id,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        role=membership.role,
        is_lead=membership.is_lead,
        hin_id=organisation.hin_id,
        ics_id=organisation.ics_id,
    )

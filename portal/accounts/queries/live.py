"""Which sessions of browsers are live: how long they may be unused, and last, hangs on the role."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, literal, select

from portal.accounts.models import Membership, MembershipState, Role, UserSession
from portal.accounts.rules import STAFF, SessionLimits
from portal.clock import now
from portal.db import UTCDateTime


def is_live(limits: SessionLimits) -> ColumnElement[bool]:
    """SQL for "the session was not ended, was used lately and is not too old"."""
    return (
        UserSession.revoked_at.is_(None)
        & (UserSession.seen_at > _earliest(limits.idle))
        & (UserSession.created_at > _earliest(limits.longest))
    )


def _earliest(lasts: Mapping[str, timedelta]) -> ColumnElement[datetime]:
    """SQL for the moment before which a session of this person is over."""
    at = {kind: literal(now() - length, UTCDateTime()) for kind, length in lasts.items()}
    return case(
        (_acts_as(Role.ADMINISTRATOR), at["administrator"]),
        (_acts_as(*STAFF), at["staff"]),
        else_=at["innovator"],
    )


def _acts_as(*roles: Role) -> ColumnElement[bool]:
    """SQL for "the person of the session has one of these roles"."""
    return (
        select(Membership.id)
        .where(
            Membership.user_id == UserSession.user_id,
            Membership.role.in_(roles),
            Membership.state == MembershipState.ACTIVE,
        )
        .correlate(UserSession)
        .exists()
    )

"""Read what happened to somebody's account a moment ago."""

from datetime import timedelta

from sqlalchemy import func, select

from portal.audit.models import AuditEvent
from portal.clock import now
from portal.db import db

LATELY = timedelta(hours=1)


def times_lately(user_id: int, verb: str) -> int:
    """Return how often the trail of a person's account says this of the last hour."""
    count = select(func.count()).where(
        AuditEvent.noun == "user",
        AuditEvent.noun_id == user_id,
        AuditEvent.action == f"user.{verb}",
        AuditEvent.at > now() - LATELY,
    )
    return db.session.scalar(count) or 0

"""A person's own inbox."""

from sqlalchemy import update

from portal.accounts.models import Actor
from portal.clock import now
from portal.db import db
from portal.notifications.models import Notification


def mark_read(*, by: Actor, notification_id: int | None = None) -> None:
    """Mark one of the actor's messages as read, or all of them; others' are left alone."""
    mine = (Notification.user_id == by.user_id) & Notification.read_at.is_(None)
    if notification_id is not None:
        mine &= Notification.id == notification_id
    db.session.execute(update(Notification).where(mine).values(read_at=now()))
    db.session.flush()

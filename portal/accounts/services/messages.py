"""A person's own inbox."""

from sqlalchemy import or_, select, update

from portal.accounts.models import Actor
from portal.clock import now
from portal.db import db, reading, set_reading
from portal.notifications.models import Notification


def mark_read(*, by: Actor, notification_id: int | None = None) -> None:
    """Mark one of the actor's messages as read, or all of them; others' are left alone."""
    mine = (Notification.user_id == by.user_id) & Notification.read_at.is_(None)
    if notification_id is not None:
        mine &= Notification.id == notification_id
    db.session.execute(update(Notification).where(mine).values(read_at=now()))
    db.session.flush()


def mark_opened(*, by: Actor, path: str) -> None:
    """Mark the messages that lead to a page as read: the person has just opened it.

    Nothing is locked where no message leads there, as for most pages.
    """
    to_page = or_(
        Notification.url == path,
        Notification.url.startswith(f"{path}#", autoescape=True),
        Notification.url.startswith(f"{path}?", autoescape=True),
    )
    mine = (Notification.user_id == by.user_id) & Notification.read_at.is_(None) & to_page
    with reading():
        found = db.session.scalars(select(Notification.id).where(mine)).all()
        db.session.rollback()
    if found:
        set_reading(False)
        which = Notification.id.in_(found) & Notification.read_at.is_(None)
        db.session.execute(update(Notification).where(which).values(read_at=now()))
        db.session.flush()

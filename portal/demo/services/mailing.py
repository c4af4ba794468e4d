"""What people of the demonstration chose to be told."""

from sqlalchemy import select

from portal.accounts.models import User
from portal.db import db
from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.notifications import services
from portal.notifications.models import Kind, Notification, Rhythm
from portal.notifications.queries import Way
from portal.notifications.rules import is_mutable

REFUSED = "5.1.1 The mailbox does not exist (made up for the demonstration)"


def write(places: Places, everybody: People) -> None:
    """Let the HIN's person get changes on Mondays and mute one thing, and the charity's mail
    come back."""
    keys = ("hin", "charity")
    hin, charity = (db.session.get_one(User, everybody.by_key[key].user_id) for key in keys)
    weekly = Way(Rhythm.WEEKLY, is_shown=True)
    with happening(Diary(places.today, "mailing"), 3):
        services.choose(user_id=hin.id, ways={Kind.CHANGES: weekly, Kind.NEWS: weekly})
        _mute_one(hin.id)
        services.stop(address=charity.email, reason=REFUSED)


def _mute_one(user_id: int) -> None:
    mine = select(Notification).where(Notification.user_id == user_id)
    rows = db.session.scalars(mine.order_by(Notification.id))
    first = next((row for row in rows if is_mutable(row.kind, row.url)), None)
    if first is not None:
        services.mute(user_id=user_id, notification_id=first.id)

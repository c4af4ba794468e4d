"""What a mail program and a person say in the same moment counts once, on PostgreSQL."""

from flask import Flask

from portal.db import db
from portal.notifications import services
from portal.notifications.models import Choice, Kind, Mute, Notification, Rhythm, StoppedAddress
from tests.accounts.test_used_once import at_once, count, house, person

__all__ = ["house"]
BROWSERS = 4


def test_two_at_once(house: Flask) -> None:
    """One database for all: to make one takes longer than what is tried in it."""
    user_id = person(house)
    with house.app_context():
        told = Notification(user_id=user_id, subject="s", body="", url="/innovations/1")
        db.session.add(told)
        db.session.commit()
        told_id = told.id

    def unsubscribe() -> object:
        return services.unsubscribe(user_id=user_id, kind=Kind.NEWS)

    def mute() -> object:
        row = services.mute(user_id=user_id, notification_id=told_id)
        return row is not None and row.page

    def stop() -> object:
        return services.stop(address="Back@Example.org", reason="550")

    assert at_once(house, *[unsubscribe] * BROWSERS) == [None] * BROWSERS
    assert at_once(house, *[mute] * BROWSERS) == ["/innovations/1"] * BROWSERS
    assert at_once(house, *[stop] * BROWSERS) == [None] * BROWSERS
    with house.app_context():
        assert db.session.get_one(Choice, (user_id, Kind.NEWS)).rhythm is Rhythm.NEVER
    assert [count(house, one) for one in (Mute, StoppedAddress)] == [1, 1]

"""A challenge of Coventry and Warwickshire, and the record with which Brightwell answers it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.challenges.models import Challenge
from portal.innovations.models import Innovation
from portal.notifications.models import Email, Notification
from tests import makers as rows
from tests.answers import makers
from tests.cast import Cast


@pytest.fixture
def challenge(cast: Cast, session: Session) -> Challenge:
    """What is asked."""
    return makers.stated(cast)


@pytest.fixture
def record(cast: Cast, session: Session) -> Innovation:
    """Brightwell's record, which ICSs do not see."""
    record = rows.innovation("NightWatch", of=cast.innovator)
    rows.evidence("A year in six homes", of=record, result="Falls fell by a third")
    session.expire(record, ["evidence"])
    return record


@pytest.fixture
def other_record(cast: Cast, session: Session) -> Innovation:
    """Northgate's."""
    return rows.innovation("StepSafe", of=cast.other_innovator)


def inbox(session: Session, user: User) -> list[str]:
    """Return the subjects in a person's inbox, oldest first."""
    mine = select(Notification.subject).where(Notification.user_id == user.id)
    return list(session.scalars(mine.order_by(Notification.id)))


def everything_told(session: Session) -> str:
    """Return every word of every email and inbox line."""
    told = [*session.scalars(select(Email)), *session.scalars(select(Notification))]
    return "\n".join(f"{row.subject}\n{row.body}" for row in told)


def text_of(response) -> str:
    return response.get_data(as_text=True)

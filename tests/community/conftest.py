"""A campaign of Coventry and Warwickshire, and people of a trust there."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.community.models import Campaign
from portal.notifications.models import Notification
from tests.cast import Cast, Person
from tests.community import makers


@pytest.fixture
def campaign(cast: Cast, session: Session) -> Campaign:
    """What is asked."""
    return makers.campaign(cast.ics)


@pytest.fixture
def nurse(cast: Cast, session: Session) -> Person:
    """Somebody with a work address, who acts for no ICS or network."""
    return makers.nurse()


def inbox(session: Session, user: User) -> list[str]:
    """Return the subjects in a person's inbox, oldest first."""
    mine = select(Notification.subject).where(Notification.user_id == user.id)
    return list(session.scalars(mine.order_by(Notification.id)))


def text_of(response) -> str:
    return response.get_data(as_text=True)

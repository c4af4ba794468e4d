"""What tests of accounts need: a password, the last email, the link in it."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.accounts.services.passwords import kept
from portal.notifications.models import Email
from tests.queued import do_jobs

PASSWORD = "violet tractor harbour"


@pytest.fixture
def knows_password(session: Session) -> Callable[[User], User]:
    """Give a person the password of the tests."""

    def give(user: User) -> User:
        user.password = kept(PASSWORD)
        session.commit()
        return user

    return give


@pytest.fixture
def last_email(session: Session) -> Callable[[str], Email]:
    """Return the newest email to an address."""

    def find(address: str) -> Email:
        do_jobs(session, "accounts")
        session.expire_all()
        found = select(Email).where(Email.address == address).order_by(Email.id.desc()).limit(1)
        return session.scalars(found).one()

    return find


def link_in(email: Email) -> str:
    """The path of the first link of an email."""
    return re.search(r"https?://[^/\s]+(/\S+)", email.body).group(1)

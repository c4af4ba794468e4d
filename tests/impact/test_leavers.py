"""Who left a company is asked about it no more, and their personal link opens nothing."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import User
from portal.accounts.services.leaving import deactivate, end_membership
from portal.db import db
from portal.errors import Invalid
from portal.impact.models import CompanyReturn
from portal.impact.outbox import tell
from portal.impact.services.campaigns import send_link
from portal.notifications.models import Email
from tests import makers as rows
from tests.cast import Cast
from tests.impact import makers

OUTSIDE = "accounts@bookkeepers.example"


def _leave(cast: Cast, way: str) -> User:
    """The colleague, who was sent the link and has left since."""
    if way == "closed":
        deactivate(user=cast.colleague.user, by=cast.administrator.actor)
    else:
        end_membership(membership=cast.colleague.membership, by=cast.innovator.actor)
    db.session.commit()
    return cast.colleague.user


def _written_to() -> set[str]:
    return set(db.session.scalars(select(Email.address).where(Email.subject.contains("2025/26"))))


@pytest.mark.parametrize("way", ["ended", "closed"])
def test_who_left_is_written_to_no_more_and_others_are(
    cast: Cast, asked: CompanyReturn, way: str
) -> None:
    for email in (cast.colleague.user.email, OUTSIDE):
        send_link(row=asked, email=email, by=cast.hin.actor)
    db.session.query(Email).delete()
    left = _leave(cast, way)
    tell(asked, "reminded", by=cast.hin.actor)
    assert _written_to() == {cast.innovator.user.email, OUTSIDE}
    with pytest.raises(Invalid, match="has left"):
        send_link(row=asked, email=left.email.upper(), by=cast.hin.actor)


@pytest.mark.parametrize("way", ["ended", "closed"])
def test_their_link_opens_nothing_also_where_it_was_opened_before(
    app: Flask, cast: Cast, asked: CompanyReturn, way: str
) -> None:
    send_link(row=asked, email=cast.colleague.user.email, by=cast.hin.actor)
    db.session.commit()
    (link,) = makers.links_sent()
    browser = app.test_client()
    browser.post(link)
    assert browser.get("/impact/answer").status_code == 200
    _leave(cast, way)
    assert browser.get("/impact/answer").status_code == 404
    assert app.test_client().get(link).status_code == 404


def test_who_came_back_is_written_to_again(app: Flask, cast: Cast, asked: CompanyReturn) -> None:
    left = _leave(cast, "ended")
    rows.membership(left, cast.innovator.organisation, cast.colleague.membership.role)
    send_link(row=asked, email=left.email, by=cast.hin.actor)
    db.session.commit()
    assert app.test_client().get(makers.links_sent()[-1]).status_code == 200

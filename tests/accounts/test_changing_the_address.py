"""A new address to sign in with counts once its mailbox has confirmed it."""

import pytest

from tests.accounts.conftest import PASSWORD, link_in

NEW = "ida@elsewhere.example"


@pytest.fixture
def ida(as_, cast, knows_password):
    """The innovator's browser, with a password that the test knows."""
    knows_password(cast.innovator.user)
    return as_(cast.innovator)


def ask(browser, email=NEW, password=PASSWORD):
    return browser.post("/account/address", data={"email": email, "password": password})


def test_the_link_sent_to_the_new_address_makes_the_change(ida, cast, session, last_email):
    before = cast.innovator.user.email
    assert ask(ida).status_code == 302
    link = link_in(last_email(NEW))
    assert NEW in ida.get(link).text
    assert cast.innovator.user.email == before, "looking changes nothing"
    assert ida.post(link).status_code == 302
    session.expire_all()
    assert cast.innovator.user.email == NEW
    assert "was changed" in last_email(before).subject
    assert ida.post(link).status_code == 404, "the link is used up"


def test_it_takes_the_password(ida, cast):
    page = ask(ida, password="violet tractor harbor")
    assert "Enter your correct password" in page.text
    assert NEW in page.text


def test_nobody_learns_whose_an_address_is(ida, cast, session):
    taken = ask(ida, email=cast.hin.user.email)
    free = ask(ida)
    assert (taken.status_code, taken.location) == (free.status_code, free.location)


def test_the_link_is_only_for_whom_it_was_made(ida, as_, cast, last_email):
    ask(ida)
    link = link_in(last_email(NEW))
    assert as_(cast.hin).post(link).status_code == 404
    assert ida.get(link + "x").status_code == 404


def test_an_address_taken_meanwhile_is_refused(ida, cast, session, last_email):
    ask(ida)
    link = link_in(last_email(NEW))
    cast.hin.user.email = NEW
    session.commit()
    page = ida.post(link)
    assert page.status_code == 409
    assert "Another account has this email address" in page.text

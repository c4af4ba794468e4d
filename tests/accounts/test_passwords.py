"""Forgotten, reset and changed passwords."""

import re

from sqlalchemy import func, select

from portal import create_app
from portal.accounts.queries import user_by_email
from portal.accounts.services.passwords import kept
from portal.audit.models import AuditEvent
from portal.notifications.models import Email
from tests import makers
from tests.accounts.conftest import PASSWORD, link_in

NEW = "lantern gravel oyster"


def ask(client, email):
    return client.post("/account/password/forgotten", data={"email": email})


def sign_in(client, email, password):
    return client.post("/account/sign-in", data={"email": email, "password": password})


def test_a_forgotten_password_is_replaced_by_a_link(client, cast, knows_password, last_email):
    user = knows_password(cast.innovator.user)
    ask(client, user.email)
    link = link_in(last_email(user.email))
    assert client.post(link, data={"password": NEW}).location == "/account/sign-in"
    assert sign_in(client, user.email, PASSWORD).status_code == 200
    assert sign_in(client, user.email, NEW).status_code == 302


def test_the_link_works_once(client, cast, knows_password, last_email):
    user = knows_password(cast.innovator.user)
    ask(client, user.email)
    link = link_in(last_email(user.email))
    client.post(link, data={"password": NEW})
    again = client.get(link)
    assert again.status_code == 404
    assert "This link has been used" in again.text
    assert "This link no longer works" in client.get(link[:-4]).text


def test_a_mailbox_gets_three_links_within_an_hour(client, cast, session, last_email):
    user = cast.innovator.user
    for _ in range(5):
        ask(client, user.email)
    link = link_in(last_email(user.email))
    assert session.scalar(select(func.count()).where(Email.address == user.email)) == 3
    assert client.get(link).status_code == 200


def test_a_reset_signs_every_browser_out(as_, client, cast, knows_password, last_email):
    user = knows_password(cast.innovator.user)
    browser = as_(cast.innovator)
    ask(client, user.email)
    client.post(link_in(last_email(user.email)), data={"password": NEW})
    assert browser.get("/account").status_code == 302


def test_a_known_and_an_unknown_address_get_the_same_answer(client, cast, session):
    known, unknown = ask(client, cast.innovator.user.email), ask(client, "nobody@example.org")
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    to_nobody = select(func.count()).where(Email.address == "nobody@example.org")
    assert session.scalar(to_nobody) == 0


def test_a_weak_new_password_is_refused(client, cast, knows_password, last_email):
    user = knows_password(cast.innovator.user)
    ask(client, user.email)
    link = link_in(last_email(user.email))
    assert "harder to guess" in client.post(link, data={"password": "ida.brown1"}).text
    assert client.get(link).status_code == 200


def test_a_reset_confirms_the_address(client, session, last_email):
    user = makers.user("Una Confirmed", confirmed_at=None)
    session.commit()
    ask(client, user.email)
    client.post(link_in(last_email(user.email)), data={"password": NEW})
    session.expire_all()
    assert user_by_email("una.confirmed@example.org").confirmed_at is not None


def test_changing_it_keeps_this_browser_and_signs_out_the_others(as_, cast, knows_password):
    knows_password(cast.innovator.user)
    here, there = as_(cast.innovator), as_(cast.innovator)
    answer = here.post("/account/password", data={"current": PASSWORD, "password": NEW})
    assert answer.location == "/account"
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302


def test_changing_it_needs_the_current_one(as_, cast, knows_password):
    knows_password(cast.innovator.user)
    page = as_(cast.innovator).post("/account/password", data={"current": "no", "password": NEW})
    assert "Enter your correct current password" in page.text


def test_what_happened_is_on_the_trail(as_, cast, knows_password, session):
    user = knows_password(cast.innovator.user)
    as_(cast.innovator).post("/account/password", data={"current": PASSWORD, "password": NEW})
    actions = select(AuditEvent.action).where(
        AuditEvent.noun == "user", AuditEvent.noun_id == user.id
    )
    assert "user.password_changed" in session.scalars(actions).all()


def test_whoever_steals_the_table_guesses_slowly(tmp_path):
    """The tests' own application is cheap; this is the product's: 64 MiB, three times over."""
    settings = {"INSTANCE": str(tmp_path), "JOBS_URL": f"sqlite:///{tmp_path / 'jobs.db'}"}
    product = create_app({**settings, "SQLALCHEMY_ENGINES": {"default": "sqlite://"}})
    with product.app_context():
        found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),", kept("lantern gravel oyster"))
    assert found is not None
    assert int(found[1]) >= 65536
    assert int(found[2]) >= 3

"""Creating an account, confirming its address."""

import pytest
from sqlalchemy import func, select

from portal.accounts.models import User
from portal.accounts.queries import user_by_email
from portal.jobs import Job, JobState
from portal.notifications.models import Email
from tests.accounts.conftest import PASSWORD, link_in
from tests.queued import do_jobs

EMAIL = "nia.new@example.org"


def sign_up(client, email=EMAIL, password=PASSWORD, name="Nia New"):
    return client.post(
        "/account/sign-up", data={"name": name, "email": email, "password": password}
    )


def test_an_innovator_signs_up_confirms_and_is_let_in(client, session, last_email):
    assert sign_up(client).location == "/account/check-your-email"
    link = link_in(last_email(EMAIL))
    assert EMAIL in client.get(link).text
    answer = client.post(link, data={"password": PASSWORD})
    assert answer.location == "/account/join"
    assert "Nia New" in client.get("/account").text
    assert user_by_email(EMAIL).confirmed_at is not None


def test_nobody_is_let_in_before_confirming(client, session, last_email):
    sign_up(client)
    do_jobs(session, "accounts")
    answer = client.post("/account/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert answer.location == "/account/check-your-email"
    assert client.get("/account").status_code == 302


def test_opening_the_link_alone_confirms_nothing(client, session, last_email):
    sign_up(client)
    link = link_in(last_email(EMAIL))
    assert client.get(link).status_code == 200
    assert "Enter the password that you chose" in client.post(link, data={"password": "guess"}).text
    session.expire_all()
    assert user_by_email(EMAIL).confirmed_at is None


def test_who_signed_up_with_anothers_address_does_not_get_their_click(client, session, last_email):
    sign_up(client, password="the thief knows this one")
    old = link_in(last_email(EMAIL))
    sign_up(client, password=PASSWORD)
    do_jobs(session, "accounts")
    assert client.get(old).status_code == 404
    new = link_in(last_email(EMAIL))
    client.post(new, data={"password": "the thief knows this one"})
    assert client.get("/account").status_code == 302


def test_an_address_that_has_an_account_gets_the_same_answer(client, cast, session, last_email):
    taken = cast.innovator.user.email
    before = session.scalar(select(func.count()).select_from(User))
    free, known = sign_up(client), sign_up(client, taken)
    assert (free.status_code, free.location) == (known.status_code, known.location)
    assert last_email(taken).subject == "You already have an account"
    assert session.scalar(select(func.count()).select_from(User)) == before + 1
    assert user_by_email(taken).name == "Ida Brown"


def test_a_mailbox_gets_three_emails_within_an_hour_and_the_last_link_works(
    client, session, last_email
):
    for number in range(5):
        sign_up(client, password=f"{PASSWORD} {number}")
        do_jobs(session, "accounts")
    sent = select(func.count()).select_from(Email).where(Email.address == EMAIL)
    assert session.scalar(sent) == 3
    client.post(link_in(last_email(EMAIL)), data={"password": f"{PASSWORD} 2"})
    assert client.get("/account").status_code == 200


def test_what_was_typed_is_not_left_in_the_queue(client, session):
    sign_up(client)
    do_jobs(session, "accounts")
    session.expire_all()
    done = session.scalars(select(Job).where(Job.kind == "accounts.sign_up")).one()
    assert (done.state, done.arguments) == (JobState.DONE, {})


def test_a_strangers_name_is_not_mailed_to_an_address_that_is_not_confirmed(
    client, session, last_email
):
    sign_up(client, name="You have won. Call 0900 123")
    assert "won" not in last_email(EMAIL).body + last_email(EMAIL).subject


@pytest.mark.parametrize("name", ["www.evil.example", "Claim at http://evil", "evil.com prize"])
def test_a_name_with_a_link_is_refused(client, session, name):
    assert "must not contain a web address" in sign_up(client, name=name).text


def test_a_confirmed_link_says_that_it_was_used(client, session, last_email):
    sign_up(client)
    link = link_in(last_email(EMAIL))
    client.post(link, data={"password": PASSWORD})
    client.post("/account/sign-out")
    assert "This link has been used" in client.get(link).text


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("short", "Password must be 10 characters or more"),
        ("password1234", "Enter a password that is harder to guess"),
        ("1234567890", "Enter a password that is harder to guess"),
        ("nia.new123", "Enter a password that is harder to guess"),
        ("", "Enter a password"),
        ("nul\x00byte in a long password", "must not have hidden control characters"),
        ("x" * 10_000, "Password must be 200 characters or fewer"),
    ],
)
def test_weak_passwords_are_refused_with_a_reason(client, session, password, message):
    page = sign_up(client, password=password).text
    assert message in page
    assert 'value="Nia New"' in page
    assert user_by_email(EMAIL) is None


@pytest.mark.parametrize("password", ["violet tractor harbour", "7% of üñí lantern 🙂 ok"])
def test_long_passwords_of_any_characters_work(client, session, last_email, password):
    sign_up(client, password=password)
    client.post(link_in(last_email(EMAIL)), data={"password": password})
    assert client.get("/account").status_code == 200


def test_a_hundred_characters_that_nobody_would_guess_are_a_good_password(
    client, session, last_email
):
    password = "tractor-violet-harbour-" * 4 + "lanterns"
    assert len(password) == 100
    assert sign_up(client, password=password).status_code == 302


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "שלום", "🙂 Smile", "=1+1"])
def test_odd_names_are_shown_as_they_are(client, session, last_email, name):
    sign_up(client, name=name)
    client.post(link_in(last_email(EMAIL)), data={"password": PASSWORD})
    page = client.get("/account/name").text
    assert "<script>alert" not in page
    assert user_by_email(EMAIL).name == name


def test_a_broken_link_says_what_to_do(client, session):
    answer = client.get("/account/confirm/nonsense")
    assert answer.status_code == 404
    assert "This link no longer works" in answer.text

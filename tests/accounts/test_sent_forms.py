"""A form is sent once, for the organisation it was opened for, and what is typed is never lost."""

import re
import threading
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import UserSession
from portal.clock import clock_at, now
from portal.db import db
from portal.innovations.models import Innovation
from portal.privacy.tasks import clear_all
from portal.web.kept import KEPT_FOR
from portal.web.models import KeptForm, SentForm
from portal.web.sending import SAME_AGAIN
from tests import makers
from tests.cast import Cast
from tests.conftest import make_app
from tests.pages import PageClient, opened, sign_in
from tests.postgres import fresh_database
from tests.tables import fill

ANSWER = {"name": "Breathe Easy", "summary": "Coaches people."}
REGISTER = "/innovations/register?another=1"


def records(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count(Innovation.id))) or 0


def test_the_same_form_sent_twice_leads_to_what_the_first_made(
    as_, cast: Cast, session: Session
) -> None:
    browser = as_(cast.innovator)
    data = {**ANSWER, "opened": opened(browser.get(REGISTER).text)}
    first = browser.post(REGISTER, data=data)
    second = browser.post(REGISTER, data=data)
    assert (first.status_code, second.status_code) == (302, 303)
    assert second.location == first.location
    assert records(session) == 1
    assert "It was saved once." in browser.get(second.location).text


def test_a_refused_form_may_be_sent_again_with_its_own_key(
    as_, cast: Cast, session: Session
) -> None:
    browser = as_(cast.innovator)
    key = opened(browser.get(REGISTER).text)
    shown = browser.post(REGISTER, data={"name": "", "opened": key})
    assert opened(shown.text) == key
    assert browser.post(REGISTER, data={**ANSWER, "opened": key}).status_code == 302
    assert records(session) == 1


def test_going_back_in_the_registration_changes_the_draft(
    as_, cast: Cast, session: Session
) -> None:
    browser = as_(cast.innovator)
    key = opened(browser.get(REGISTER).text)
    browser.post(REGISTER, data={**ANSWER, "opened": key})
    again = browser.post(REGISTER, data={**ANSWER, "name": "Breathe Easier", "opened": key})
    assert again.status_code == 302
    assert session.scalars(select(Innovation.name)).all() == ["Breathe Easier"]
    back = browser.get("/innovations/register")
    assert back.location.endswith("/register/name")
    page = browser.get(back.location).text
    assert 'value="Breathe Easier"' in page
    assert "Register another innovation instead" in page
    assert browser.get(REGISTER).status_code == 200


def test_the_same_words_from_a_page_loaded_anew_are_asked_about(
    as_, cast: Cast, session: Session
) -> None:
    browser = as_(cast.innovator)
    browser.post(REGISTER, data={**ANSWER, "opened": opened(browser.get(REGISTER).text)})
    asked = browser.post(REGISTER, data={**ANSWER, "opened": opened(browser.get(REGISTER).text)})
    assert asked.status_code == 409
    assert "You have sent this already" in asked.text
    assert "Coaches people." in asked.text
    assert records(session) == 1
    repeated = browser.post(REGISTER, data={**ANSWER, "opened": opened(asked.text)})
    assert repeated.status_code == 302
    assert records(session) == 2
    with clock_at(now() + SAME_AGAIN * 2):
        later = browser.post(
            REGISTER, data={**ANSWER, "opened": opened(browser.get(REGISTER).text)}
        )
    assert later.status_code == 302


def test_other_words_under_a_used_key_are_kept_and_asked_about(
    as_, cast: Cast, session: Session
) -> None:
    browser = as_(cast.ics)
    key = opened(browser.get("/challenges/new").text)
    browser.post("/challenges/new", data={"title": "Falls", "opened": key})
    changed = browser.post("/challenges/new", data={"title": "Falls at home", "opened": key})
    assert changed.status_code == 409
    assert "What you changed since is <strong>not saved</strong>" in changed.text
    typed = re.findall(r'__key">(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>', changed.text, re.DOTALL)
    assert typed == [("The challenge in one line", "<p>Falls at home</p>")], (
        "the label, not the field's name"
    )


@pytest.fixture
def second(cast: Cast) -> int:
    """The innovator acts for the other company as well; returns that membership's id."""
    other = cast.other_innovator
    made = makers.membership(cast.innovator.user, other.organisation, other.membership.role)
    return made.id


def test_a_form_opened_for_another_organisation_is_not_saved(
    as_, cast: Cast, session: Session, second: int
) -> None:
    browser = as_(cast.innovator)
    data = {**ANSWER, "opened": opened(browser.get(REGISTER).text)}
    browser.post("/account/act-as", data={"membership": second})
    refused = browser.post(REGISTER, data=data)
    assert refused.status_code == 409
    assert "Brightwell Health" in refused.text
    assert "Coaches people." in refused.text
    assert records(session) == 0
    back = unescape(re.findall(r'name="next" value="([^"]+)"', refused.text)[-1])
    fields = {"membership": cast.innovator.membership.id, "next": back}
    switched = browser.post("/account/act-as", data=fields)
    page = browser.get(switched.location).text
    assert 'value="Breathe Easy"' in page
    assert browser.post(REGISTER, data={**ANSWER, "opened": opened(page)}).status_code == 302
    assert session.scalars(select(Innovation.organisation_id)).all() == [
        cast.innovator.organisation.id
    ]


def test_a_form_of_somebody_else_in_this_browser_shows_nobody_their_words(
    as_, cast: Cast, session: Session
) -> None:
    data = {**ANSWER, "opened": opened(as_(cast.innovator).get(REGISTER).text)}
    refused = as_(cast.colleague).post(REGISTER, data=data)
    assert refused.status_code == 409
    assert "Somebody else is signed in now" in refused.text
    assert "Coaches people." not in refused.text
    assert (records(session), session.scalar(select(func.count(KeptForm.token_hash)))) == (0, 0)


def end_sessions(session: Session) -> None:
    for row in session.scalars(select(UserSession)):
        row.revoked_at = now()
    session.commit()


def test_text_typed_after_the_session_ended_comes_back_after_signing_in(
    app: Flask, as_, cast: Cast, session: Session
) -> None:
    browser = as_(cast.innovator)
    data = {**ANSWER, "opened": opened(browser.get(REGISTER).text), "password": "secret one"}
    end_sessions(session)
    sent = browser.post(REGISTER, data=data)
    assert "/account/sign-in?next=" in sent.location
    assert "what you typed is kept" in browser.get(sent.location).text
    (row,) = session.scalars(select(KeptForm)).all()
    assert b"Breathe" not in row.sealed
    token = browser.get_cookie("kept")
    assert token
    address = unquote(sent.location.split("next=")[1])
    back = sign_in(app, cast.innovator)
    back.set_cookie("kept", token.value)
    page = back.get(address).text
    assert 'value="Breathe Easy"' in page
    assert "Nothing is saved yet" in page
    assert "secret one" not in page
    stranger = sign_in(app, cast.colleague)
    stranger.set_cookie("kept", token.value)
    assert "Breathe Easy" not in stranger.get(address).text
    with clock_at(now() + KEPT_FOR * 2):
        assert "Breathe Easy" not in sign_in(app, cast.innovator).get(address).text


def test_somebody_who_never_was_signed_in_keeps_nothing(client, session: Session) -> None:
    assert client.post("/challenges/new", data={"title": "Filling the disk"}).status_code == 302
    forged = {"title": "Filling the disk", "opened": "W10.forged"}
    assert client.post("/challenges/new", data=forged).status_code == 302
    assert session.scalar(select(func.count(KeptForm.token_hash))) == 0


def test_text_sent_with_an_expired_token_comes_back(
    app: Flask, as_, cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    browser = as_(cast.innovator)
    data = {**ANSWER, "opened": opened(browser.get(REGISTER).text), "csrf_token": "of yesterday"}
    sent = browser.post(REGISTER, data=data)
    assert (sent.status_code, "kept=1" in sent.location) == (303, True)
    page = browser.get(sent.location).text
    assert 'value="Breathe Easy"' in page
    assert "open for too long" in page
    assert records(session) == 0


def test_leaving_the_registration_saves_what_is_typed(as_, cast: Cast, session: Session) -> None:
    browser = as_(cast.innovator)
    sent = browser.post(REGISTER, data={**ANSWER, "then": "leave"})
    (record,) = session.scalars(select(Innovation)).all()
    assert sent.location.endswith(f"/innovations/{record.id}/edit")
    step = f"/innovations/{record.id}/register/problem"
    page = browser.get(step).text
    assert "Leave it here and come back later</button>" in " ".join(page.split())
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    left = {"need": "People wait too long.", "version": version[1], "then": "leave"}
    assert browser.post(step, data=left).location.endswith("/edit")
    assert "People wait too long." in browser.get(step).text
    empty = {"need": "", "version": "1", "then": "leave"}
    assert browser.post(step, data=empty).status_code == 302


def test_every_night_what_nobody_needs_is_forgotten(as_, cast: Cast, session: Session) -> None:
    browser = as_(cast.innovator)
    browser.post(REGISTER, data={**ANSWER, "opened": opened(browser.get(REGISTER).text)})
    assert session.scalar(select(func.count(SentForm.key_hash))) == 1
    with clock_at(now() + SAME_AGAIN * 24 * 40):
        clear_all(lambda *_, **__: None)
    assert session.scalar(select(func.count(SentForm.key_hash))) == 0


@pytest.fixture
def served(postgres_url: str, tmp_path: Path) -> Flask:
    """The application on a PostgreSQL database of its own, whose commits are real."""
    with fresh_database(postgres_url, tmp_path) as url:
        app = make_app(url, tmp_path)
    app.test_client_class = PageClient
    with app.app_context():
        fill()
    return app


def test_eight_connections_that_send_one_form_at_once_make_one_record(served: Flask) -> None:
    with served.app_context():
        cast = Cast()
        db.session.commit()
        key = opened(sign_in(served, cast.innovator).get(REGISTER).text)
        browsers = [sign_in(served, cast.innovator) for _ in range(8)]
    gate, answers = threading.Barrier(len(browsers)), []

    def send(browser: PageClient) -> None:
        gate.wait()
        answers.append(browser.post(REGISTER, data={**ANSWER, "opened": key}))

    threads = [threading.Thread(target=send, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [302] + [303] * 7
    assert len({answer.location for answer in answers}) == 1
    with served.app_context():
        assert db.session.scalar(select(func.count(Innovation.id))) == 1
        db.session.rollback()
        db.engine.dispose()

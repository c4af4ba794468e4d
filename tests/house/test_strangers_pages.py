"""What strangers read sets no cookie and is made once for all of them.

Of the pages without a number in their address; those with one are tried in their rooms.
"""

from collections.abc import Callable, Iterator
from itertools import count
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session

from portal.challenges.models import Readers
from portal.clock import clock_at, now
from portal.figures.queries import kept
from portal.figures.views.strangers import for_strangers
from tests import makers
from tests.cast import Cast
from tests.statements import Statements

SALT = "wtf-csrf-token"

THEIR_OWN = {
    "/account/check-your-email": "what somebody just typed",
    "/account/password/forgotten": "a form",
    "/account/sign-in": "a form",
    "/account/sign-up": "a form",
    "/api/v1/docs": "shown by a script of its own",
    "/search": "counted, and a form for what was not found",
    "/search/gap": "a form",
}
"""Pages that each stranger gets for themselves, and why."""


def _addresses(app: Flask) -> list[str]:
    """Return every public address without a number in it."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if not rule.arguments
        and "GET" in (rule.methods or ())
        and getattr(app.view_functions[rule.endpoint], "is_public", False)
    )


def test_a_cookie_is_set_only_by_a_page_with_a_form(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    wrong = []
    for address in _addresses(app):
        client.delete_cookie("session")
        answer = client.get(address)
        if ("Set-Cookie" in answer.headers) and 'method="post"' not in answer.text:
            wrong.append(address)
    assert wrong == []


def test_a_page_is_kept_for_all_strangers(app: Flask, client: FlaskClient, cast: Cast) -> None:
    own = set()
    for address in _addresses(app):
        client.delete_cookie("session")
        answer = client.get(address)
        is_page = answer.status_code == 200 and answer.mimetype == "text/html"
        if is_page and not answer.headers["Cache-Control"].startswith("public"):
            own.add(address)
    assert own == set(THEIR_OWN)


def test_what_changes_is_shown_at_once(client: FlaskClient, cast: Cast, session: Session) -> None:
    challenge = makers.challenge("Falls at night", of=cast.ics, readers=Readers.PUBLIC)
    first = client.get("/challenges")
    told = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/challenges", headers=told).status_code == 304
    challenge.title = "Falls in care homes"
    session.flush()
    assert "Falls in care homes" in client.get("/challenges", headers=told).text


def test_the_page_of_a_challenge_sets_no_cookie(client: FlaskClient, cast: Cast) -> None:
    challenge = makers.challenge("Falls at night", of=cast.ics, readers=Readers.PUBLIC)
    assert "Set-Cookie" not in client.get(f"/challenges/{challenge.id}").headers


# What a cookie holds


def _with_cookie(app: Flask, **held: object) -> FlaskClient:
    """Return the browser of a stranger whose cookie holds the token of forms, and more."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["csrf_token"], cookie["_fresh"] = uuid4().hex, False
        cookie.update(held)
    return client


@pytest.fixture
def one_minute() -> Iterator[None]:
    """Let the test be over within the minute for which a page is kept."""
    with clock_at(now()):
        yield


@pytest.mark.usefixtures("one_minute")
def test_who_was_at_the_sign_in_page_reads_what_is_kept(
    app: Flask, client: FlaskClient, statements: Statements
) -> None:
    client.get("/account/sign-in")
    client.get("/challenges")  # Flask-Login writes into a new cookie
    first = client.get("/challenges")
    assert first.headers["Cache-Control"] == "no-cache, private"
    with statements.at_most(1):  # the marks
        again = client.get("/challenges")
    assert again.text == first.text
    told = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/challenges", headers=told).status_code == 304
    with statements.at_most(1):
        assert app.test_client().get("/challenges").text == first.text


@pytest.mark.usefixtures("one_minute")
def test_what_is_made_for_one_cookie_is_what_everybody_gets(app: Flask, isolated: None) -> None:
    for address in sorted(set(_addresses(app)) - set(THEIR_OWN)):
        kept.forget()
        made_for_one = _with_cookie(app).get(address).data
        kept.forget()
        made_for_all = app.test_client().get(address)
        if made_for_all.headers.get("Cache-Control", "").startswith("public"):
            assert made_for_one == made_for_all.data, address


def _shown_to(app: Flask, view: Callable[[], str], path: str, **held: object) -> str:
    """Return what a view for strangers answers to one whose cookie holds this."""
    cookie = _with_cookie(app, **held).get_cookie("session")
    assert cookie is not None
    headers = {"Cookie": f"session={cookie.value}"}
    with app.app_context(), app.test_request_context(path, headers=headers):
        return for_strangers(view)().get_data(as_text=True)


def test_the_token_of_a_form_is_nobody_elses(app: Flask, isolated: None) -> None:
    def form() -> str:
        return str(generate_csrf())

    one, other = uuid4().hex, uuid4().hex
    shown = [_shown_to(app, form, "/form", csrf_token=token) for token in (one, other, one)]
    read = URLSafeTimedSerializer(str(app.secret_key), salt=SALT)
    assert [read.loads(text) for text in shown] == [one, other, one]


@pytest.mark.usefixtures("one_minute")
@pytest.mark.parametrize("name", ["_flashes", "portal_session", "sign_in", "begun", "_user_id"])
def test_a_cookie_that_holds_more_gets_a_page_of_its_own(
    app: Flask, isolated: None, name: str
) -> None:
    made = count()

    def page() -> str:
        return str(next(made))

    path = f"/page-of-{name}"
    assert [_shown_to(app, page, path) for _ in range(2)] == ["0", "0"]
    assert _shown_to(app, page, path, **{name: "own"}) == "1"
    assert _shown_to(app, page, path) == "0"


def test_a_message_is_shown_to_whom_it_is_for(app: Flask, cast: Cast) -> None:
    told = _with_cookie(app, _flashes=[("message", "Your question is sent.")])
    other = _with_cookie(app)
    assert "Your question is sent." not in other.get("/challenges").text
    assert "Your question is sent." in told.get("/challenges").text
    assert "Your question is sent." not in other.get("/challenges").text
    assert "Your question is sent." not in told.get("/challenges").text

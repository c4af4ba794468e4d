"""Error pages say what to do, and never what broke."""

from pathlib import Path

import pytest

from portal.accounts.rules import new_token
from portal.accounts.services import open_session
from tests import makers
from tests.pages import PageClient, client_with
from tests.web.gallery import make_app


@pytest.mark.parametrize("code", [400, 403, 404, 409, 410, 413, 415, 422, 429])
def test_every_error_has_a_page_of_its_own(visitor: PageClient, code: int) -> None:
    answer = visitor.get(f"/fail/{code}")
    assert answer.status_code == code
    assert "nhsuk-header" in answer.get_data(as_text=True)


def test_a_wrong_method_has_a_page_and_says_which_are_allowed(visitor: PageClient) -> None:
    answer = visitor.post("/list")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "The request could not be read" in answer.get_data(as_text=True)


# A stranger is asked to sign in where there is nothing for them: nobody learns what exists.
@pytest.mark.parametrize(("raised", "code"), [(4000, 400), (4030, 403), (4040, 302), (4090, 409)])
def test_a_refusal_of_a_service_becomes_its_page(
    visitor: PageClient, raised: int, code: int
) -> None:
    assert visitor.get(f"/fail/{raised}").status_code == code


def test_a_conflict_shows_the_services_words_escaped(visitor: PageClient) -> None:
    assert "Words for &lt;you&gt;" in visitor.get("/fail/4090").get_data(as_text=True)


def test_a_save_that_was_overtaken_in_the_last_instant_is_a_conflict(visitor: PageClient) -> None:
    answer = visitor.get("/fail/4091")
    assert answer.status_code == 409
    assert "UPDATE" not in answer.get_data(as_text=True)


def test_not_found_does_not_say_that_there_is_something(visitor: PageClient) -> None:
    assert "Words" not in visitor.get("/fail/4040").get_data(as_text=True)


def test_a_broken_view_shows_an_apology_and_asks_nobody_who_is_there(visitor: PageClient) -> None:
    visitor.get("/sign-in")
    answer = visitor.get("/fail/500")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "problem with the service" in page
    assert "boom" not in page
    assert "Sign out" not in page  # no user was loaded: the database may be what broke


def test_a_post_without_a_token_is_told_what_to_do(tmp_path: Path) -> None:
    app = make_app(str(tmp_path))
    app.test_client_class = PageClient
    answer = app.test_client().post("/everything", data={"name": "Ada"})
    assert answer.status_code == 400
    assert "Your page was open for too long" in answer.get_data(as_text=True)


def test_signing_out_with_the_headers_form_carries_a_token(tmp_path: Path) -> None:
    """The component's own log-out form has no place for one."""
    import re

    app = make_app(str(tmp_path))
    client = app.test_client()
    client.get("/sign-in")
    page = client.get("/list").get_data(as_text=True)
    form = re.search(r'<form class="nhsuk-header__account-form".*?</form>', page, re.S)
    assert form is not None
    token = re.search(r'name="csrf_token" value="([^"]+)"', form[0])
    assert token is not None
    assert client.post("/sign-out").status_code == 400
    assert client.post("/sign-out", data={"csrf_token": token[1]}).status_code == 302


def test_a_body_that_is_too_large_gets_its_page(tmp_path: Path) -> None:
    app = make_app(str(tmp_path), MAX_CONTENT_LENGTH=1000, WTF_CSRF_ENABLED=False)
    answer = app.test_client().post("/everything", data={"name": "x" * 5000})
    assert answer.status_code == 413
    assert "too large" in answer.get_data(as_text=True)


def test_too_many_attempts_get_their_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.web.access import public
    from portal.web.limits import limiter

    monkeypatch.setattr(limiter, "enabled", True)  # one limiter serves all applications
    app = make_app(str(tmp_path), RATELIMIT_ENABLED=True)

    @app.get("/once")
    @public
    @limiter.limit("1 per hour")
    def once() -> str:
        return "done"

    client = app.test_client()
    assert client.get("/once").status_code == 200
    answer = client.get("/once")
    assert answer.status_code == 429
    assert "Too many attempts" in answer.get_data(as_text=True)


def test_two_who_write_the_same_at_once_meet_in_a_page_that_says_so(
    app, session, cast, monkeypatch
):
    """The look before the write sees nothing: the other one's row is not there yet."""
    from portal.accounts.services import organisations

    newcomer = makers.user("New Person")
    token = new_token()
    open_session(user=newcomer, token=token)
    session.commit()
    monkeypatch.setattr(organisations, "organisation_named", lambda name: None)
    answer = client_with(app, newcomer.fs_uniquifier, token).post(
        "/account/organisations/new", data={"kind": "company", "name": "Brightwell Health"}
    )
    assert answer.status_code == 409

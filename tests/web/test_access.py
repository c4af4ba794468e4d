"""Every page is private unless it says otherwise."""

from pathlib import Path

import pytest
from flask import Flask, request
from flask_login import logout_user

from portal.web.addresses import safe_next
from tests.pages import PageClient
from tests.web.gallery import make_app


def test_a_stranger_is_sent_to_sign_in_and_brought_back(visitor: PageClient) -> None:
    answer = visitor.get("/private?a=1&b=2")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/private?a%3D1%26b%3D2"


def test_a_public_page_opens_for_a_stranger(visitor: PageClient) -> None:
    assert visitor.get("/everything").status_code == 200


def test_a_signed_in_person_may_open_a_private_page(visitor: PageClient) -> None:
    visitor.get("/sign-in")
    assert visitor.get("/private").get_data(as_text=True) == "secret"


def test_a_strangers_post_to_a_private_page_goes_to_sign_in_without_a_way_back(
    visitor: PageClient,
) -> None:
    answer = visitor.post("/sign-out")
    assert answer.status_code == 302
    assert answer.location == "/sign-in"


def test_a_session_that_a_later_hook_ends_opens_no_private_page(tmp_path: Path) -> None:
    """A copied cookie looks signed in until the server's own session table is asked."""
    app = make_app(str(tmp_path))
    app.before_request(lambda: None if request.path == "/sign-in" else (logout_user(), None)[1])
    client = app.test_client()
    client.get("/sign-in")
    answer = client.get("/private")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/private"


def test_static_files_and_unknown_addresses_need_no_sign_in(visitor: PageClient) -> None:
    with visitor.get("/static/portal.css") as answer:
        assert answer.status_code == 200
    assert visitor.get("/nowhere").status_code == 404


def test_an_endpoint_of_an_extension_can_be_opened_by_name(
    gallery: Flask, visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(gallery.config, "PUBLIC_ENDPOINTS", {"gallery.private"})
    assert visitor.get("/private").status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil",
        "",
        None,
    ],
)
def test_the_way_back_never_leads_elsewhere(target: str | None) -> None:
    assert safe_next(target) is None


def test_the_way_back_keeps_path_and_query() -> None:
    assert safe_next("/innovations?page=2&q=a%20b") == "/innovations?page=2&q=a%20b"

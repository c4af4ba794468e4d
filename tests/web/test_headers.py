"""What every answer says to browsers."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from flask import request

from tests.pages import PageClient
from tests.web.gallery import make_app


def test_the_policy_allows_nothing_that_is_not_ours(visitor: PageClient) -> None:
    policy = visitor.get("/everything").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy


def test_the_policy_knows_the_pages_only_inline_script(visitor: PageClient) -> None:
    answer = visitor.get("/everything")
    scripts = re.findall(r"<script([^>]*)>([^<]*)</script>", answer.get_data(as_text=True))
    inline = [code for attributes, code in scripts if "src=" not in attributes]
    assert len(inline) == 1
    digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


def test_pages_have_no_inline_styles_or_handlers(visitor: PageClient) -> None:
    for address in ("/everything", "/list?q=a&stage=deploy", "/nowhere"):
        page = visitor.get(address).get_data(as_text=True)
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page)


def test_a_post_over_https_is_accepted_with_the_referrer_that_our_policy_sends(
    tmp_path: Path,
) -> None:
    """Flask-WTF compares the referrer of every HTTPS POST: no-referrer would fail them all."""
    app = make_app(str(tmp_path))
    client = app.test_client()
    page = client.get("/everything", base_url="https://localhost")
    assert page.headers["Referrer-Policy"] == "same-origin"
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))
    assert token is not None
    sent = {"data": {"csrf_token": token[1]}, "base_url": "https://localhost"}
    referrer = {"Referer": "https://localhost/everything"}
    assert client.post("/everything", **sent).status_code == 400
    assert client.post("/everything", headers=referrer, **sent).status_code == 200


def test_https_is_remembered_only_when_it_was_used(visitor: PageClient) -> None:
    name = "Strict-Transport-Security"
    assert name not in visitor.get("/list").headers
    assert "max-age=31536000" in visitor.get("/list", base_url="https://localhost").headers[name]


def test_a_signed_in_persons_pages_are_not_stored(visitor: PageClient) -> None:
    assert visitor.get("/list").headers["Cache-Control"] == "no-cache, private"
    visitor.get("/sign-in")
    assert visitor.get("/list").headers["Cache-Control"] == "no-store"


def test_versioned_files_may_be_kept_for_a_year(visitor: PageClient) -> None:
    page = visitor.get("/everything").get_data(as_text=True)
    found = re.search(r'href="(/static/portal\.css\?v=[0-9a-f]{12})"', page)
    assert found is not None
    with visitor.get(found[1]) as versioned, visitor.get("/static/portal.css") as plain:
        assert "immutable" in versioned.headers["Cache-Control"]
        assert "immutable" not in plain.headers["Cache-Control"]


def test_a_library_file_named_by_its_version_may_be_kept(visitor: PageClient) -> None:
    path = "/static/vendor/nhsuk/nhsuk-frontend-10.6.1.min.js"
    with visitor.get(path) as answer:
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "192.0.2.7")])
def test_only_so_many_proxies_are_believed_as_are_ours(
    tmp_path: Path, proxies: int, seen: str
) -> None:
    app = make_app(str(tmp_path), TRUSTED_PROXIES=proxies)
    addresses = []
    app.before_request(lambda: addresses.append(request.remote_addr))
    app.test_client().get("/list", headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.7"})
    assert addresses == [seen]

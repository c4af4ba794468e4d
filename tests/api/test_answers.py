"""How every address answers: refusals, tags, compression, other sites, cookies."""

import gzip
import json

import pytest
from openapi_spec_validator import validate

from portal.accounts.models.tokens import TokenScope
from tests import makers


def test_the_document_is_valid_openapi(anybody):
    document = anybody.get("/openapi.json")
    assert document["openapi"] == "3.1.0"
    validate(document)


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/no-such-thing", 404),
        ("GET", "/innovations/0", 404),
        ("DELETE", "/innovations", 405),
        ("GET", "/records", 401),
        ("GET", "/challenges?limit=0", 422),
        ("GET", "/challenges?cursor=%21%21", 422),
        ("GET", "/challenges?updated_since=yesterday", 422),
        ("GET", "/innovations?stage=ATLANTIS", 422),
        ("GET", "/figures/national?quarter=2026-27-Q9", 422),
    ],
)
def test_every_refusal_is_a_problem(anybody, method, path, code):
    answer = anybody.ask(path, method)
    said = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (code, "application/problem+json"), answer.text
    assert said["status"] == code
    assert said["detail"]
    if code == 422:
        assert said["errors"]
    if code == 401:
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    if code == 405:
        assert "GET" in answer.headers["Allow"]


def test_pages_keep_their_own_refusals(client):
    assert client.get("/no-such-page").mimetype == "text/html"
    assert client.post("/api/v1/docs").mimetype == "text/html"


def test_a_mistake_of_ours_is_a_problem_too(app, anybody, monkeypatch):
    monkeypatch.setattr("portal.api.queries.places.every_ics", lambda: 1 / 0)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = anybody.ask("/reference/icss")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert "division" not in answer.text


def test_what_is_known_already_is_not_sent_again(anybody):
    first = anybody.ask("/reference/icss")
    again = anybody.ask("/reference/icss", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_long_answers_are_compressed_for_who_can_read_that(anybody):
    plain = anybody.ask("/reference/icss")
    small = anybody.ask("/reference/icss", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(small.data)) == plain.get_json()
    assert len(small.data) < len(plain.data) / 4
    assert "Accept-Encoding" in small.headers["Vary"]


def test_other_sites_may_read_what_is_public_and_nothing_else(anybody, by, cast):
    origin = {"Origin": "https://example.org"}
    allowed = "Access-Control-Allow-Origin"
    assert anybody.ask("/challenges", headers=origin).headers[allowed] == "*"
    assert allowed not in anybody.ask("/records", headers=origin).headers
    program = by(cast.hin)
    for path in ("/challenges", "/records"):
        assert allowed not in program.ask(path, headers=origin).headers
    wish = {**origin, "Access-Control-Request-Headers": "authorization"}
    answer = anybody.ask("/challenges", "OPTIONS", headers=wish)
    assert "Access-Control-Allow-Headers" not in answer.headers


def test_who_may_keep_an_answer(anybody, by, cast):
    assert "public" in anybody.ask("/challenges").headers["Cache-Control"]
    assert by(cast.hin).ask("/challenges").headers["Cache-Control"] == "private, no-cache"
    assert anybody.ask("/records").headers["Cache-Control"] == "no-store"


def test_a_cookie_counts_nothing_and_none_is_set(as_, cast, session):
    hidden = makers.innovation("For HINs", of=cast.innovator)
    browser = as_(cast.hin)
    assert browser.get(f"/innovations/{hidden.id}").status_code == 200
    assert browser.get(f"/api/v1/innovations/{hidden.id}").status_code == 404
    answer = browser.get("/api/v1/records")
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers


def test_a_body_that_is_no_json_or_does_not_fit_is_told_by_field(by, cast):
    program = by(cast.hin, TokenScope.INTERACTIONS)
    assert program.ask("/interactions", "POST", data="{").status_code in {400, 415, 422}
    said = program.ask("/interactions", "POST", json={"minutes": 7, "kinds": 1}).get_json()
    assert {"minutes", "innovations", "kind", "on", "support_kinds"} <= set(said["errors"])


def test_asking_too_often_is_slowed_down(app, anybody, by, cast, monkeypatch):
    from limits import RateLimitItemPerMinute

    from portal.api.views import allowance

    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    monkeypatch.setattr(allowance, "AN_ADDRESS", RateLimitItemPerMinute(2, namespace="test"))
    codes = [anybody.ask("/reference/bank-holidays").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    answer = anybody.ask("/reference/bank-holidays")
    assert answer.mimetype == "application/problem+json"
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert by(cast.hin).ask("/reference/bank-holidays").status_code == 200


def test_the_page_about_it_shows_every_operation(client, anybody):
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    for path in anybody.get("/openapi.json")["paths"]:
        assert path in page.text
    assert client.get("/api").location.endswith("/api/v1/docs")

"""The personal link: it cannot be guessed or reused after closing, and shows one return alone."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.rules import hashed
from portal.clock import clock_at
from portal.db import db
from portal.impact.models import CompanyReturn, ReturnKey, ReturnState, Via
from portal.impact.services.campaigns import send_link, take_in
from tests.cast import Cast
from tests.impact import makers
from tests.pages import opened


@pytest.fixture
def link(asked: CompanyReturn, cast: Cast) -> str:
    """The path of a link that somebody at Brightwell Health was sent."""
    send_link(row=asked, email="finance@example.org", by=cast.hin.actor)
    db.session.commit()
    return makers.links_sent()[0]


def test_somebody_answers_without_an_account(app: Flask, link: str, asked: CompanyReturn) -> None:
    browser = app.test_client()
    shown = browser.get(link)
    assert "Brightwell Health" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    answer = browser.post(link)
    assert answer.location == "/impact/answer"
    form = browser.get("/impact/answer")
    assert form.headers["Cache-Control"] == "no-store"
    data = makers.FORM | {"version": str(asked.version)}
    tab = {**data, "evidence": "From a second tab", "opened": opened(form.text)}
    assert browser.post("/impact/answer", data=data).status_code == 302
    assert "Your answer is handed in" in browser.get("/impact/answer").text
    second = browser.post("/impact/answer", data=tab)
    assert second.status_code == 409
    assert "not saved" in second.text
    assert "From a second tab" in second.text
    db.session.expire_all()
    assert (asked.state, asked.via) == (ReturnState.HANDED_IN, Via.LINK)
    assert (asked.jobs_created, asked.share_owed, asked.may_publish) == (2.5, 50, True)
    assert [(one.kind.value, one.pounds) for one in asked.investments] == [("grant", 40_000)]
    assert asked.steps[-1].answer["investments"] == {"grant": 40_000}


def test_opening_it_as_mail_programs_do_uses_nothing_and_shows_no_answer(
    app: Flask, link: str, asked: CompanyReturn
) -> None:
    asked.evidence, asked.jobs_created, asked.state = "Secret grant", 77.5, ReturnState.BEGUN
    db.session.commit()
    scanner = app.test_client()
    for _ in range(3):
        text = scanner.get(link).text
        assert "Secret grant" not in text
        assert "77.5" not in text
    assert scanner.get("/impact/answer").status_code == 404
    db.session.expire_all()
    assert asked.keys[0].opened_at is None
    assert asked.state is ReturnState.BEGUN
    scanner.post(link)
    db.session.expire_all()
    assert asked.keys[0].opened_at is not None
    assert "77.5" in scanner.get("/impact/answer").text


def test_the_key_is_kept_as_a_hash_and_cannot_be_guessed(
    app: Flask, link: str, asked: CompanyReturn
) -> None:
    key = link.rsplit("/", 1)[1]
    stored = db.session.query(ReturnKey).one().key_hash
    assert stored == hashed(key) != key
    assert len(key) >= 43  # 256 random bits
    for guess in (stored, key[:-1], key.swapcase(), "1", "nothing", "%00", "a" * 5000):
        assert app.test_client().get(f"/impact/answer/{guess}").status_code in {404, 405}
        assert app.test_client().post(f"/impact/answer/{guess}").status_code in {404, 405}


def test_it_opens_nothing_once_the_return_has_closed(
    app: Flask, link: str, asked: CompanyReturn
) -> None:
    browser = app.test_client()
    browser.post(link)
    data = makers.FORM | {"version": str(asked.version)}
    with clock_at(makers.NOW + timedelta(days=30)):
        assert browser.get(link).status_code == 200
    with clock_at(makers.NOW + timedelta(days=31)):
        assert app.test_client().get(link).status_code == 404
        assert app.test_client().post(link).status_code == 404
        # Nor for a browser that began before.
        assert browser.get("/impact/answer").status_code == 404
        assert browser.post("/impact/answer", data=data).status_code == 404
        assert browser.post("/impact/answer/nothing", data=data).status_code == 404
    db.session.expire_all()
    assert asked.state is ReturnState.ASKED


def test_it_shows_no_other_company(app: Flask, link: str, asked: CompanyReturn, cast: Cast) -> None:
    company = makers.supported(cast.other_innovator, (cast.hin, 30), name="Theirs")
    take_in(campaign=asked.campaign)
    other = makers.of(company, asked.campaign)
    db.session.commit()
    browser = app.test_client()
    browser.post(link)
    assert "Northgate" not in browser.get("/impact/answer").text
    # A browser with a link is nobody: the pages of returns stay closed.
    for path in (f"/impact/returns/{other.id}", f"/impact/returns/{asked.id}", "/impact/returns"):
        assert browser.get(path).status_code == 302
    data = makers.FORM | {"version": str(other.version), "return_id": str(other.id)}
    browser.post("/impact/answer", data=data)
    db.session.expire_all()
    assert other.state is ReturnState.ASKED


def test_an_answer_that_stands_is_not_written_over_by_the_link(
    app: Flask, link: str, asked: CompanyReturn
) -> None:
    browser, second = app.test_client(), app.test_client()
    for one in (browser, second):
        one.post(link)
        one.get("/impact/answer")
    data = makers.FORM | {"version": str(asked.version)}
    assert browser.post("/impact/answer", data=data).status_code == 302
    late = second.post("/impact/answer", data=data | {"jobs_created": "90"})
    assert "that one stands" in late.text
    db.session.expire_all()
    assert asked.jobs_created == 2.5
    assert len([s for s in asked.steps if s.kind.value == "handed_in"]) == 1


def test_nothing_to_report_is_one_click(app: Flask, link: str, asked: CompanyReturn) -> None:
    browser = app.test_client()
    browser.post(link)
    sent = browser.post("/impact/answer/nothing", data={"version": str(asked.version)})
    assert sent.status_code == 302
    db.session.expire_all()
    assert (asked.state, asked.jobs_created, asked.share_owed) == (ReturnState.HANDED_IN, 0.0, 0)

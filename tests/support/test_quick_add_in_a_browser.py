"""Logging an interaction as somebody does it: steps and seconds, in a real browser."""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from portal.accounts.rules import new_token
from portal.accounts.services import open_session
from portal.db import db
from portal.support import queries
from portal.support.models import Interaction
from portal.support.services import engagements
from tests import makers
from tests.cast import Cast
from tests.conftest import make_app
from tests.pages import client_with
from tests.postgres import fresh_database
from tests.serving import served
from tests.support.conftest import engage
from tests.tables import fill

SECONDS, STEPS = 20, 4
"""The limit that was asked for, and what a person does: open, kind of support, note, log."""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def busy(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application of its own in which West Midlands supports Breathe Easy."""
    folder = tmp_path_factory.mktemp("quick")
    with fresh_database(database_url, folder / "quick.db") as url:
        app = make_app(url, folder)
        with app.app_context():
            fill()
            cast = Cast()
            record = makers.innovation(of=cast.innovator)
            case = queries.engagement_of(record.id, cast.hin.actor.hin_id)
            assert case is not None
            engagements.pick_up(engagement=case, version=case.version, by=cast.hin.actor)
            engage(case, cast.hin, level=1)
            token = new_token()
            open_session(user=cast.hin.user, token=token, membership=cast.hin.membership)
            uniquifier = cast.hin.user.fs_uniquifier
            db.session.commit()
            db.engine.dispose()
        cookie = client_with(app, uniquifier, token).get_cookie(app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        app.config["COOKIE"] = {"name": cookie.key, "value": cookie.value}
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def address(busy: Flask) -> Iterator[str]:
    """Where it is served."""
    with served(busy) as where:
        yield where


def signed_in(browser: Browser, busy: Flask, address: str, *, scripts: bool) -> BrowserContext:
    """Return a browser with the cookie of Hana West's session."""
    context = browser.new_context(base_url=address, java_script_enabled=scripts)
    context.add_cookies([{**busy.config["COOKIE"], "domain": "127.0.0.1", "path": "/"}])
    return context


def steps(page: Page, start: str, note: str) -> int:
    """Log an interaction from a page, counting what a person does; returns how many steps."""
    opening = (
        "Log an interaction with Breathe Easy" if "/support?" in start else "Log an interaction"
    )
    page.get_by_role("link", name=opening).or_(page.get_by_role("button", name=opening)).click()
    page.get_by_label("Evidence", exact=True).check()
    page.get_by_label("Note (optional)").fill(note)
    page.get_by_role("button", name="Log it").click()
    page.get_by_text("Logged: call of 30 minutes with Breathe Easy.").wait_for()
    return STEPS


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("start", ["/support?queue=mine", "/innovations/1/support"])
def test_logging_takes_four_steps_and_less_than_twenty_seconds(
    busy: Flask,
    address: str,
    browser: Browser,
    capsys: pytest.CaptureFixture[str],
    start: str,
    scripts: bool,
) -> None:
    context = signed_in(browser, busy, address, scripts=scripts)
    page = context.new_page()
    page.goto(start)
    note = f"From {start} {scripts}"
    begun = time.monotonic()
    assert steps(page, start, note) == STEPS
    seconds = time.monotonic() - begun
    with capsys.disabled():
        sys.stdout.write(f" quick add: {STEPS} steps, {seconds:.1f} s ")
    assert seconds < SECONDS
    assert page.url.removeprefix(address).startswith(start), "it returns where the person was"
    context.close()
    with ThreadPoolExecutor(1) as aside:  # the browser's own loop runs in this thread
        assert aside.submit(minutes_noted, busy, note).result() == 30


def minutes_noted(app: Flask, note: str) -> int:
    """Return the minutes of the interaction with this note."""
    with app.app_context():
        wanted = select(Interaction.minutes).where(Interaction.note == note)
        return db.session.scalars(wanted).one()

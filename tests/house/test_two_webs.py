"""Two web processes with folders of their own, a worker with a third, one PostgreSQL: whatever is
done at one is there at the other, and nobody notices that one is killed."""

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from flask import Flask
from flask_security.utils import hash_password

from benchmarks.browsing import PASSWORD, Browser
from benchmarks.running import House, wait_until
from portal.db import db
from portal.innovations.models import Innovation, Section, Sharing
from portal.matching.services import ask_for_refresh
from portal.search.indexing import opening
from tests import makers
from tests.balancing import balanced
from tests.cast import Cast
from tests.conftest import make_app
from tests.innovations.test_evidence_files import PIECE, send
from tests.innovations.test_submitting import draft, submitted
from tests.tables import fill

CHALLENGE = {
    "title": "Too many falls of residents in care homes",
    "problem": "Nobody spots the risk of falls early.",
    "readers": "public",
}
SUMMARY = "Spots the risk of falls among residents of care homes early."


@dataclass
class Service:
    """The processes, the address of the proxy before the web, and a record."""

    first: House
    second: House
    address: str
    record: int
    app: Flask


def shared(url: str) -> dict[str, str]:
    """What documentation tells web processes on several machines."""
    plain = url.replace("+psycopg", "")
    secrets = ("SECRET_KEY", "SECURITY_PASSWORD_SALT", "TWO_FACTOR_SECRET", "AUDIT_KEY")
    return {
        **dict.fromkeys(secrets, "only for tests"),
        "JOBS_URL": plain,
        "LIMITS_URL": "database://",
        "FILES_STORE": "database",
        "SEARCH_INDEX": plain,
        "MATCHING_WORDS": "database",
    }


def made(app: Flask) -> int:
    """Make the tables, the people and a record with a piece of evidence; returns its number."""
    with app.app_context():
        fill()
        cast = Cast()
        for person in (cast.innovator, cast.ics, cast.other_ics):
            person.user.password = hash_password(PASSWORD)
        row = submitted(cast.innovator)
        draft(row, Section.EVIDENCE, cast.innovator, items=[{"id": None, **PIECE}])
        send(row, cast.innovator)
        found = row.id
        db.session.commit()
        rebuilt = app.test_cli_runner().invoke(args=["search", "rebuild"])
        assert rebuilt.exit_code == 0, rebuilt.output
    return found


@pytest.fixture
def service(database: str, tmp_path: Path) -> Iterator[Service]:
    """Two webs and a worker, each in a folder of its own."""
    settings = shared(database)
    named = ("JOBS_URL", "FILES_STORE", "SEARCH_INDEX", "MATCHING_WORDS")
    app = make_app(database, tmp_path / "made", **{name: settings[name] for name in named})
    record = made(app)
    houses = [House(tmp_path / name / "in", database, settings) for name in ("a", "b", "c")]
    with ExitStack() as stack:
        for house, what in zip(houses, ("web", "web", "worker"), strict=True):
            house.folder.mkdir(parents=True)
            stack.callback(house.kill_all)
            house.start(what)
        address = stack.enter_context(balanced(houses[0].port, houses[1].port))
        yield Service(houses[0], houses[1], address, record, app)
    with app.app_context():
        opening.let_go()
        app.extensions["portal-jobs"].huey.storage.close()
        db.engine.dispose()


@contextmanager
def reading(address: str, browser: Browser) -> Iterator[list[int]]:
    """Open pages all the while; yields the codes."""
    codes: list[int] = []
    done, begun = threading.Event(), threading.Event()

    def read() -> None:
        while not done.is_set():
            cookies = dict(browser.session.cookies)
            codes.append(requests.get(address, cookies=cookies, timeout=90).status_code)
            begun.set()

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    begun.wait(90)
    try:
        yield codes
    finally:
        done.set()
        thread.join()


def upload(browser: Browser, at: str, record: int, name: str) -> None:
    browser.open(f"{at}/innovations/{record}/edit/evidence/1/files")
    browser.send(browser.form("file"), files={"file": (name, name.encode())})


def preview(browser: Browser, at: str) -> str:
    browser.open(f"{at}/challenges/new")
    form = browser.form("title")
    form.action = f"{at}/challenges/preview"
    return browser.send(form, **CHALLENGE).partition("What looks close")[2]


def guess(at: str) -> int:
    """Try a wrong password; returns the code of the answer."""
    session = requests.Session()
    page = session.get(f"{at}/account/sign-in", timeout=90).text
    tokens = dict(re.findall(r'name="(csrf_token|opened)"[^>]*value="([^"]+)"', page))
    said = {"email": "otto.lane@example.org", "password": "a wrong password", **tokens}
    return session.post(f"{at}/account/sign-in", data=said, timeout=90).status_code


@pytest.mark.slow
def test_what_is_done_at_one_web_is_there_at_the_other_and_either_may_be_killed(
    service: Service,
) -> None:
    first, second, record = service.first.url, service.second.url, service.record
    # Sessions and uploads.
    ida = Browser(first, "ida.brown@example.org")
    upload(ida, first, record, "costs.csv")
    page = ida.open(f"{second}/innovations/{record}/edit/evidence/1/files")
    upload(ida, second, record, "more.csv")
    (file,) = set(re.findall(rf"/innovations/{record}/evidence/files/\d+", page))
    assert [ida.session.get(at + file, timeout=90).text for at in (first, second)] == [
        "costs.csv",
        "costs.csv",
    ]
    # Search, and what looks close: the worker has read what came since.
    with service.app.app_context():
        row = db.session.get_one(Innovation, record)
        company = SimpleNamespace(organisation=row.organisation, user=row.owner)
        shown = {"sharing": Sharing.PUBLIC, "summary": SUMMARY, "need": ""}
        makers.proven(makers.innovation("Steady Kiwi", of=company, **shown))
        ask_for_refresh()
        db.session.commit()
    isla = Browser(service.address, "isla.ward@example.org")
    for at in (first, second):
        wait_until(lambda at=at: "Steady Kiwi" in isla.open(f"{at}/search?q=kiwii"), "the index")
        wait_until(lambda at=at: "Steady Kiwi" in preview(isla, at), "the counted words")
    # Limits count what came to either.
    codes = [guess((first, second)[number % 2]) for number in range(12)]
    assert 429 in codes[-2:], codes
    assert set(codes[:9]) == {200}, codes
    # Either is killed.
    for house, name in ((service.first, "third.csv"), (service.second, "fourth.csv")):
        with reading(f"{service.address}/innovations/{record}", ida) as read:
            house.kill("web")
            upload(ida, service.address, record, name)
            assert "Steady Kiwi" in isla.open(f"{service.address}/search?q=kiwi")
        assert set(read) == {200}
        house.start("web")
    page = ida.open(f"{service.address}/innovations/{record}/edit/evidence/1/files")
    assert all(name in page for name in ("costs.csv", "more.csv", "third.csv", "fourth.csv"))

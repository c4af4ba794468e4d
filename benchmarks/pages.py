"""Measure every page of the demonstration: statements, processor time, and its ratio to one row.

    DEMO=1 INSTANCE=<a demonstration's folder> python -m benchmarks.pages [--all] [part of address]

Signs in as one person of each role and opens every page that has an address without numbers, those
of a record, a challenge, a list and a programme, and of every other page the first that a link on
these leads to (with a part of an address, of those with that part alone). Of each are printed the
statements, the milliseconds that the processor worked (half of the tries; waiting for others is
not counted) and how many times as long that is as a page of the same layout that reads one row
through the ORM, in the same run. Without `--all` only pages beyond a limit: 12 statements, or
300 ms. To measure at 10,000 records copy the folder and run `benchmarks.grow` on it first. Nothing
is written but sessions.
"""

import re
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from statistics import median

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from portal import create_app
from portal.adoption.models import EligibleList
from portal.challenges.models import Challenge, ChallengeState
from portal.db import db
from portal.demo import queries
from portal.demo.services import PASSWORD
from portal.innovations.models import Innovation
from portal.programmes.models import Programme
from portal.support.models import Engagement
from portal.web.access import public

PEOPLE = ("hin", "national", "ics", "innovator", "administrator")
TRIES = 3
MAX_STATEMENTS, MAX_MS = 12, 300.0
NOT_COUNTED = ("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")
LEFT_OUT = ("/account/sign", "/healthz", "/readyz", "/one-row", "/support/next", "/static")
LINK = re.compile(r'href="(/[^"#]*)')
ONE = '{% extends "layout.html" %}{% block content %}<h1>{{ row.name }}</h1>{% endblock %}'


@dataclass(frozen=True, slots=True)
class Measured:
    """What a page took."""

    person: str
    path: str
    status: int
    statements: int
    ms: float
    kilobytes: float
    leads_to: tuple[str, ...] = ()
    """The addresses of its links, as they stand on it."""


def one_row() -> str:
    """Show the name of one record: the page that the others are held against."""
    return render_template_string(ONE, row=db.session.scalars(select(Innovation).limit(1)).one())


def portal() -> Flask:
    """Return the portal with the page of one row."""
    app = create_app({"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False})
    app.add_url_rule("/one-row", view_func=public(one_row))
    return app


def signed_in(app: Flask, person: dict[str, str]) -> FlaskClient:
    """Return the browser of a person who has signed in."""
    client = app.test_client()
    client.post("/account/sign-in", data={"email": person["email"], "password": PASSWORD})
    if client.get("/home").status_code != 200:
        sys.exit(f"{person['email']} cannot sign in")
    return client


def addresses(app: Flask) -> list[str]:
    """Return every address without numbers, then some with."""
    rules = [one for one in app.url_map.iter_rules() if "GET" in (one.methods or ())]
    plain = {one.rule for one in rules if not one.arguments}
    kept = [one for one in plain if not one.startswith(LEFT_OUT)]
    with app.app_context():
        return sorted(kept) + list(_numbered())


def _numbered() -> Iterator[str]:
    engagement = select(Engagement.innovation_id).order_by(Engagement.level.desc().nulls_last())
    record = db.session.scalar(engagement.limit(1))
    for tab in ("", "/support", "/matches", "/proof", "/adoption", "/history", "/evidence"):
        yield f"/innovations/{record}{tab}"
    is_open = Challenge.state == ChallengeState.OPEN
    for challenge in db.session.scalars(select(Challenge.id).where(is_open).limit(2)):
        yield f"/challenges/{challenge}"
        yield f"/challenges/{challenge}/matches"
    yield f"/adoption/lists/{db.session.scalar(select(EligibleList.id).limit(1))}"
    yield f"/programmes/{db.session.scalar(select(Programme.code).limit(1))}"
    yield from ("/search?q=falls", "/search?q=remote+monitoring&sort=name", "/search.csv?q=care")
    yield from ("/innovations?page=3", "/support/interactions/download.csv")


def pages(app: Flask, client: FlaskClient, person: str, part: str) -> Iterator[Measured]:
    """Measure the pages whose addresses have this part: those of `addresses`, then one of each
    kind of address that links of the measured ones lead to."""
    waiting = deque(path for path in addresses(app) if part in path)
    known = {_kind(app, path) for path in waiting} | {""}
    while waiting:
        page = measured(client, person, waiting.popleft())
        yield page
        for path in page.leads_to:
            kind = _kind(app, path)
            if kind not in known and part in path and not path.startswith(LEFT_OUT):
                known.add(kind)
                waiting.append(path)


def _kind(app: Flask, path: str) -> str:
    """Return the rule of an address with its numbers unfilled; empty where it is no page."""
    try:
        return app.url_map.bind("localhost").match(path.partition("?")[0], return_rule=True)[0].rule
    except (HTTPException, RequestRedirect):
        return ""


def measured(client: FlaskClient, person: str, path: str, tries: int = TRIES) -> Measured:
    """Open a page once to warm what is kept, then as often as is measured."""
    ran: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(NOT_COUNTED):
            ran.append(statement)

    with client.application.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    times: list[float] = []
    status, content = _opened(client, path)
    for _ in range(tries if status == 200 else 0):
        ran.clear()
        begun = time.process_time()
        _opened(client, path)
        times.append((time.process_time() - begun) * 1000)
    event.remove(engine, "before_cursor_execute", note)
    found, size = (median(times), len(content) / 1024) if times else (0.0, 0)
    links = tuple(unescape(link) for link in LINK.findall(content.decode(errors="ignore")))
    return Measured(person, path, status, len(ran), found, size, links)


def _opened(client: FlaskClient, path: str) -> tuple[int, bytes]:
    """Open a page, read it to its end and close it, as a browser does: what is streamed reads rows
    until then. Returns its status and what it holds."""
    with client.get(path) as answer:
        return answer.status_code, answer.data


def main(*arguments: str) -> None:
    """Print a line for each page and person."""
    part = next((one for one in arguments if not one.startswith("--")), "")
    app = portal()
    print("| Page | Who | Statements | ms of processor | × one row | kB |")
    print("|---|---|---:|---:|---:|---:|")
    for person in (one for one in queries.people() if one["key"] in PEOPLE):
        client = signed_in(app, person)
        one = measured(client, person["key"], "/one-row", tries=9)
        for page in pages(app, client, person["key"], part):
            is_over = page.statements > MAX_STATEMENTS or page.ms > MAX_MS
            if page.status == 200 and (is_over or "--all" in arguments):
                _say(page, one)
        _say(one, one)


def _say(page: Measured, one: Measured) -> None:
    ratio = page.ms / one.ms
    told = (page.path, page.person, page.statements, f"{page.ms:.0f}", f"{ratio:.1f}")
    print(f"| {' | '.join(str(part) for part in told)} | {page.kilobytes:.0f} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

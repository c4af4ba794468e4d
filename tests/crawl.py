"""Try the ids of others on every route that takes one, as everybody, over a demonstration.

`python -m tests.crawl INSTANCE [TRIES]` takes the instance folder of a settled demonstration (it is
copied first) and how often each route is tried as each person: in so many rounds, each in another
order. It says how far it is, prints what it found and ends with 1 where that is anything.
`tests/house/test_crawl.py` tries the same kit on a few routes.

Which ids are *hidden* from a person stands in `tests/crawl_ids.py`.
Found is: a page or a change for a hidden id; another answer than for an id that nobody has; a part
of one row on the page of another; an event of the audit trail after a refusal; any error.
"""

import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Select, func, select
from werkzeug.routing import BuildError, Rule

from portal.accounts.models import Actor, User
from portal.audit.models import AuditEvent
from portal.db import MAX_ID, db
from portal.demo import services as demo
from tests.crawl_ids import HIDDEN, PARTS, Row

OPEN_TO_ALL = ("/account/join/",)
"""Whoever has an account may ask to join an organisation."""
SAID_EACH = 500
WORDS = {"kind": "csv", "section": "about", "code": "PROTOTYPE", "name": "x", "number": "1"}


def hidden_in(rule: Rule) -> dict[str, Row]:
    """Return the ids of a route that stand for themselves, with which rows are hidden."""
    room = rule.endpoint.split(".")[0]
    alone = rule.arguments - {name for _, name in parts_in(rule)}
    rows = {name: HIDDEN.get(f"{room}.{name}") or HIDDEN.get(name) for name in sorted(alone)}
    return {name: row for name, row in rows.items() if row is not None}


def parts_in(rule: Rule) -> list[tuple[str, str]]:
    """Return the ids of a route that belong to another one in it, each after that one."""
    return [pair for pair in PARTS if rule.arguments.issuperset(pair)]


@dataclass
class Somebody:
    """A person who is signed in: who they are, and how they get a browser."""

    name: str
    actor: Actor
    browser: Callable[[], FlaskClient]


@dataclass
class Crawl:
    """What was tried and found; `taken_back` undoes what is done inside it."""

    app: Flask
    connection: Connection
    taken_back: Callable[[], AbstractContextManager[None]]
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - no secret
    requests: int = 0
    found: Counter[str] = field(default_factory=Counter)
    rows: dict[object, list[int]] = field(default_factory=dict)
    parts: dict[object, list[tuple[int, Any]]] = field(default_factory=dict)
    seen: dict[object, list[Any]] = field(default_factory=dict)
    nobodys: dict[object, str] = field(default_factory=dict)
    """What each person gets for an id that nobody has, by address."""

    def run(self, people: list[Somebody], tries: int, rules: list[Rule] | None = None) -> None:
        """Try each route as each person so often."""
        for rule in rules if rules is not None else routes(self.app):
            for person in people:
                for address, expected in self._addresses(rule, person, tries):
                    for method in sorted({"GET", "POST"} & (rule.methods or set())):
                        self._try(rule, method, address, expected, person)

    def _addresses(self, rule: Rule, person: Somebody, tries: int) -> Iterator[tuple[str, str]]:
        """Yield addresses with a hidden id, each with the same address with an id of nobody."""
        values: dict[str, Any] = {name: self._word(rule, name) for name in rule.arguments}
        for name, row in hidden_in(rule).items():
            for one in self._some(self.hidden(row, person.actor), tries):
                yield (
                    self._url(rule, {**values, name: one}),
                    self._url(rule, {**values, name: MAX_ID}),
                )
        for of, name in parts_in(rule):
            for whole, part in self._strangers(rule, (of, name), person.actor, tries):
                mixed = {**values, of: whole, name: part}
                yield self._url(rule, mixed), self._url(rule, {**mixed, name: MAX_ID})

    def _word(self, rule: Rule, name: str) -> str:
        """Return a word that a part of an address takes: of a list, the first one on it."""
        listed = re.search(rf"<any\(([^)]+)\):{name}>", rule.rule)
        return listed[1].split(",")[0].strip("' ") if listed else WORDS.get(name, "1")

    def hidden(self, row: Row, actor: Actor) -> list[int]:
        """Return the ids of the rows that a person may not know of."""
        model, hides = row
        key = (id(hides), actor.user_id, actor.organisation_id)
        if key not in self.rows:
            with self.app.app_context():
                found = select(model.id).where(hides(actor))  # type: ignore[attr-defined]
                self.rows[key] = list(db.session.scalars(found))
        return self.rows[key]

    def _strangers(
        self, rule: Rule, pair: tuple[str, str], actor: Actor, tries: int
    ) -> Iterator[tuple[Any, int]]:
        """Yield what the person sees, with a part that belongs to another one."""
        if pair not in self.parts:
            with self.app.app_context():
                self.parts[pair] = [(part, of) for part, of in db.session.execute(PARTS[pair])]
        parts = self.parts[pair]
        key = (rule.rule, pair, actor.user_id, actor.organisation_id)
        if key not in self.seen:
            self.seen[key] = self._seen(rule, pair, actor)
        for whole in self._some(self.seen[key], tries):
            others = [part for part, of in parts if of != whole]
            if others:
                yield whole, self.chance.choice(others)

    def _seen(self, rule: Rule, pair: tuple[str, str], actor: Actor) -> list[Any]:
        """Return the ids of what may be opened, where parts of it stand in an address."""
        wholes = {of for _, of in self.parts[pair]}
        rows = hidden_in(rule)
        if pair[0] not in rows:
            return sorted(wholes)
        model, _ = rows[pair[0]]
        with self.app.app_context():
            every = set(db.session.scalars(_standing(model)))
        return sorted(every - set(self.hidden(rows[pair[0]], actor)))

    def _some(self, ids: list[Any], tries: int) -> list[Any]:
        return self.chance.sample(ids, min(tries, len(ids)))

    def _url(self, rule: Rule, values: Mapping[str, Any]) -> str:
        try:
            return self.app.url_map.bind("localhost").build(rule.endpoint, dict(values))
        except BuildError:
            return ""

    def _try(self, rule: Rule, method: str, address: str, nobodys: str, person: Somebody) -> None:
        if not address or address.startswith(OPEN_TO_ALL):
            return
        status, written = self._ask(person, method, address)
        if status == "405":
            return
        key = (person.name, method, nobodys)
        if key not in self.nobodys:
            self.nobodys[key], _ = self._ask(person, method, nobodys)
        expected = self.nobodys[key]
        where = f"{method} {rule.rule} as {person.name}"
        if status.startswith("5"):
            self.found[f"{where}: {status}"] += 1
        elif status != expected:
            self.found[f"{where}: {status}, {expected} for an id of nobody"] += 1
        elif status.startswith("2") or written:
            self.found[f"{where}: {status}, {written} events written"] += 1

    @property
    def told(self) -> str:
        """Return how far it is."""
        wrong = sum(self.found.values())
        return f"{self.requests:,} requests, {wrong} answers that should not be"

    def _ask(self, person: Somebody, method: str, address: str) -> tuple[str, int]:
        """Return the status, with where it leads, and how many events were written."""
        self.requests += 1
        if self.requests % SAID_EACH == 0:
            click.echo(f"{self.told}: {dict(self.found)}")
        counting = select(func.count(AuditEvent.id))
        with self.taken_back():
            before = self.connection.scalar(counting) or 0
            answer = person.browser().open(address, method=method)
            written = (self.connection.scalar(counting) or 0) - before
        leads = (answer.location or "").split("?")[0] if answer.status_code in {302, 303} else ""
        return f"{answer.status_code} {leads}".strip(), written


def _standing(model: Any) -> Select[Any]:
    """Return the ids of a table but of what became one with another row and leads there."""
    every = select(model.id)
    is_merged = hasattr(model, "merged_into_id")
    return every.where(model.merged_into_id.is_(None)) if is_merged else every


def routes(app: Flask) -> list[Rule]:
    """Return the routes that take an id of a kind that this knows."""
    return sorted(
        (rule for rule in app.url_map.iter_rules() if hidden_in(rule) or parts_in(rule)),
        key=lambda rule: rule.rule,
    )


def demonstrated(app: Flask) -> list[Somebody]:
    """Return the people of the demonstration whose names it prints, each signed in anew."""
    from portal.accounts.queries.acting import memberships_acting
    from portal.accounts.services import open_session
    from portal.accounts.session import actor_of
    from tests.pages import client_with

    found = []
    named = User.email.in_(list(demo.SIGN_INS.values()))
    users = select(User).where(named).order_by(User.id)
    for user in db.session.scalars(users).all():
        membership = next(iter(memberships_acting(user.id)), None)
        open_session(user=user, token=f"crawl {user.id}", membership=membership)
        cookie = (user.fs_uniquifier, f"crawl {user.id}")
        browser = lambda cookie=cookie: client_with(app, *cookie)  # noqa: E731 - one line
        found.append(Somebody(user.email.split("@")[0], actor_of(user, membership), browser))
    db.session.commit()
    return found


def main(instance: str, tries: int) -> int:
    """Crawl over a copy of an instance; returns 1 where something was found."""
    from tests.conftest import isolation, make_app

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(instance, Path(folder) / "instance"))
        app = make_app(f"sqlite:///{copy / 'portal.db'}", copy, DEMO=True)
        with isolation(app) as connection:
            with app.app_context():
                people = demonstrated(app)

            crawl = Crawl(app, connection, connection_taken_back(connection))
            for _ in range(tries):
                crawl.run(people, 1, crawl.chance.sample(every := routes(app), len(every)))
    click.echo(crawl.told)
    for what, count in sorted(crawl.found.items()):
        click.echo(f"{count:>5}  {what}")
    return 1 if crawl.found else 0


def connection_taken_back(connection: Connection) -> Callable[[], AbstractContextManager[None]]:
    """Return what takes back whatever is done inside, on a connection in a transaction."""
    from contextlib import contextmanager

    @contextmanager
    def taken_back() -> Iterator[None]:
        nested = connection.begin_nested()
        try:
            yield
        finally:
            nested.rollback()

    return taken_back


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2))

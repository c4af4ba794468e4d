"""Try the ids of others on every route that takes one, as everybody, over a demonstration.

`python -m tests.crawl INSTANCE [TRIES]` takes the instance folder of a settled demonstration (it is
copied first) and how often each route is tried as each person; it prints what it found and ends
with 1 where that is anything. `tests/house/test_crawl.py` tries the same kit on a few routes.

An id is *hidden* from a person by SQL that is written here again, or by a room's own `visible_to`.
Found is: a page or a change for a hidden id; another answer than for an id that nobody has; a part
of one record on the page of another; an event of the audit trail after a refusal; any error.
"""

import random
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
from sqlalchemy import ColumnElement, Connection, func, select, true
from werkzeug.routing import BuildError, Rule

from portal.accounts.models import Actor, Invitation, Membership, Organisation, User, UserSession
from portal.accounts.models.approvals import Approval
from portal.accounts.models.factors import Passkey
from portal.accounts.models.identities import Identity
from portal.accounts.models.tokens import ApiToken
from portal.api.models import Webhook
from portal.audit.models import AuditEvent
from portal.challenges.models import Challenge
from portal.challenges.queries import visible_to as challenges_seen
from portal.db import MAX_ID, Base, db
from portal.demo import services as demo
from portal.imports.models import Import
from portal.innovations.models import (
    Collaborator,
    CollaboratorInvitation,
    EvidenceFile,
    Innovation,
    StandardHeld,
    Transfer,
)
from portal.innovations.queries import visible_to as innovations_seen
from portal.introductions.models import Introduction
from portal.introductions.queries import visible_to as introductions_seen
from portal.jobs import Job
from portal.privacy.models import DataCopy
from portal.reference.models import Term
from portal.saved.models import SavedView, Shared
from portal.search.models import SavedSearch

Hides = Callable[[Actor], ColumnElement[bool]]
OPEN_TO_ALL = ("/account/join/",)
"""Whoever has an account may ask to join an organisation."""
WORDS = {"kind": "csv", "section": "about", "code": "PROTOTYPE", "name": "x", "number": "1"}


def _of_others(model: type[Any]) -> Hides:
    return lambda actor: model.user_id != actor.user_id


def _of_other_organisations(column: Any) -> Hides:
    return lambda actor: column != (actor.organisation_id or 0)


def _unless_administrator(hides: Hides) -> Hides:
    return lambda actor: ~true() if actor.is_administrator else hides(actor)


HIDDEN: Mapping[str, tuple[type[Base], Hides]] = {
    "innovation_id": (Innovation, lambda actor: ~innovations_seen(actor)),
    "other_id": (Innovation, lambda actor: ~innovations_seen(actor)),
    "challenge_id": (Challenge, lambda actor: ~challenges_seen(actor)),
    "introduction_id": (Introduction, lambda actor: ~introductions_seen(actor)),
    "session_id": (UserSession, _of_others(UserSession)),
    "passkey_id": (Passkey, _of_others(Passkey)),
    "identity_id": (Identity, _of_others(Identity)),
    "saved_id": (SavedSearch, _of_others(SavedSearch)),
    "import_id": (Import, _of_other_organisations(Import.organisation_id)),
    "webhook_id": (Webhook, _of_others(Webhook)),
    "token_id": (ApiToken, _unless_administrator(_of_others(ApiToken))),
    "copy_id": (DataCopy, _unless_administrator(_of_others(DataCopy))),
    "user_id": (User, _unless_administrator(lambda actor: true())),
    "approval_id": (Approval, _unless_administrator(lambda actor: true())),
    "job_id": (Job, _unless_administrator(lambda actor: true())),
    "term_id": (Term, _unless_administrator(lambda actor: true())),
    "organisation_id": (
        Organisation,
        _unless_administrator(_of_other_organisations(Organisation.id)),
    ),
    "membership_id": (
        Membership,
        _unless_administrator(_of_other_organisations(Membership.organisation_id)),
    ),
    "invitation_id": (
        Invitation,
        _unless_administrator(_of_other_organisations(Invitation.organisation_id)),
    ),
    "view_id": (
        SavedView,
        lambda actor: (SavedView.user_id != actor.user_id) & (SavedView.shared == Shared.ME),
    ),
}
"""By the name of the id in a route: its table, and which of its rows a person may not know of."""

PARTS: Mapping[str, type[Base]] = {
    "collaborator_id": Collaborator,
    "transfer_id": Transfer,
    "standard_id": StandardHeld,
    "invitation_id": CollaboratorInvitation,
    "file_id": EvidenceFile,
}
"""What belongs to one record and stands in the address after it."""


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
        values: dict[str, Any] = {name: WORDS.get(name, "1") for name in rule.arguments}
        for name in sorted(rule.arguments & HIDDEN.keys()):
            if name in PARTS and "innovation_id" in rule.arguments:
                continue
            for one in self._some(self.hidden(name, person.actor), tries):
                yield (
                    self._url(rule, {**values, name: one}),
                    self._url(rule, {**values, name: MAX_ID}),
                )
        for name in (
            sorted(rule.arguments & PARTS.keys()) if "innovation_id" in rule.arguments else ()
        ):
            for record, part in self._strangers(name, person.actor, tries):
                mixed = {**values, "innovation_id": record, name: part}
                yield self._url(rule, mixed), self._url(rule, {**mixed, name: MAX_ID})

    def hidden(self, name: str, actor: Actor) -> list[int]:
        """Return the ids of the rows that a person may not know of."""
        model, hides = HIDDEN[name]
        key = (name, actor.user_id, actor.organisation_id)
        if key not in self.rows:
            with self.app.app_context():
                found = select(model.id).where(hides(actor))  # type: ignore[attr-defined]
                self.rows[key] = list(db.session.scalars(found))
        return self.rows[key]

    def _strangers(self, name: str, actor: Actor, tries: int) -> Iterator[tuple[int, int]]:
        """Yield a record that the person sees and a part that belongs to another one."""
        model: Any = PARTS[name]
        with self.app.app_context():
            seen = list(db.session.scalars(select(Innovation.id).where(innovations_seen(actor))))
            parts = list(db.session.execute(select(model.id, model.innovation_id)))
        for record in self._some(seen, tries):
            others = [part.id for part in parts if part.innovation_id != record]
            if others:
                yield record, self.chance.choice(others)

    def _some(self, ids: list[int], tries: int) -> list[int]:
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

    def _ask(self, person: Somebody, method: str, address: str) -> tuple[str, int]:
        """Return the status, with where it leads, and how many events were written."""
        self.requests += 1
        counting = select(func.count(AuditEvent.id))
        with self.taken_back():
            before = self.connection.scalar(counting) or 0
            answer = person.browser().open(address, method=method)
            written = (self.connection.scalar(counting) or 0) - before
        leads = (answer.location or "").split("?")[0] if answer.status_code in {302, 303} else ""
        return f"{answer.status_code} {leads}".strip(), written


def routes(app: Flask) -> list[Rule]:
    """Return the routes that take an id of a kind that this knows."""
    known = HIDDEN.keys() | PARTS.keys()
    return sorted(
        (rule for rule in app.url_map.iter_rules() if rule.arguments & known),
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
            crawl.run(people, tries)
    click.echo(
        f"{crawl.requests:,} requests, {sum(crawl.found.values())} answers that should not be"
    )
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

"""The world of the table of access, with everybody signed in."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from portal.accounts.models import Actor, Membership
from portal.accounts.session import actor_of
from portal.db import db
from tests.cast import Cast
from tests.conftest import isolation, keep_to_the_end
from tests.house.shared import SharedWorld, house_world
from tests.pages import PageClient, client_with
from tests.together import of_the_run

TABLE = Path(__file__).parent.parent / "access.csv"
PROGRAMS = TABLE.with_name("api_access.csv")
"""What programs get, by a token of each person."""
PEOPLE = ("anonymous", *Cast.KINDS)


def rows(table: Path = TABLE) -> list[dict[str, str]]:
    """A table; a row twice is a mistake."""
    with table.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    keys = [(row["method"], row["path"]) for row in found]
    assert len(keys) == len(set(keys)), "a row stands twice in the table"
    return found


@dataclass
class Walk:
    """One of everything, made once; what a request does to it is taken back after it."""

    app: Flask
    connection: Connection
    shared: Path
    """A folder that all workers of this run have."""
    told: SharedWorld
    actors: dict[str, Actor]
    """Who each person is to policies and queries."""
    forms: dict[str, list[Any]] = field(default_factory=dict)
    """The forms that each person meets, once they were looked for."""
    signed: dict[str, str] = field(default_factory=dict)
    """The cookie of each person, once it was made."""

    @property
    def names(self) -> dict[str, object]:
        """The rows of the world by their names."""
        return self.told.names

    def open(self, person: str, method: str, path: str, **options: object) -> TestResponse:
        """Return what `person` gets, read to its end as a server does; the keys in `path` stand
        for rows of the world."""
        options.setdefault("buffered", True)
        with self.taken_back():
            return self.browser(person).open(path.format(**self.names), method=method, **options)

    def ask(self, person: str, method: str, path: str) -> TestResponse:
        """Return what a program of `person` gets, by their token."""
        token = self.told.tokens.get(person)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with self.taken_back():
            address = path.format(**self.names)
            body = {"json": {}} if method in {"POST", "PUT"} else {}
            body["buffered"] = True
            return self.app.test_client().open(address, method=method, headers=headers, **body)

    def browser(self, person: str) -> PageClient:
        """Return the browser of `person`."""
        client = self.app.test_client()
        if person != "anonymous":
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self._signed(person))
        return client

    def _signed(self, person: str) -> str:
        """Return the cookie of `person`: signed once, because every one of thousands of requests
        has a browser of its own."""
        if person not in self.signed:
            cookie = client_with(self.app, *self.told.cookies[person]).get_cookie(
                self.app.config["SESSION_COOKIE_NAME"]
            )
            self.signed[person] = cookie.value
        return self.signed[person]

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Take back whatever is done inside."""
        nested = self.connection.begin_nested()
        try:
            yield
        finally:
            nested.rollback()


@pytest.fixture(scope="session")
def walk(
    request: pytest.FixtureRequest, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walk]:
    """The world of the table, and everybody signed in; in a database of its own, in which one
    transaction is open as long as the tests run."""
    shared = of_the_run(tmp_path_factory, request.config)
    folder = tmp_path_factory.mktemp("house")
    with (
        house_world(shared, database_url, folder) as (app, told),
        isolation(app) as connection,
    ):
        with app.app_context():
            actors = {kind: _actor(of) for kind, of in told.memberships.items()}
        keep_to_the_end()
        yield Walk(app, connection, shared, told, actors)


def _actor(membership_id: int) -> Actor:
    membership = db.session.get_one(Membership, membership_id)
    return actor_of(membership.user, membership)

"""For every route and every kind of person, what they get: one table, walked whole."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection
from werkzeug.exceptions import HTTPException

from portal.accounts.services import open_session
from portal.db import db
from tests import world
from tests.cast import Cast
from tests.conftest import isolation
from tests.pages import client_with

TABLE = Path(__file__).parent.parent / "access.csv"
PEOPLE = ("anonymous", *Cast.KINDS)
UNTESTED = {"static"}
"""Files, not pages."""


def rows() -> list[dict[str, str]]:
    """The table; a row twice is a mistake."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    keys = [(row["method"], row["path"]) for row in found]
    assert len(keys) == len(set(keys)), "a row stands twice in the table"
    return found


@dataclass
class Walk:
    """One of everything, made once; what a request does to it is taken back after it."""

    app: Flask
    connection: Connection
    names: dict[str, object]
    cookies: dict[str, tuple[str, str]]

    def status(self, person: str, method: str, path: str) -> str:
        """Return what `person` gets, as the table writes it."""
        nested = self.connection.begin_nested()
        try:
            if person == "anonymous":
                client = self.app.test_client()
            else:
                client = client_with(self.app, *self.cookies[person])
            return str(client.open(path.format(**self.names), method=method).status_code)
        finally:
            nested.rollback()


@pytest.fixture(scope="module")
def walk(app: Flask) -> Iterator[Walk]:
    """The world of the table, and everybody signed in."""
    with isolation(app) as connection:
        with app.app_context():
            cast = Cast()
            names = world.build(cast)
            cookies = {}
            for kind in Cast.KINDS:
                person = getattr(cast, kind)
                open_session(user=person.user, token=kind, membership=person.membership)
                cookies[kind] = (person.user.fs_uniquifier, kind)
            db.session.commit()
        yield Walk(app, connection, names, cookies)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['method']} {row['path']}")
def test_everybody_gets_what_the_table_says(walk: Walk, row: dict[str, str]) -> None:
    got = {person: walk.status(person, row["method"], row["path"]) for person in PEOPLE}
    assert got == {person: row[person] for person in PEOPLE}


def test_every_route_has_a_row(app: Flask, walk: Walk) -> None:
    urls = app.url_map.bind("localhost")
    covered = set()
    for row in rows():
        try:
            endpoint, _ = urls.match(row["path"].format(**walk.names).split("?")[0], row["method"])
        except HTTPException as problem:
            pytest.fail(f"{row['method']} {row['path']}: {problem.name}")
        covered.add((row["method"], endpoint))
    routes = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
        if rule.endpoint.split(".")[-1] not in UNTESTED
    }
    missing = sorted(f"{method} {endpoint}" for method, endpoint in routes - covered)
    assert not missing, f"routes without a row in {TABLE.name}: {missing}"

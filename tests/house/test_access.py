"""For every route and every kind of person, what they get: one table, walked whole."""

import csv
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from tests import world
from tests.cast import Cast
from tests.pages import sign_in

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


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['method']} {row['path']}")
def test_everybody_gets_what_the_table_says(
    app: Flask, session: Session, row: dict[str, str]
) -> None:
    cast = Cast()
    path = row["path"].format(**world.build(cast))
    got = {}
    for person in PEOPLE:
        client = app.test_client() if person == "anonymous" else None
        client = client or sign_in(app, getattr(cast, person))
        nested = session.begin_nested()
        session.connection()  # the savepoint is only made when the session is used
        got[person] = str(client.open(path, method=row["method"]).status_code)
        nested.rollback() if nested.is_active else None
    assert got == {person: row[person] for person in PEOPLE}


def test_every_route_has_a_row(app: Flask, session: Session) -> None:
    names = world.build(Cast())
    urls = app.url_map.bind("localhost")
    covered = set()
    for row in rows():
        try:
            endpoint, _ = urls.match(row["path"].format(**names).split("?")[0], row["method"])
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

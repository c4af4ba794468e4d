"""For every route and every kind of person, what they get: one table, walked whole and once.

What was written for few is planted in the pages, and must be on none of anybody else's."""

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.examples import ON_POSTGRESQL
from tests.house.conftest import PEOPLE, PROGRAMS, TABLE, Walk, rows
from tests.house.planted import overheard
from tests.house.seen import seen

WALKERS = ("anonymous", "innovator", "other_ics", "hin", "national") if ON_POSTGRESQL else PEOPLE
"""What one may do hangs on no database; what a page asks of it does."""
UNTESTED = {"static"}
"""Files, not pages."""


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['method']} {row['path']}")
def test_everybody_gets_what_the_table_says_and_nobody_what_is_not_for_them(
    walk: Walk, row: dict[str, str]
) -> None:
    found = seen(walk, row, WALKERS)
    assert {who: found[who].status for who in WALKERS} == {who: row[who] for who in WALKERS}
    assert {who: found[who].words for who in WALKERS if found[who].words} == {}


@pytest.mark.parametrize("row", rows(PROGRAMS), ids=lambda row: f"{row['method']} {row['path']}")
def test_every_program_gets_what_its_person_may_see_and_nobody_what_is_not_for_them(
    walk: Walk, row: dict[str, str]
) -> None:
    got, heard = {}, {}
    for person in PEOPLE:
        answer = walk.ask(person, row["method"], row["path"])
        got[person] = str(answer.status_code)
        heard[person] = overheard(person, answer)
    assert got == {person: row[person] for person in PEOPLE}
    assert {person: words for person, words in heard.items() if words} == {}


def test_every_operation_of_the_api_has_a_row_for_programs(app: Flask, walk: Walk) -> None:
    urls = app.url_map.bind("localhost")
    paths = [(row["method"], row["path"].format(**walk.names)) for row in rows(PROGRAMS)]
    covered = {(method, urls.match(path.split("?")[0], method)[0]) for method, path in paths}
    routes = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
        if rule.endpoint.startswith("api.")
    }
    assert routes - covered == set()


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

"""A program brings a spreadsheet in: sent, looked at, applied when it says so, undone; by the
services and the policies of the pages."""

import base64
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.models.tokens import TokenScope
from portal.challenges.models import Challenge
from portal.imports.models import Import, ImportMemory, ImportState
from portal.imports.serialise.kinds import kind_of
from portal.jobs import run_waiting
from tests.scanning import VIRUS, files_refused, infected

__all__ = ["infected"]

IMPORTS = TokenScope.IMPORTS
TEXT = "Ref,Title,Problem,Outcome wanted,Needed in\nC1,Falls at night,Many fall,Fewer falls,Home\n"


def sent(text: str = TEXT, **changes: Any) -> dict[str, Any]:
    content = base64.b64encode(text.encode()).decode()
    return {"kind": "challenges", "name": "needs.csv", "content": content, **changes}


def titles(session) -> set[str]:
    session.expire_all()
    return set(session.scalars(select(Challenge.title)))


@pytest.fixture
def rows():
    """A file that answers what is needed and has a key, each field in a column of its name."""
    needed = [one.name for one in kind_of("challenges").fields() if one.needed]
    names = ["external_key", *(name for name in needed if name != "external_key")]
    said = {"title": "Falls at night", "external_key": "C1"}
    return ",".join(names) + "\n" + ",".join(said.get(n, f"About {n}") for n in names) + "\n"


def test_nothing_is_written_before_it_is_applied_and_all_can_be_undone(by, cast, session, rows):
    program = by(cast.ics, IMPORTS)
    answer = program.ask("/imports", "POST", json=sent(rows))
    assert answer.status_code == 201, answer.text
    made = answer.get_json()
    assert made["state"] == "checking"
    assert made["columns"]["title"] == "title"
    here = f"/imports/{made['id']}"
    assert program.ask(f"{here}/apply", "POST").status_code == 409
    run_waiting()
    checked = program.get(here)
    assert (checked["state"], checked["verdicts"]) == ("checked", {"new": 1})
    assert "Falls at night" not in titles(session)
    [row] = program.every(f"{here}/rows")
    assert (row["line"], row["verdict"], row["problems"], row["result"]) == (2, "new", {}, None)
    assert program.ask(f"{here}/apply", "POST").status_code == 202
    run_waiting()
    applied = program.get(here)
    assert (applied["state"], applied["results"]) == ("applied", {"made": 1})
    assert (applied["done"], applied["total"]) == (1, 1)
    assert "Falls at night" in titles(session)
    assert program.ask(f"{here}/undo", "POST").status_code == 202
    run_waiting()
    assert program.get(here)["state"] == "undone"
    assert "Falls at night" not in titles(session)


def test_columns_mean_what_they_meant_in_the_last_file(by, cast, session, rows):
    program = by(cast.ics, IMPORTS)
    header, _, below = rows.partition("\n")
    renamed = header.replace("title", "What we call it") + "\n" + below
    refused = program.ask("/imports", "POST", json=sent(renamed))
    assert refused.status_code == 422
    assert "title" in refused.get_json()["errors"]["columns"][0]
    told = {name: name for name in header.split(",")} | {"title": "What we call it"}
    first = program.ask("/imports", "POST", json=sent(renamed, columns=told))
    assert first.status_code == 201, first.text
    again = program.ask("/imports", "POST", json=sent(renamed))
    assert again.status_code == 201, again.text
    assert again.get_json()["columns"] == first.get_json()["columns"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "needs.pdf"}, "content"),
        ({"content": "%%%%"}, "content"),
        ({"content": base64.b64encode(b"PK\x03\x04no").decode(), "name": "a.xlsx"}, "content"),
        ({"kind": "people"}, "kind"),
        ({"sheet": "None such"}, "sheet"),
        ({"header_row": 9}, "header_row"),
        ({"content": base64.b64encode(b"A,A\n1,2\n").decode()}, "header_row"),
        ({"columns": {"nothing": "Ref"}}, "columns"),
        ({"columns": {"title": "Nothing"}}, "columns"),
        ({"columns": {"title": "Ref", "problem": "Ref"}}, "columns"),
        ({"more": 1}, "more"),
    ],
)
def test_what_does_not_fit_is_said_by_field_and_nothing_is_kept(by, cast, session, changes, field):
    answer = by(cast.ics, IMPORTS).ask("/imports", "POST", json=sent(**changes))
    assert answer.status_code == 422, answer.text
    assert field in answer.get_json()["errors"]
    assert session.scalars(select(Import)).all() == []
    assert session.scalars(select(ImportMemory)).all() == []


def test_only_a_token_for_it_of_somebody_who_may(by, cast, session, rows):
    assert by(cast.ics, TokenScope.READ).ask("/imports", "POST", json=sent(rows)).status_code == 403
    assert by(cast.innovator, IMPORTS).ask("/imports", "POST", json=sent(rows)).status_code == 403
    kind = {"kind": "innovations"}
    assert by(cast.ics, IMPORTS).ask("/imports", "POST", json=sent(rows, **kind)).status_code == 403
    made = by(cast.ics, IMPORTS).ask("/imports", "POST", json=sent(rows)).get_json()
    here = f"/imports/{made['id']}"
    others = by(cast.other_ics, IMPORTS)
    for path, method in ((here, "GET"), (f"{here}/rows", "GET"), (f"{here}/apply", "POST")):
        assert others.ask(path, method).status_code == 404
    assert session.get_one(Import, made["id"]).state is ImportState.CHECKING


def test_an_infected_file_is_refused_and_told(by, cast, session, rows, infected):
    answer = by(cast.ics, IMPORTS).ask("/imports", "POST", json=sent(rows))
    assert answer.status_code == 422, answer.text
    assert VIRUS in answer.text
    assert session.scalars(select(Import)).all() == []
    assert files_refused(session) == [f"{VIRUS}: needs.csv, POST /api/v1/imports"]

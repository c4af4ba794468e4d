"""Challenges come from a file: all of it or nothing, and again without doubling."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import OrganisationKind
from portal.challenges.models import Challenge, ChallengeState, Readers
from portal.reference.models import Vocabulary
from portal.reference.queries import terms
from tests import makers
from tests.cast import Cast

HEADER = (
    "external_key,organisation,title,problem,who_affected,outcome_wanted,"
    "care_settings,needed_by,state"
)


@pytest.fixture
def bring_in(app, session, cast, tmp_path):
    """Write a file and import it; returns the command's result."""

    def run(text, name="list.csv"):
        session.commit()
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        result = app.test_cli_runner().invoke(args=["challenges", "import", str(file)])
        session.expire_all()
        return result

    return run


def line(key="A1", organisation="QWU", title="Falls", setting="", needed="", state="open"):
    told = '"Many, every week",Residents,Fewer'
    return f"{key},{organisation},{title},{told},{setting},{needed},{state}"


def stored(session):
    return session.scalars(select(Challenge).order_by(Challenge.id)).all()


def test_a_csv_file_is_imported_and_importing_it_again_changes_nothing(bring_in, session, cast):
    setting = terms(Vocabulary.CARE_SETTING)[0]
    text = "\n".join([HEADER, line(setting=setting.label, needed="31/03/2024"), line("A2")])
    assert "2 added, 0 changed, 0 as they were." in bring_in(text).output
    first = stored(session)[0]
    assert (first.organisation_id, first.external_key) == (cast.ics.organisation.id, "A1")
    assert first.state is ChallengeState.OPEN
    assert first.readers is Readers.NHS
    assert [term.code for term in first.terms] == [setting.code]
    assert first.needed_by.isoformat() == "2024-03-31"
    assert "0 added, 0 changed, 2 as they were." in bring_in(text).output
    text = text.replace("Falls", "Falls and trips", 1)
    assert "0 added, 1 changed, 1 as they were." in bring_in(text).output
    assert [row.title for row in stored(session)] == ["Falls and trips", "Falls"]


def test_a_dry_run_of_challenges_says_what_would_be_done_and_does_nothing(
    bring_in, app, session, cast, tmp_path
):
    text = f"{HEADER}\n{line()}\n"
    file = tmp_path / "tried.csv"
    file.write_text(text, encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["challenges", "import", str(file), "--dry-run"])
    assert result.exit_code == 0
    assert "Only tried, nothing was kept:\n1 added, 0 changed, 0 as they were." in result.output
    assert stored(session) == []
    assert bring_in(text).exit_code == 0
    assert len(stored(session)) == 1


def test_json_lines_are_imported(bring_in, session, cast):
    setting = terms(Vocabulary.CARE_SETTING)[0]
    row = {
        "external_key": 7,
        "organisation": cast.national.organisation.name,
        "title": "Scans",
        "how_many": 1200,
        "care_settings": [setting.code],
        "readers": "public",
    }
    result = bring_in(json.dumps(row) + "\n\n", "list.jsonl")
    assert "1 added" in result.output, result.output
    (challenge,) = stored(session)
    assert challenge.is_national
    assert challenge.how_many == 1200
    assert challenge.readers is Readers.PUBLIC
    assert challenge.state is ChallengeState.DRAFT


def test_every_problem_is_told_with_its_line_and_nothing_is_imported(bring_in, session):
    text = "\n".join(
        [
            HEADER,
            line("A1"),
            line("A1"),
            line("", "Nobody", title=""),
            line("A4", setting="Moon base", needed="31 Feb", state="maybe"),
            line("A5", title="x" * 121),
        ]
    )
    result = bring_in(text)
    assert result.exit_code == 1
    for problem in (
        "line 3: external_key: “A1” stands on line 2 already",
        "line 4: external_key: enter what your list calls this challenge",
        "line 4: organisation: there is none called “Nobody”",
        "line 4: title: Enter the challenge in one line",
        "line 5: state: enter draft or open",
        "line 5: care_settings: there is none called “Moon base”",
        "line 5: needed_by: enter a date, like 2027-03-31 or 31/03/2027",
        "line 6: title: The challenge in one line must be 120 characters or fewer",
        "Nothing was imported.",
    ):
        assert problem in result.output
    assert stored(session) == []


def test_an_open_challenge_must_be_whole(bring_in, session):
    text = f"{HEADER}\n" + line().replace("Residents", "")
    result = bring_in(text)
    assert "line 2: who_affected: Enter who is affected" in result.output
    assert stored(session) == []


def test_a_closed_challenge_is_not_changed_from_a_file(bring_in, session, cast):
    makers.challenge("Falls", of=cast.ics, external_key="A1", state=ChallengeState.CLOSED)
    result = bring_in(f"{HEADER}\n{line()}")
    assert "line 2: Open the challenge again before you change it." in result.output


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.csv", "external_key,colour\n1,red", "line 1: there is no column colour"),
        ("a.jsonl", '{"external_key": 1}\n{oops', "line 2: this is not JSON"),
        ("a.jsonl", "[1]", "line 1: an object is wanted"),
        ("a.csv", f"{HEADER}\n{line()},surplus", "line 2: there are more values than columns"),
    ],
)
def test_a_file_of_another_shape_is_refused(bring_in, session, name, text, problem):
    assert problem in bring_in(text, name).output
    assert stored(session) == []


def test_a_file_that_is_not_text_is_refused(bring_in, tmp_path, app, session):
    file = tmp_path / "bad.csv"
    file.write_bytes(b"PK\x03\x04")
    result = app.test_cli_runner().invoke(args=["challenges", "import", str(file)])
    assert "“CSV UTF-8 (Comma delimited)”" in result.output


@pytest.mark.parametrize(
    "name", ["Coventry & Warwickshire ICS", "NHS coventry and warwickshire ICB"]
)
def test_an_organisation_is_known_by_any_name_of_its_ics(
    app: Flask, session: Session, cast: Cast, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "needs.csv"
    path.write_text(f"External Key;Organisation;Title\n;;\n1;{name};Café – falls\n", "cp1252")
    result = app.test_cli_runner().invoke(args=["challenges", "import", str(path)])
    assert "1 added" in result.output, result.output
    made = session.scalars(select(Challenge)).one()
    assert (made.organisation_id, made.title) == (cast.ics.organisation.id, "Café – falls")


def test_an_ics_that_ended_is_taken_as_what_followed_or_what_followed_is_named(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    old = makers.organisation("BLMK ICB", kind=OrganisationKind.ICS, ics=makers.ics("QHG"))
    new = makers.organisation(
        "Central East ICB", kind=OrganisationKind.ICS, ics=makers.ics("X26-CENTRAL-EAST")
    )
    path = tmp_path / "needs.csv"
    path.write_text(
        'external_key,organisation,title\n1,"Bedfordshire, Luton & Milton Keynes",Falls\n'
    )
    result = app.test_cli_runner().invoke(args=["challenges", "import", str(path)])
    assert "taken as Central East, which followed it" in result.output, result.output
    made = session.scalars(select(Challenge)).one()
    assert made.organisation_id == new.id != old.id
    path.write_text("external_key,organisation,title\n2,Hertfordshire and West Essex,Falls\n")
    result = app.test_cli_runner().invoke(args=["challenges", "import", str(path)])
    assert result.exit_code == 1
    assert "name Central East or Essex instead" in result.output

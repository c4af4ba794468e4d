"""`flask innovations import FILE`."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Organisation, OrganisationKind
from portal.imports.serialise.innovations import COLUMNS, LIST_COLUMNS
from portal.innovations.models import Innovation, RecordStatus, Section, Sharing, StageChange
from portal.jobs import Job
from portal.notifications.models import Email
from tests import makers
from tests.cast import Cast
from tests.innovations.test_submitting import draft

ROW = {
    "external_key": "A1",
    "organisation": "Brightwell Health",
    "name": "Breathe Easy",
    "summary": "Coaches people at home.",
    "category": "DIGITAL",
    "stage": "Prototype",
    "ics": "QWU",
    "need": "People wait too long.",
    "care_settings": "AMBULANCE; Urgent and emergency",
    "submitted_on": "2025-02-28",
    "sharing": "public",
    "cost": "1,200.50",
}


def write(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "innovations.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def run(app: Flask, path: Path) -> Result:
    return app.test_cli_runner().invoke(args=["innovations", "import", str(path)])


def count(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(Innovation)) or 0


def test_a_row_becomes_a_submitted_record_of_its_day(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    result = run(app, write(tmp_path, ROW))
    assert result.exit_code == 0, result.output
    assert "1 created, 0 updated, 0 unchanged." in result.output
    row = session.scalars(select(Innovation)).one()
    assert row.status is RecordStatus.SUBMITTED
    assert row.sharing is Sharing.PUBLIC
    assert row.organisation_id == cast.innovator.organisation.id
    assert [term.code for term in row.terms] == ["URGENT_EMERGENCY", "AMBULANCE"]
    assert str(row.cost) == "1200.50"
    assert row.hin is not None
    assert row.hin.code == "HI-WM"
    assert row.submitted_at is not None
    assert row.submitted_at.date().isoformat() == "2025-02-28"
    stage = session.scalars(select(StageChange)).one()
    assert stage.at == row.submitted_at
    assert session.scalars(select(Email)).all() == []


def test_the_same_file_again_changes_nothing(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    path = write(tmp_path, ROW)
    run(app, path)
    assert "0 created, 0 updated, 1 unchanged." in run(app, path).output
    assert count(session) == 1


def test_a_changed_row_changes_its_record(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    run(app, write(tmp_path, ROW))
    changed = {**ROW, "stage": "READY", "evidence": [{"kind": "REAL_WORLD", "title": "A year"}]}
    assert "1 updated" in run(app, write(tmp_path, changed)).output
    session.expire_all()
    row = session.scalars(select(Innovation)).one()
    assert row.stage is not None
    assert row.stage.code == "READY"
    assert [item.title for item in row.evidence] == ["A year"]
    assert len(session.scalars(select(StageChange)).all()) == 2
    assert "1 unchanged" in run(app, write(tmp_path, changed)).output


def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    path = write(tmp_path, ROW, {**ROW, "external_key": "2", "organisation": "Somebody New"})
    before = session.scalar(select(func.count()).select_from(Organisation))
    arguments = ["innovations", "import", str(path), "--dry-run"]
    result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 0, result.output
    assert "Only tried, nothing was kept:\n2 created, 0 updated, 0 unchanged." in result.output
    assert count(session) == 0
    assert session.scalar(select(func.count()).select_from(Organisation)) == before
    assert session.scalars(select(Job)).all() == []
    assert "2 created" in run(app, path).output
    assert "2 unchanged" in app.test_cli_runner().invoke(args=arguments).output


def test_a_new_organisation_is_made_once(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    named = {**ROW, "organisation": "New Charity", "organisation_kind": "charity"}
    run(app, write(tmp_path, named, {**named, "external_key": "A2", "organisation": "new charity"}))
    made = session.scalars(select(Organisation).where(Organisation.name.ilike("new charity"))).one()
    assert made.kind is OrganisationKind.CHARITY


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"external_key": ""}, "external_key: must not be empty"),
        ({"name": ""}, "name: Enter the name"),
        ({"name": "x" * 201}, "name: must be 200 characters or fewer"),
        ({"name": "a\x00b"}, "name: must not have hidden control characters"),
        ({"category": "NONSENSE"}, "category: there is no “NONSENSE”"),
        ({"care_settings": "AMBULANCE;MOON"}, "care_settings: there is no “MOON”"),
        ({"ics": "Atlantis"}, "ics: there is no “Atlantis”"),
        ({"cost": "a lot"}, "cost: must be an amount in pounds"),
        ({"cost": "12,5"}, "cost: must be an amount in pounds"),
        ({"cost": "NaN"}, "cost: must be between"),
        ({"patients_a_year": "-1"}, "patients_a_year: must be a whole number"),
        ({"submitted_on": "2025-02-31"}, "submitted_on: must be a real day"),
        ({"submitted_on": "2030-03-01"}, "submitted_on: must be today or in the past"),
        (
            {"evidence": [{"kind": "COST_IMPACT", "title": "Later", "on": "2030-03-01"}]},
            "on: must be today or in the past",
        ),
        ({"website": "javascript:alert(1)"}, "website: must be a web address"),
        ({"sharing": "everyone"}, "sharing: must be one of hins, hins_and_icss, public"),
        ({"colour": "blue"}, "unknown column colour"),
        ({"evidence": [{"title": "No kind"}]}, "evidence[1].kind: Select what the evidence shows"),
        ({"uses": [{"organisation": "Nowhere", "from_on": "2025-01-01"}]}, "called “Nowhere”"),
        ({"name": ["a", "b"]}, "name: must be one value"),
    ],
)
def test_one_wrong_cell_names_its_line_and_stops_all(
    app: Flask,
    session: Session,
    cast: Cast,
    tmp_path: Path,
    cells: dict[str, object],
    said: str,
) -> None:
    result = run(app, write(tmp_path, ROW, {**ROW, "external_key": "A2", **cells}))
    assert result.exit_code == 1
    assert f"line 2: {said}" in result.output or said in result.output
    assert "Nothing was imported" in result.output
    assert count(session) == 0


def test_a_key_twice_in_a_file_imports_nothing(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    result = run(app, write(tmp_path, ROW, ROW))
    assert "line 2: external_key “A1” is already on line 1" in result.output
    assert count(session) == 0


def test_a_waiting_draft_is_not_overwritten(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    run(app, write(tmp_path, ROW))
    row = session.scalars(select(Innovation)).one()
    draft(row, Section.ABOUT, cast.innovator, name="Ida's new name")
    session.commit()
    result = run(app, write(tmp_path, {**ROW, "summary": "Other words."}))
    assert "line 1: “About the innovation” has a draft that waits" in result.output
    session.expire_all()
    assert row.summary == "Coaches people at home."


def test_csv_needs_known_columns(app: Flask, session: Session, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "innovations.csv"
    path.write_text("name,colour\nA,blue\n", encoding="utf-8")
    assert "line 1: unknown columns: colour" in run(app, path).output
    head = list(ROW)
    cells = ['"' + ROW[name].replace('"', '""') + '"' for name in head]
    path.write_text("\n".join([",".join(head), ",".join(cells)]), encoding="utf-8-sig")
    assert "1 created" in run(app, path).output


def test_what_is_no_text_is_said(app: Flask, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "innovations.jsonl"
    path.write_bytes(b"\xff\xfe\x00")
    assert "text is damaged" in run(app, path).output
    path.write_text("{", encoding="utf-8")
    assert "line 1: not JSON" in run(app, path).output


def test_a_named_organisation_in_use_is_found(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    makers.organisation("Coventry Hospital", kind=OrganisationKind.NHS_TRUST)
    session.commit()
    uses = [{"organisation": "coventry hospital", "from_on": "2025-01-01"}]
    result = run(app, write(tmp_path, {**ROW, "uses": uses}))
    assert result.exit_code == 0, result.output
    row = session.scalars(select(Innovation)).one()
    assert [use.organisation.name for use in row.uses] == ["Coventry Hospital"]


def test_the_guide_names_every_column() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
    missing = [name for name in (*COLUMNS, *LIST_COLUMNS) if f"`{name}`" not in guide]
    assert not missing, f"a row in docs/importing.md for each: {missing}"

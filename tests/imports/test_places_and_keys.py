"""An import's keys are the importer's own; places hold on a day; the past tells nobody."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts.models import SYSTEM
from portal.clock import today
from portal.db import db
from portal.imports.serialise.innovations import Codes, checked
from portal.imports.services.innovations import bring_in
from portal.innovations.models import Innovation, Nation, RecordStatus, Use
from portal.innovations.queries.places import ics_of, suggested_hin
from portal.notifications.models import Email, Notification
from portal.reference.models import DeadlineKind, Site, SiteKind
from portal.reference.queries import PlaceNames, due_on
from portal.reference.rules import folded_label, folded_place
from portal.support.models import Engagement, EngagementState
from tests import makers
from tests.cast import Cast
from tests.imports.test_innovations import ROW, count, run, write

MERGED = "Bedfordshire, Luton and Milton Keynes"
SPLIT = "Hertfordshire and West Essex"


def only(session: Session) -> Innovation:
    return session.scalars(select(Innovation)).one()


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"organisation": "Northgate Devices"}, "by Brightwell Health"),
        ({"ics": "QOP"}, "looked after by Health Innovation West Midlands"),
    ],
)
def test_another_maker_or_hin_on_a_key_is_refused_and_named(
    app: Flask, session: Session, cast: Cast, tmp_path: Path, other: dict[str, Any], named: str
) -> None:
    run(app, write(tmp_path, ROW))
    result = run(app, write(tmp_path, {**ROW, "name": "Overwritten", **other}))
    assert result.exit_code == 1
    assert "external_key “A1” is already that of “Breathe Easy”" in result.output
    assert named in result.output
    session.expire_all()
    assert only(session).name == "Breathe Easy"


def test_two_importers_may_use_one_key(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    file = write(tmp_path, ROW)
    other = write(tmp_path / "..", {**ROW, "name": "Another", "organisation": "Northgate Devices"})
    for path, importer in ((file, "HI-WM"), (other, cast.other_hin.organisation.name)):
        args = ["innovations", "import", str(path), "--for", importer]
        result = app.test_cli_runner().invoke(args=args)
        assert "1 created" in result.output, result.output
        assert "1 unchanged" in app.test_cli_runner().invoke(args=args).output
    assert count(session) == 2
    keys = {row.importer_id for row in session.scalars(select(Innovation))}
    assert keys == {cast.hin.organisation.id, cast.other_hin.organisation.id}


def test_an_importer_that_is_none_is_refused(app: Flask, cast: Cast, tmp_path: Path) -> None:
    args = ["innovations", "import", str(write(tmp_path, ROW)), "--for", "Nobody"]
    assert "There is no organisation “Nobody”" in app.test_cli_runner().invoke(args=args).output


def test_an_ics_that_one_followed_is_taken_as_that_one_and_it_is_said(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    result = run(app, write(tmp_path, {**ROW, "ics": MERGED.replace("and", "&") + " ICB"}))
    assert result.exit_code == 0, result.output
    assert f"line 1: ics: {MERGED} ended on 31 March 2026; taken as Central East" in result.output
    row = only(session)
    assert row.ics is not None
    assert (row.ics.code, row.nation) == ("X26-CENTRAL-EAST", Nation.ENGLAND)
    assert row.hin is not None


def test_an_ics_that_several_followed_is_refused_and_they_are_named(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    result = run(app, write(tmp_path, {**ROW, "ics": SPLIT}))
    assert result.exit_code == 1
    assert f"{SPLIT} ended on 31 March 2026: name Central East or Essex instead" in result.output
    assert count(session) == 0


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("coventry & warwickshire ics", "QWU"),
        ("NHS  Coventry and Warwickshire Integrated Care Board", "QWU"),
        ("Coventry\u00a0and Warwickshire ICB", "QWU"),
        ("qwu", "QWU"),
        ("Hampshire & Isle of Wight", "X26-HAMPSHIRE-IOW"),
        ("Staffordshire and Stoke on Trent", "QNC"),
    ],
)
def test_an_ics_is_known_by_any_of_its_names(
    session: Session, cast: Cast, said: str, code: str
) -> None:
    assert PlaceNames().ics(said).ics.code == code


def test_a_hin_is_known_by_the_name_it_had(session: Session, cast: Cast) -> None:
    assert PlaceNames().hin("Yorkshire and Humber AHSN").code == "HI-YH"
    assert PlaceNames().hin("Health Innovation Yorkshire and Humber").code == "HI-YH"


def test_names_that_fold_alike_are_one() -> None:
    assert folded_label("Zoë’s  Café & Bar\u00ad") == folded_label("zoes cafe and bar")
    assert folded_place("NHS Dorset ICB") == folded_place("Dorset ICS") == "dorset"
    assert folded_place("ICS") == "ics"


def test_a_submitted_record_without_a_hin_is_impossible(session: Session, cast: Cast) -> None:
    with pytest.raises(IntegrityError), session.begin_nested():
        makers.innovation(of=cast.innovator, hin=None)
    assert makers.innovation(of=cast.innovator, hin=None, status=RecordStatus.DRAFT).hin is None


@pytest.mark.parametrize("nation", list(Nation))
def test_a_hin_is_found_wherever_they_are_and_when_nobody_knows(
    app: Flask, session: Session, cast: Cast, tmp_path: Path, nation: Nation
) -> None:
    row = {**ROW, "ics": "", "nation": nation.label}
    result = run(app, write(tmp_path, row))
    assert result.exit_code == 0, result.output
    record = only(session)
    assert (record.nation, record.ics) == (nation, None)
    assert record.hin is not None
    cases = session.scalars(select(Engagement)).all()
    assert [case.hin_id for case in cases] == [record.hin_id]


def test_a_postcode_finds_the_ics_where_it_is_known(session: Session, cast: Cast) -> None:
    found = ics_of("CV1 2WT")
    assert found is not None
    assert found.code == "QWU"
    later = ics_of("LU1 2AA")
    assert later is not None
    assert later.code == "X26-CENTRAL-EAST"
    assert ics_of("B1 1AA") is None
    assert ics_of("") is None


def test_who_has_the_fewest_looks_first_when_nothing_tells(session: Session, cast: Cast) -> None:
    first = suggested_hin(None, "abroad")
    assert first is not None
    makers.innovation(of=cast.innovator, hin=first)
    then = suggested_hin(None, "abroad")
    assert then is not None
    assert then.id != first.id


def test_the_past_tells_nobody_and_promises_from_today(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    run(app, write(tmp_path, {**ROW, "owner_email": cast.innovator.user.email}))
    case = session.scalars(select(Engagement)).one()
    assert case.state is EngagementState.NEW
    assert case.opened_at.date().isoformat() == "2025-02-28"
    assert case.due_on == due_on(DeadlineKind.PICK_UP, today())
    assert session.scalars(select(Notification)).all() == []
    assert session.scalars(select(Email)).all() == []


def test_what_is_submitted_today_is_told(session: Session, cast: Cast) -> None:
    row, wrong = checked(1, {**ROW, "submitted_on": ""}, Codes())
    assert (row is not None, wrong) == (True, [])
    bring_in(rows=[row] if row else [], by=SYSTEM)
    assert session.scalars(select(Notification)).all() != []


def test_a_day_that_is_to_come_is_refused(session: Session, cast: Cast) -> None:
    later = (today() + timedelta(days=1)).isoformat()
    assert checked(1, {**ROW, "submitted_on": later}, Codes())[1] == [
        "submitted_on: must be today or in the past"
    ]


def test_a_place_of_use_may_be_named_that_is_not_in_the_list(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    use = {"organisation_named": "Rose Court care home", "from_on": "2025-01-01"}
    assert "1 created" in run(app, write(tmp_path, {**ROW, "uses": [use]})).output
    assert [one.place for one in only(session).uses] == ["Rose Court care home"]
    wrong = checked(1, {**ROW, "uses": [{"from_on": "2025-01-01"}]}, Codes())[1]
    assert wrong == [
        (
            "uses[1].organisation: "
            "Enter the place or select the organisation that uses it, or enter its name"
        )
    ]


def test_a_place_of_use_is_one_organisation(session: Session, cast: Cast) -> None:
    record = makers.innovation(of=cast.innovator)
    place = makers.put(Site(code="A90001", name="Rose Surgery", kind=SiteKind.PRACTICE))
    one, another = {"organisation": cast.ics.organisation}, {"directory_site": place}
    named = {"organisation_named": "Another"}
    for values in ({}, one | named, one | another, another | named):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            makers.put(Use(innovation_id=record.id, from_on=today(), **values))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_file_as_excel_saves_it_is_read(
    app: Flask, session: Session, cast: Cast, tmp_path: Path, encoding: str
) -> None:
    named = {**ROW, "name": "Café – Breathe", "cost": "£12"}
    header = ";".join(name.replace("_", "\u00a0").title() for name in named)
    cells = ";".join(f'"{value}"' for value in named.values())
    path = tmp_path / "excel.csv"
    path.write_bytes(f"{header}\r\n;;;;\r\n{cells}\r\n".encode(encoding))
    result = run(app, path)
    assert "1 created" in result.output, result.output
    assert only(session).name == "Café – Breathe"


def test_a_workbook_is_told_what_to_do(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_bytes(b"PK\x03\x04workbook")
    result = run(app, path)
    assert result.exit_code == 1
    assert "CSV UTF-8" in result.output

"""`flask accounts import` invites people from a file; known organisations are there already."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Invitation, Organisation, OrganisationKind
from portal.notifications.models import Email
from portal.reference.queries import hins, icss
from tests.cast import Cast

HEADER = "Name,Email,Organisation,Role"


@pytest.fixture
def read(app: Flask, session: Session, cast: Cast, tmp_path: Path):  # type: ignore[no-untyped-def]  # a fixture
    def reads(*lines: str, header: str = HEADER, dry: bool = False, by: str = "") -> Result:
        path = tmp_path / "people.csv"
        path.write_text("\n".join((header, *lines)), encoding="utf-8")
        session.commit()
        words = ["accounts", "import", str(path), "--by", by or cast.administrator.user.email]
        return app.test_cli_runner().invoke(args=[*words, *(["--dry-run"] if dry else [])])

    return reads


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Invitation)) or 0


def test_people_are_invited_once(read, session: Session, cast: Cast) -> None:  # type: ignore[no-untyped-def]  # a fixture
    place = cast.hin.organisation.name
    lines = (
        f"Nia New,Nia@Example.org,{place.upper()},hin",
        f"Bo Both,bo@example.org,{place},HIN staff",
    )
    done = read(*lines)
    assert done.exit_code == 0, done.output
    rows = session.scalars(select(Invitation).order_by(Invitation.id)).all()
    assert [row.email for row in rows] == ["nia@example.org", "bo@example.org"]
    assert {row.invited_by_id for row in rows} == {cast.administrator.user.id}
    assert session.scalar(select(func.count()).select_from(Email)) == 2
    again = read(*lines, f"Hana,{cast.hin.user.email},{place},hin")
    assert again.output.count("already, or is invited") == 3
    assert count(session) == 2


def test_a_dry_run_writes_to_nobody(read, session: Session, cast: Cast) -> None:  # type: ignore[no-untyped-def]  # a fixture
    done = read(f"Nia New,nia@example.org,{cast.hin.organisation.name},hin", dry=True)
    assert "is invited to" in done.output
    assert "this was a dry run" in done.output
    assert count(session) == 0
    assert session.scalar(select(func.count()).select_from(Email)) == 0


def test_an_administrator_is_asked_for_as_on_the_page(read, session: Session, cast: Cast) -> None:  # type: ignore[no-untyped-def]  # a fixture
    line = f"Ad Min,ad@example.org,{cast.administrator.organisation.name},administrator"
    done = read(line)
    assert count(session) == 0
    assert "second administrator" in done.output or done.exit_code == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Nia,nia@example.org,Nowhere,hin", "line 3: there is no organisation “Nowhere”"),
        ("Nia,nia@example.org,{place},ics", "line 3: role: people of"),
        ("Nia,no address,{place},hin", "line 3: email: no address"),
        ("Nia,,{place},", "line 3: email, role: must not be empty"),
    ],
)
def test_one_wrong_line_and_nobody_is_invited(  # type: ignore[no-untyped-def]  # a fixture
    read, session: Session, cast: Cast, line: str, words: str
) -> None:
    place = cast.hin.organisation.name
    done = read(f"Fine,fine@example.org,{place},hin", line.format(place=place))
    assert done.exit_code == 1
    assert words in done.output
    assert "line 2" not in done.output
    assert count(session) == 0


def test_whoever_may_not_invite_invites_nobody(read, session: Session, cast: Cast) -> None:  # type: ignore[no-untyped-def]  # a fixture
    line = f"Nia,nia@example.org,{cast.hin.organisation.name},hin"
    done = read(line, by=cast.innovator.user.email)
    assert "cannot invite" in done.output
    assert count(session) == 0
    assert "These columns are missing: role" in read(header="name,email,organisation").output
    assert "no account" in read(line, by="nobody@example.org").output


def test_the_organisations_of_the_reference_data_are_there_once(
    app: Flask, session: Session, cast: Cast
) -> None:
    before = cast.hin.organisation
    wanted = len(hins()) + len(icss())
    session.commit()
    for turn in range(2):
        done = app.test_cli_runner().invoke(args=["reference", "load"])
        assert done.exit_code == 0, done.output
        assert ("organisations:" in done.output) is (turn == 0)
    session.expire_all()
    kinds = (OrganisationKind.HIN, OrganisationKind.ICS)
    found = session.scalars(select(Organisation).where(Organisation.kind.in_(kinds))).all()
    assert len({one.hin_id or -(one.ics_id or 0) for one in found}) == wanted
    assert [one for one in found if one.hin_id == before.hin_id] == [before]
    assert "NHS England" in session.scalars(select(Organisation.name)).all()

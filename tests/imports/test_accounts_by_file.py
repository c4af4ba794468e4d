"""Administrators bring organisations in, and invite people, by the pages that bring anything in."""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Invitation, Organisation, OrganisationKind
from portal.imports.models import Result, Verdict
from portal.notifications.models import Email
from tests.cast import Cast, Person
from tests.imports.conftest import Bringer
from tests.imports.test_reading_files import workbook
from tests.imports.test_round_trip import exported

Bring = Callable[[Person], Bringer]

ORGANISATIONS = (
    "Company,Type,Website,Company number\n"
    "Lantern Health Ltd,Company,lantern.example.org,1234567\n"
    "BRIGHTWELL  health,Company,https://brightwell.example.org,\n"
    "Nowhere,Integrated care system,,\n"
    "Lantern Health,Company,,01234567\n"
)
PEOPLE = (
    "Full name,E-mail,Organisation,Role\n"
    "Alex Moor,Alex.Moor@example.org,Health Innovation West Midlands,HIN staff\n"
    "Hana West,{hana},Health Innovation West Midlands,HIN staff\n"
    "Sam Birch,sam.birch,Health Innovation West Midlands,HIN staff\n"
    "Jo Ash,jo@example.org,Nowhere Ltd,Innovator\n"
    "Jo Elm,elm@example.org,Brightwell Health,HIN staff\n"
)


def test_organisations_are_made_changed_and_undone(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    ada = bringer(cast.administrator)
    before = session.scalar(select(func.count()).select_from(Organisation))
    importing = ada.mapped(ORGANISATIONS.encode(), "orgs.csv", "organisations", **{"kind-0": ""})
    rows = ada.rows(importing)
    assert [row.verdict for row in rows[:3]] == [Verdict.NEW, Verdict.CHANGES, Verdict.WRONG]
    assert rows[1].changes == {"Website": ["", "https://brightwell.example.org"]}
    ada.do(importing, "apply")
    made = session.scalars(select(Organisation).where(Organisation.company_number == "01234567"))
    assert [(one.name, one.kind) for one in made] == [
        ("Lantern Health Ltd", OrganisationKind.COMPANY)
    ]
    assert cast.innovator.organisation.website == "https://brightwell.example.org"
    assert cast.innovator.organisation.name == "Brightwell Health"
    again = ada.mapped(ORGANISATIONS.encode(), "orgs.csv", "organisations", **{"kind-0": ""})
    assert [row.verdict for row in ada.rows(again)] == [
        *(Verdict.SAME, Verdict.SAME, Verdict.WRONG, Verdict.WRONG)
    ]
    ada.do(importing, "undo")
    assert session.scalar(select(func.count()).select_from(Organisation)) == before
    assert cast.innovator.organisation.website == ""


def test_what_goes_out_of_organisations_comes_in_as_the_changes(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    ada = bringer(cast.administrator)
    rows = exported(ada, "organisations")
    at = next(n for n, row in enumerate(rows) if row[1] == "Brightwell Health")
    rows[at][1] = "Brightwell Care"
    found = ada.rows(ada.mapped(workbook(*rows), "back.xlsx", "organisations"))
    changes = [row.changes for row in found if row.verdict is not Verdict.SAME]
    assert changes == [{"Name": ["Brightwell Health", "Brightwell Care"]}]


def test_an_organisation_that_is_used_by_now_stays_and_the_report_says_why(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    ada = bringer(cast.administrator)
    text = "Company,Type\nLantern Health Ltd,Company\n"
    importing = ada.mapped(text.encode(), "orgs.csv", "organisations")
    ada.do(importing, "apply")
    made = session.scalars(
        select(Organisation).where(Organisation.name == "Lantern Health Ltd")
    ).one()
    cast.other_innovator.membership.organisation = made
    session.commit()
    ada.do(importing, "undo")
    [row] = ada.rows(importing)
    assert row.result is Result.KEPT
    assert "has people or records by now: it stays" in row.problems[""]


def test_people_are_invited_once_and_the_invitations_withdrawn(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    ada = bringer(cast.administrator)
    text = PEOPLE.format(hana=cast.hin.user.email).encode()
    importing = ada.mapped(text, "people.csv", "people")
    rows = ada.rows(importing)
    assert [row.verdict for row in rows] == [
        *(Verdict.NEW, Verdict.SAME, Verdict.WRONG, Verdict.WRONG, Verdict.WRONG)
    ]
    assert set(rows[2].problems) == {"email"}
    assert set(rows[3].problems) == {"organisation"}
    assert set(rows[4].problems) == {"role"}
    assert session.scalars(select(Email)).all() == []
    ada.do(importing, "apply")
    assert (ada.rows(importing)[0].result, ada.rows(importing)[0].problems) == (Result.MADE, {})
    [sent] = session.scalars(select(Email)).all()
    assert sent.address == "alex.moor@example.org"
    invited = session.scalars(select(Invitation)).one()
    assert invited.organisation is cast.hin.organisation
    again = ada.mapped(text, "people.csv", "people")
    assert ada.rows(again)[0].verdict is Verdict.SAME
    ada.do(importing, "undo")
    assert session.get_one(Invitation, invited.id).withdrawn_at is not None


def test_an_administrator_is_invited_by_no_file(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    ada = bringer(cast.administrator)
    name = cast.national.organisation.name
    text = f"Name,Email,Organisation,Role\nAl,al@example.org,{name},administrator\n"
    [row] = ada.rows(ada.mapped(text.encode(), "people.csv", "people", **{"role-0": ""}))
    assert "that a file invites" in row.problems["role"]


def test_the_national_team_sees_nothing_of_what_administrators_bring_in(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    """They are of one organisation: a file of addresses is for administrators alone."""
    ada, sam = bringer(cast.administrator), bringer(cast.national)
    text = PEOPLE.format(hana=cast.hin.user.email).encode()
    importing = ada.mapped(text, "people.csv", "people")
    assert sam.client.get(f"/import/{importing.id}").status_code == 404
    assert "people.csv" not in sam.client.get("/import").get_data(as_text=True)
    assert "people.csv" in ada.client.get("/import").get_data(as_text=True)


def test_samples_come_in(bringer: Bring, session: Session, cast: Cast) -> None:
    ada = bringer(cast.administrator)
    for kind, fits in (("organisations", 2), ("people", 1)):
        data = ada.client.get(f"/import/sample/{kind}.csv").data
        rows = ada.rows(ada.mapped(data, "sample.csv", kind))
        assert [row.verdict for row in rows].count(Verdict.NEW) == fits

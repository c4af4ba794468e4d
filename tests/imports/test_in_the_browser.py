"""A HIN brings its spreadsheet in: matched, looked at, brought in, reported and undone."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.imports.models import ImportState, Result, Verdict
from portal.innovations.models import Innovation, RecordStatus
from portal.notifications.models import Email, Notification
from tests.cast import Cast, Person
from tests.imports.conftest import Bringer, line, table

Bring = Callable[[Person], Bringer]


def records(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Innovation)) or 0


def test_a_file_is_matched_looked_at_and_brought_in_quietly(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    text = table(line("A1"), line("A2", Status="Ready for market"), line("A3", Product=""))
    importing = hana.mapped(text.encode("utf-8-sig"), "crm.csv", **{"stage-0": ""})
    assert importing.state is ImportState.CHECKED
    assert [row.verdict for row in hana.rows(importing)] == [
        Verdict.NEW,
        Verdict.WRONG,
        Verdict.WRONG,
    ]
    page = hana.page(importing)
    assert "F3" in page
    assert "There is no “Ready for market”" in page
    assert "C4" in page
    assert records(session) == 0
    hana.do(importing, "apply")
    made = session.scalars(select(Innovation)).one()
    assert made.status is RecordStatus.SUBMITTED
    assert made.kept_by_id == cast.hin.organisation.id
    assert made.hin_id == cast.hin.organisation.hin_id
    assert made.source_note == "Our CRM"
    assert session.scalars(select(Email)).all() == []
    assert session.scalars(select(Notification)).all() == []
    assert "Made: 1" in hana.page(importing)


def test_what_a_value_means_is_asked_and_remembered(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    text = table(line("A1", Status="Ready for market")).encode()
    importing = hana.mapped(text, "crm.csv", **{"stage-0": "FIRST_SITES"})
    assert [row.verdict for row in hana.rows(importing)] == [Verdict.NEW]
    again = hana.send(text, "next.csv").replace("/sheet", "")
    hana.client.post(f"{again}/sheet", data={"sheet": "-", "header_row": "1"})
    page = hana.client.get(f"{again}/columns").get_data(as_text=True)
    assert "matched as in your organisation" in page
    typed = hana.chosen(f"{again}/columns")
    hana.client.post(f"{again}/columns", data=typed)
    assert "Every value is known" in hana.client.get(f"{again}/values").get_data(as_text=True)
    hana.do(importing, "apply")
    assert session.scalars(select(Innovation)).one().stage.code == "FIRST_SITES"


@pytest.mark.parametrize(
    ("kind", "header"),
    [("innovations", "Name,Organisation,ICS"), ("organisations", "Name,Kind,ICS")],
)
def test_what_several_followed_is_named_and_none_of_them_proposed(
    bringer: Bring, session: Session, cast: Cast, kind: str, header: str
) -> None:
    """“Essex” is a part of the name, and only one of the two that followed."""
    person = bringer(cast.national if kind == "innovations" else cast.administrator)
    file = f"{header},Summary,Category,Stage,Problem,Care settings\n"
    file += "Lamp,Company,Hertfordshire & West Essex ICB,A lamp,Device,Prototype,Dark,Care home\n"
    base = person.send(file.encode(), "list.csv", kind).replace("/sheet", "")
    for step in ("sheet", "columns"):
        person.client.post(f"{base}/{step}", data=person.chosen(f"{base}/{step}"))
    assert person.chosen(f"{base}/values")["ics-0"] == ""
    page = person.client.get(f"{base}/values").get_data(as_text=True)
    assert "ended on 31 March 2026: name Central East or Essex instead" in page


def test_a_column_that_a_person_left_out_is_not_guessed_again(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    place = hana.send(table(line("A1")).encode(), "crm.csv").replace("/sheet", "")
    hana.client.post(f"{place}/sheet", data={"sheet": "-", "header_row": "1"})
    typed = hana.chosen(f"{place}/columns")
    assert typed["c0"] == "external_key"
    hana.client.post(f"{place}/columns", data={**typed, "c0": ""})
    assert hana.chosen(f"{place}/columns")["c0"] == ""
    again = hana.send(table(line("A1")).encode(), "crm.csv").replace("/sheet", "")
    hana.client.post(f"{again}/sheet", data={"sheet": "-", "header_row": "1"})
    assert hana.chosen(f"{again}/columns")["c0"] == ""


def test_the_same_file_again_changes_nothing_and_a_changed_one_shows_before_and_after(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    first = hana.mapped(table(line("A1"), line("A2")).encode(), "crm.csv")
    hana.do(first, "apply")
    again = hana.mapped(table(line("A1"), line("A2")).encode(), "crm.csv")
    assert [row.verdict for row in hana.rows(again)] == [Verdict.SAME, Verdict.SAME]
    changed = hana.mapped(table(line("A1", Problem="Falls"), line("A2")).encode(), "crm.csv")
    row = hana.rows(changed)[0]
    assert row.verdict is Verdict.CHANGES
    assert row.changes == {"What problem does it solve?": ["Falls at night", "Falls"]}
    assert "Falls at night" in hana.page(changed)
    hana.do(changed, "apply")
    assert session.get_one(Innovation, row.record_id).need == "Falls"
    hana.do(changed, "undo")
    assert session.get_one(Innovation, row.record_id).need == "Falls at night"


def test_a_whole_import_is_undone_but_what_was_changed_since_waits(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    importing = hana.mapped(table(line("A1"), line("A2")).encode(), "crm.csv")
    hana.do(importing, "apply")
    touched = session.get_one(Innovation, hana.rows(importing)[0].record_id)
    touched.need = "Somebody knows better"
    assert f'href="/import/{importing.id}/undo"' in hana.page(importing)
    asked = hana.client.get(f"/import/{importing.id}/undo").get_data(as_text=True)
    assert "Undo this import?" in asked
    assert "What crm.csv made is deleted, and what it changed is put back." in asked
    assert records(session) == 2
    hana.do(importing, "undo")
    kept, gone = hana.rows(importing)
    assert (kept.result, gone.result) == (Result.DECIDE, Result.UNDONE)
    assert records(session) == 1
    assert "changed since" in hana.page(importing)
    hana.client.post(f"/import/{importing.id}/rows/{kept.id}", data={"treatment": "take"})
    hana.do(importing, "undo")
    assert records(session) == 0


def test_what_changed_between_preview_and_bringing_in_is_shown_again_and_not_overwritten(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    hana.do(hana.mapped(table(line("A1")).encode(), "crm.csv"), "apply")
    importing = hana.mapped(table(line("A1", Problem="From the file")).encode(), "crm.csv")
    record = session.scalars(select(Innovation)).one()
    record.need = "Changed meanwhile"
    hana.do(importing, "apply")
    row = hana.rows(importing)[0]
    assert (row.verdict, row.result) == (Verdict.MOVED, None)
    assert session.get_one(Innovation, record.id).need == "Changed meanwhile"
    assert "Changed meanwhile" in hana.page(importing)
    hana.do(importing, "choose", verdict="moved", treatment="take")
    hana.do(importing, "apply")
    assert session.get_one(Innovation, record.id).need == "From the file"


def test_what_its_company_keeps_is_shown_and_not_changed(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    hana.do(hana.mapped(table(line("A1")).encode(), "crm.csv"), "apply")
    record = session.scalars(select(Innovation)).one()
    record.owner_id, record.kept_by_id = cast.innovator.user.id, None
    session.commit()
    importing = hana.mapped(table(line("A1", Problem="Overwritten")).encode(), "crm.csv")
    assert hana.rows(importing)[0].verdict is Verdict.OTHERS
    hana.do(importing, "choose", verdict="others", treatment="take")
    hana.do(importing, "apply")
    assert session.get_one(Innovation, record.id).need == "Falls at night"


def test_a_likely_duplicate_is_kept_apart_only_when_somebody_says_so(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    hana.do(hana.mapped(table(line("A1")).encode(), "crm.csv"), "apply")
    importing = hana.mapped(table(line("B1", Product="Nightlight A1")).encode(), "other.csv")
    row = hana.rows(importing)[0]
    assert row.verdict is Verdict.DUPLICATE
    hana.do(importing, "choose", verdict="duplicate", treatment="both")
    hana.do(importing, "apply")
    assert records(session) == 2


def test_a_row_of_another_hin_is_refused(bringer: Bring, session: Session, cast: Cast) -> None:
    hana = bringer(cast.hin)
    header = (
        "Ref",
        "Company",
        "Product",
        "Short description",
        "Type",
        "Status",
        "Problem",
        "Setting",
        "HIN",
    )
    rows = [[*line("A1"), cast.other_hin.organisation.name], [*line("A2"), ""]]
    importing = hana.mapped(table(*rows, header=header).encode(), "crm.csv")
    first, second = hana.rows(importing)
    assert "hin" in first.problems
    assert second.verdict is Verdict.NEW


def test_a_file_of_something_else_is_stopped_with_the_accepted_columns(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    rows = [line(f"A{n}", Type="Colour", Status="Loud") for n in range(6)]
    importing = hana.mapped(table(*rows).encode(), "wrong.csv")
    assert importing.state is ImportState.STOPPED
    assert "These columns are accepted" in hana.page(importing)
    assert hana.client.post(f"/import/{importing.id}/apply").status_code == 409


def test_proven_is_never_set_and_waits_to_be_verified(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    header = (
        "Ref",
        "Company",
        "Product",
        "Short description",
        "Type",
        "Status",
        "Problem",
        "Setting",
        "Proven?",
    )
    text = table([*line("A1"), "Yes, 2024"], header=header).encode()
    hana.do(hana.mapped(text, "crm.csv"), "apply")
    assert session.scalars(select(Innovation)).one().is_proven_until is None
    assert "Yes, 2024" in hana.client.get("/import/to-verify").get_data(as_text=True)


def test_another_organisation_sees_nothing_of_it(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana, owen = bringer(cast.hin), bringer(cast.other_hin)
    importing = hana.mapped(table(line("A1")).encode(), "crm.csv")
    for page in ("", "/sheet", "/columns", "/values", "/problems.xlsx"):
        assert owen.client.get(f"/import/{importing.id}{page}").status_code == 404
    assert "crm.csv" not in owen.client.get("/import").get_data(as_text=True)


def test_challenges_come_in_for_ones_own_ics_and_are_undone(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    from portal.challenges.models import Challenge

    isla = bringer(cast.ics)
    text = "Ref,Challenge title,Problem statement,Status\nC1,Falls,Many,Draft\nC2,,None,Draft\n"
    importing = isla.mapped(text.encode(), "list.csv", "challenges")
    assert [row.verdict for row in isla.rows(importing)] == [Verdict.NEW, Verdict.WRONG]
    isla.do(importing, "apply")
    made = session.scalars(select(Challenge)).one()
    assert (made.organisation_id, made.external_key) == (cast.ics.organisation.id, "C1")
    again = isla.mapped(text.replace("Many", "Few").encode(), "list.csv", "challenges")
    isla.do(again, "apply")
    assert session.get_one(Challenge, made.id).problem == "Few"
    isla.do(again, "undo")
    assert session.get_one(Challenge, made.id).problem == "Many"
    isla.do(importing, "undo")
    row = isla.rows(importing)[0]
    assert row.result is Result.DECIDE


@pytest.mark.parametrize("kind", ["innovations", "challenges"])
def test_what_is_exported_comes_in_without_a_change(
    bringer: Bring, session: Session, cast: Cast, kind: str
) -> None:
    hana = bringer(cast.hin)
    if kind == "innovations":
        hana.do(hana.mapped(table(line("A1"), line("A2")).encode(), "crm.csv"), "apply")
    else:
        text = "Ref,Challenge title,Problem statement,Status\nC1,Falls,Many,Draft\nC2,More,x,Open\n"
        text = text.replace(",Open", ",Draft")
        hana.do(hana.mapped(text.encode(), "l.csv", kind), "apply")
    data = hana.client.get(f"/import/export/{kind}.xlsx").data
    importing = hana.mapped(data, "back.xlsx", kind)
    found = [(row.verdict, row.changes, row.problems) for row in hana.rows(importing)]
    assert found == [(Verdict.SAME, {}, {})] * 2


def test_a_file_is_deleted_after_a_question(bringer: Bring, session: Session, cast: Cast) -> None:
    hana = bringer(cast.hin)
    base = hana.send(table(line("A1")).encode(), "crm.csv").replace("/sheet", "")
    browser = hana.client
    assert f'href="{base}/discard"' in browser.get(f"{base}/sheet").text
    asked = browser.get(f"{base}/discard").text
    assert "Delete this file?" in asked
    assert "crm.csv" in asked
    assert browser.get(f"{base}/sheet").status_code == 200
    gone = browser.post(f"{base}/discard", follow_redirects=True)
    assert "The file is deleted" in gone.text
    assert browser.get(f"{base}/sheet").status_code == 404
    assert browser.post(f"{base}/discard").status_code == 410

"""What is here goes out as a sheet, is changed there, and comes in as exactly those changes."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from portal.challenges.models import Challenge
from portal.imports.models import Verdict
from portal.innovations.models import Innovation
from tests.cast import Cast, Person
from tests.imports.conftest import Bringer, line, table
from tests.imports.test_reading_files import workbook

Bring = Callable[[Person], Bringer]
LINES = (
    "Ref,Challenge title,Problem statement,Who is affected,Deadline,Status\n"
    "C1,Falls,Many fall,Residents,31/03/2030,Draft\n"
    "C2,Letters,Nobody reads them,Patients,,Draft\n"
)


def exported(hana: Bringer, kind: str) -> list[list[Any]]:
    """The rows of what is here, the names of the columns first."""
    data = hana.client.get(f"/import/export/{kind}.xlsx").data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def only(rows: Sequence[Sequence[Any]], *names: str) -> list[list[Any]]:
    """Some columns of a sheet."""
    wanted = [rows[0].index(name) for name in names]
    return [[row[n] for n in wanted] for row in rows]


def brought(hana: Bringer, kind: str) -> None:
    text = table(line("A1"), line("A2")) if kind == "innovations" else LINES
    hana.do(hana.mapped(text.encode(), "crm.csv", kind), "apply")


CHANGED = {
    "innovations": ("What problem does it solve?", "Falls at night", "Fewer falls"),
    "challenges": ("Who is affected", "Residents", "Everybody"),
}


@pytest.mark.parametrize("kind", CHANGED)
def test_a_list_that_is_exported_changed_and_brought_in_shows_exactly_the_changes(
    bringer: Bring, session: Session, cast: Cast, kind: str
) -> None:
    hana = bringer(cast.hin)
    brought(hana, kind)
    rows = exported(hana, kind)
    column, before, after = CHANGED[kind]
    rows[1][rows[0].index(column)] = after
    importing = hana.mapped(workbook(*rows), "back.xlsx", kind)
    first, second = hana.rows(importing)
    assert (first.verdict, second.verdict) == (Verdict.CHANGES, Verdict.SAME)
    assert first.changes == {column: [before, after]}
    hana.do(importing, "apply")
    rows[1] = exported(hana, kind)[1]
    assert exported(hana, kind) == rows


@pytest.mark.parametrize("key", ["Number in the portal", "Your number or name for it"])
@pytest.mark.parametrize("kind", CHANGED)
def test_a_row_that_names_its_record_needs_only_what_it_changes(
    bringer: Bring, session: Session, cast: Cast, kind: str, key: str
) -> None:
    hana = bringer(cast.hin)
    brought(hana, kind)
    whole = exported(hana, kind)
    column, before, after = CHANGED[kind]
    rows = only(whole, key, column)
    rows[1][1] = after
    importing = hana.mapped(workbook(*rows), "few.xlsx", kind)
    found = [(row.verdict, row.changes, row.problems) for row in hana.rows(importing)]
    assert found == [
        (Verdict.CHANGES, {column: [before, after]}, {}),
        (Verdict.SAME, {}, {}),
    ]
    hana.do(importing, "apply")
    whole[1][whole[0].index(column)] = after
    assert exported(hana, kind) == whole, "whatever no column speaks of is as it was"
    hana.do(importing, "undo")
    whole[1][whole[0].index(column)] = before
    assert exported(hana, kind) == whole


@pytest.mark.parametrize(
    ("kind", "model"), [("innovations", Innovation), ("challenges", Challenge)]
)
def test_a_row_that_names_nothing_that_is_here_still_needs_all(
    bringer: Bring, session: Session, cast: Cast, kind: str, model: type
) -> None:
    hana = bringer(cast.hin)
    column, _, after = CHANGED[kind]
    rows = [["Your number or name for it", column], ["Z9", after]]
    importing = hana.mapped(workbook(*rows), "few.xlsx", kind)
    assert [row.verdict for row in hana.rows(importing)] == [Verdict.WRONG]
    assert session.query(model).count() == 0


def test_what_others_keep_is_not_told_by_naming_it(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    """The number of a record that the importer may not see finds nothing, not even its name."""
    olu = bringer(cast.other_hin)
    brought(olu, "challenges")
    number = session.query(Challenge).first().id
    hana = bringer(cast.hin)
    rows = [["Number in the portal", "Who is affected"], [number, "All"]]
    importing = hana.mapped(workbook(*rows), "few.xlsx", "challenges")
    [row] = hana.rows(importing)
    assert (row.verdict, row.name, row.record_id) == (Verdict.WRONG, "", None)


def test_what_is_in_confidence_is_not_emptied_by_who_may_not_read_it(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    """It does not go out to them, so that its empty cell says nothing when the list comes back."""
    brought(bringer(cast.hin), "innovations")
    made = session.query(Innovation).order_by(Innovation.id).all()
    for one in made:
        one.price_note, one.cost, one.kept_by_id = "£9 a head", 5, None
    session.commit()
    sam = bringer(cast.national)
    rows = exported(sam, "innovations")
    assert "£9 a head" not in {cell for row in rows for cell in row}
    importing = sam.mapped(workbook(*rows), "back.xlsx")
    assert [row.verdict for row in sam.rows(importing)] == [Verdict.SAME, Verdict.SAME]

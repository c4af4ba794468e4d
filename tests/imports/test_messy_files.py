"""Files as people have them: titles above the table, several names in one header, odd values."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.imports.models import ImportState, Verdict
from portal.imports.rules.days import day_in, first_day_in, iso_day
from portal.imports.rules.mapping import Field, guessed, likely_table, says_nothing
from portal.innovations.models import Innovation
from portal.web.spreadsheets import read_workbook
from tests.cast import Cast, Person
from tests.imports.conftest import HEADER, Bringer, line, table

Bring = Callable[[Person], Bringer]
FIELDS = [
    Field("name", "Name", synonyms=("innovation", "product name")),
    Field("website", "Website", synonyms=("url",)),
    Field("proven", "Said to be proven", synonyms=("proven",)),
    Field("key", "Key", synonyms=("crm no",)),
]


@pytest.mark.parametrize(
    "text",
    [
        "Report of June, July and August\r\n\r\nRef;Name;Note\r\n1;A;x, y, z\r\n2;B;x, y\r\n",
        'Ref;"Name, of the\r\nthing";Note\r\n1;"a, b";"c, d"\r\n',
        "Ref;Name;Note\r\n",
    ],
)
def test_a_title_above_the_table_does_not_hide_what_separates_its_cells(text: str) -> None:
    assert "Note" in [
        cells[2] for _, cells in read_workbook(text.encode(), "l.csv").lines("") if len(cells) == 3
    ]


def test_a_header_with_several_names_is_known_by_each() -> None:
    header = ["CRM No.", "Innovation / Product Name", "Website | URL", "Proven (Y/N)"]
    found = guessed(FIELDS, header, {}, {})
    assert {name: guess.column for name, guess in found.items()} == {
        "key": 0,
        "name": 1,
        "website": 2,
        "proven": 3,
    }


def test_the_row_and_sheet_that_name_the_columns_are_proposed() -> None:
    cover = [(1, ["Our pipeline"]), (2, ["Kept by the HIN"])]
    data = [(1, ["Export", ""]), (3, ["CRM No.", "Product name"]), (4, ["1", "Nightlight"])]
    assert likely_table({"Cover": cover, "Data": data}, FIELDS) == ("Data", 3)
    unknown = [(1, ["Title", "", ""]), (2, ["x", "y", "z"]), (3, ["1", "2", "3"])]
    assert likely_table({"": unknown}, FIELDS) == ("", 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5.6.24", date(2024, 6, 5)),
        ("2025/02/28", date(2025, 2, 28)),
        ("3 Sept 2025", date(2025, 9, 3)),
        ("Sept 3", None),
        ("28/02/2025 09:30", date(2025, 2, 28)),
        ("30/02/2025", None),
    ],
)
def test_days_are_read_as_they_are_written(text: str, day: date | None) -> None:
    if day is None:
        with pytest.raises(ValueError, match="no day"):
            day_in(text)
    else:
        assert day_in(text) == day


def test_a_month_is_its_first_day_where_a_day_is_asked() -> None:
    assert first_day_in("Mar-25") == first_day_in("March 2025") == date(2025, 3, 1)
    assert first_day_in("3 Mar 25") == date(2025, 3, 3)
    assert iso_day("Mar-25") == "2025-03"


def test_words_for_nothing_are_nothing() -> None:
    assert all(says_nothing(text) for text in ("", "n/a", "N/A", "-", "–", "TBC", "Not known."))
    assert not any(says_nothing(text) for text in ("no", "0", "Nothing else helps", "A"))


WIDE = (*HEADER, "Website", "Unit price")


def wide(ref: str, website: str, price: str, **cells: str) -> list[str]:
    """A row with two more cells that no list codes."""
    return [*line(ref, **cells), website, price]


def test_cells_a_row_can_do_without_are_left_out_of_a_column_at_once(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    rows = [wide("A1", "www.example.org", "£1,200"), wide("A2", "n/a", "20")]
    first = hana.mapped(table(*rows, header=WIDE).encode(), "crm.csv")
    hana.do(first, "apply")
    made = session.scalars(select(Innovation).order_by(Innovation.id)).all()
    assert [one.website for one in made] == ["https://www.example.org", ""]
    rows = [wide("A1", "TBC", "POA"), wide("A2", "n/a", "ask", **{"Short description": "Anew"})]
    second = hana.mapped(table(*rows, header=WIDE).encode(), "crm2.csv")
    assert second.state is ImportState.STOPPED
    page = hana.page(second)
    assert "What does not fit, by column" in page
    assert "J, Cost in pounds" in page
    hana.do(second, "leave-out", field="cost")
    assert second.state is ImportState.CHECKED
    assert [row.verdict for row in hana.rows(second)] == [Verdict.CHANGES, Verdict.CHANGES]
    assert hana.rows(second)[0].changes == {"Website": ["https://www.example.org", ""]}
    assert "Cost in pounds: “POA” is left out" in hana.page(second)
    hana.do(second, "apply")
    session.expire_all()
    assert [str(one.cost) for one in made] == ["1200.00", "20.00"], "left out is left as it was"
    assert made[1].summary == "Anew"


@pytest.mark.parametrize("field", ["name", "external_key", "website", "", "nonsense"])
def test_what_a_row_cannot_do_without_is_never_left_out(
    bringer: Bring, session: Session, cast: Cast, field: str
) -> None:
    hana = bringer(cast.hin)
    importing = hana.mapped(table(line("A1")).encode(), "crm.csv")
    answer = hana.client.post(f"/import/{importing.id}/leave-out", data={"field": field})
    assert answer.status_code == 400


def test_a_maker_is_found_by_its_website_where_its_name_is_another(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    cast.innovator.organisation.website = "https://www.lantern.example.org/about"
    known = cast.innovator.organisation.name
    hana = bringer(cast.hin)
    rows = [
        wide("A1", "lantern.example.org", "20", Company="Lantern Group"),
        wide("A2", "https://github.com/x", "20", Company="Somebody Else"),
    ]
    importing = hana.mapped(table(*rows, header=WIDE).encode(), "crm.csv")
    assert f"taken as “{known}”" in " ".join(hana.rows(importing)[0].notes)
    hana.do(importing, "apply")
    made = session.scalars(select(Innovation).order_by(Innovation.id)).all()
    assert [one.organisation.name for one in made] == [known, "Somebody Else"]
    again = hana.mapped(table(*rows, header=WIDE).encode(), "crm.csv")
    assert {row.verdict for row in hana.rows(again)} == {Verdict.SAME}

"""What may go wrong with a sheet: files of other shapes, lists that change, corrections since."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from unittest.mock import Mock

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from portal.adoption.models import Sheet, SheetState
from portal.adoption.queries.lists import entries
from portal.adoption.serialise.sheet_rows import HEADER
from portal.adoption.services import sheets as services
from portal.adoption.services.lists import add_places, bring_back, leave_out
from portal.adoption.services.saying import SiteUpdate, say
from portal.adoption.services.sending import record_money
from portal.clock import today
from portal.db import db
from portal.errors import Invalid
from portal.innovations.models import Adoption, AdoptionState
from portal.innovations.queries.adoption import rows_of
from portal.innovations.rules.adoption import positions
from portal.reference.models import SiteMembership, Vocabulary
from portal.reference.queries import terms
from portal.reference.rules import Quarter
from tests import makers
from tests.adoption.conftest import Field, place
from tests.adoption.test_sheets import change, opened, rows, shown
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.scanning import VIRUS, files_refused, infected

__all__ = ["infected"]

Signed = Callable[[Person], PageClient]


def filled(field: Field, cast: Cast, state: AdoptionState = AdoptionState.STAGE_3) -> Sheet:
    """A sheet of the West Midlands that is filled in."""
    sheet = opened(field, cast.hin)
    said = [change(row, state) for row in rows(sheet)]
    services.save_rows(sheet=sheet, changes=said, by=cast.hin.actor)
    return sheet


def sent(field: Field, cast: Cast) -> Sheet:
    """The same, sent and sent back with a question."""
    sheet = filled(field, cast)
    services.submit(sheet=sheet, version=sheet.version, by=cast.hin.actor)
    services.ask(sheet=sheet, version=sheet.version, words="Sure?", by=cast.national.actor)
    return sheet


def again(sheet: Sheet, cast: Cast, *changes: services.RowChange) -> None:
    """Change rows and send it again."""
    services.save_rows(sheet=sheet, changes=changes, by=cast.hin.actor)
    assert services.submit(sheet=sheet, version=sheet.version, by=cast.hin.actor)


def book_of(client: PageClient, url: str) -> Workbook:
    return load_workbook(BytesIO(client.get(f"{url}.xlsx").data))


def brought(client: PageClient, url: str, book: Workbook) -> str:
    """What the page says of a workbook that comes back."""
    out = BytesIO()
    book.save(out)
    client.get(f"{url}/import")
    return client.post(
        f"{url}/import", data={"file": (BytesIO(out.getvalue()), "update.xlsx")}
    ).text


def test_workbooks_of_other_shapes_are_read_or_refused(
    cast: Cast, field: Field, as_: Signed
) -> None:
    sheet = opened(field, cast.hin)
    db.session.commit()
    client, url = as_(cast.hin), f"/adoption/sheets/{sheet.id}"

    book = book_of(client, url)  # somebody added a sheet of their own behind it
    book[book.sheetnames[-1]]["F2"] = "Nothing changed"
    book.create_sheet("My notes")["A1"] = "Ring them on Monday"
    assert "1 row of the file say something else" in brought(client, url, book)

    book = book_of(client, url)  # a row was copied, and one has a formula
    cells = book[book.sheetnames[-1]]
    cells["I2"] = '=HYPERLINK("https://example.org")'
    cells.append([cell.value for cell in cells[3]])
    assert "stands in the file twice" in brought(client, url, book)

    book = book_of(client, url)  # columns changed places
    cells = book[book.sheetnames[-1]]
    cells["F1"], cells["G1"] = "Why", "This quarter"
    assert "No sheet of the file has the headings" in brought(client, url, book)

    book = book_of(client, url)
    cells = book[book.sheetnames[-1]]
    for number in range(70):
        cells.append([10_000 + number, "X", "Somewhere"])
    assert "and 20 lines more" in brought(client, url, book)
    assert all(row.state is None for row in rows(sheet))


def test_a_workbook_that_reaches_to_the_last_cell_is_refused_before_it_is_laid_out(
    cast: Cast, field: Field, as_: Signed
) -> None:
    sheet = opened(field, cast.hin)
    db.session.commit()
    client, url = as_(cast.hin), f"/adoption/sheets/{sheet.id}"
    book = book_of(client, url)
    book[book.sheetnames[-1]]["XFD1048576"] = "17,000 million cells"
    assert "reaches to row 1,048,576" in brought(client, url, book)


def test_a_workbook_of_twenty_thousand_rows_is_refused(
    cast: Cast, field: Field, as_: Signed
) -> None:
    sheet = opened(field, cast.hin)
    db.session.commit()
    book = Workbook(write_only=True)
    cells = book.create_sheet("Rows")
    cells.append(HEADER)
    for number in range(20_000):
        cells.append([number])
    assert "too many rows" in brought(as_(cast.hin), f"/adoption/sheets/{sheet.id}", book)


def test_a_note_keeps_only_what_can_be_seen(cast: Cast, field: Field, as_: Signed) -> None:
    sheet = opened(field, cast.hin)
    db.session.commit()
    client, url = as_(cast.hin), f"/adoption/sheets/{sheet.id}"
    page, first = client.get(url).text, rows(sheet)[0].id
    typed = {
        **shown(page),
        f"state-{first}": "STAGE_2",
        f"note-{first}": "Since\x00 May\u200b\n now",
    }
    assert client.post(url, data=typed).status_code == 302
    assert rows(sheet)[0].note == "Since May now"


def test_a_sheet_follows_its_list_while_it_is_filled_in(cast: Cast, field: Field) -> None:
    sheet = opened(field, cast.hin)
    first, second, third = rows(sheet)
    typed = [change(second, AdoptionState.STAGE_1), change(third, None, is_unchanged=True)]
    services.save_rows(
        sheet=sheet, changes=[change(first, AdoptionState.STAGE_2)], by=cast.hin.actor
    )
    by, places = cast.national.actor, field.places
    for site in places[:2]:
        leave_out(eligible=field.eligible, site=site, why="No ward", since=today(), by=by)
    late = place("RW9")
    add_places(eligible=field.eligible, site_ids=[late.id], since=today(), by=by)
    assert [row.site_id for row in rows(sheet)] == [places[0].id, places[2].id, late.id]
    saved = services.save_rows(sheet=sheet, changes=typed, by=cast.hin.actor)
    assert (saved.saved, saved.gone) == ([typed[1].row_id], 1)
    bring_back(eligible=field.eligible, site=places[1], since=today(), by=by)
    assert len(rows(sheet)) == 4
    held = [one for one in entries(field.eligible.id) if one.holds(today())]
    assert sum(not one.left_out_why for one in held) == 5
    with pytest.raises(Invalid, match="not left out of"):
        bring_back(eligible=field.eligible, site=places[1], since=today(), by=by)


def test_a_place_left_out_from_two_days_is_on_the_list_once(cast: Cast, field: Field) -> None:
    by, site = cast.national.actor, field.places[0]
    later = today() + timedelta(days=60)
    leave_out(eligible=field.eligible, site=site, why="It closes", since=later, by=by)
    leave_out(eligible=field.eligible, site=site, why="No ward", since=today(), by=by)
    for day in (today(), later):
        held = [e for e in entries(field.eligible.id) if e.site_id == site.id and e.holds(day)]
        assert len(held) == 1


def test_places_that_moved_to_the_network_are_asked_before_it_is_sent(
    cast: Cast, field: Field, as_: Signed
) -> None:
    sheet = filled(field, cast)
    moved = field.places[3]
    stay = db.session.scalars(
        select(SiteMembership).where(SiteMembership.site_id == moved.id)
    ).one()
    stay.valid_to = today() - timedelta(days=1)
    ics = makers.ics("QWU").id
    makers.put(SiteMembership(site_id=moved.id, commissioner_ics_id=ics, valid_from=today()))
    db.session.commit()
    client, url = as_(cast.hin), f"/adoption/sheets/{sheet.id}"
    page = client.post(f"{url}/send", data={"version": sheet.version}, follow_redirects=True).text
    assert "Places came onto the list meanwhile" in page
    assert moved.name in page
    assert db.session.get_one(Sheet, sheet.id).state is SheetState.OPEN


def test_no_sheet_is_begun_where_nothing_is_asked(cast: Cast, field: Field, as_: Signed) -> None:
    ancient = Quarter.of(today().replace(year=2001))
    with pytest.raises(Invalid, match="No place of this list"):
        services.open_sheet(
            eligible=field.eligible,
            hin_id=cast.hin.actor.hin_id or 0,
            quarter=ancient,
            by=cast.hin.actor,
        )
    db.session.commit()
    client = as_(cast.hin)
    client.get("/adoption/sheets")
    sent = {"list": field.eligible.id, "quarter": ancient.code}
    assert client.post("/adoption/sheets", data=sent).status_code == 400
    assert db.session.scalars(select(Sheet)).all() == []
    assert "Thopaz, Trusts" in client.get("/adoption/sheets").text
    assert "Thopaz, Trusts" not in client.get(f"/adoption/sheets?quarter={ancient.code}").text


def test_nothing_changed_at_a_site_that_stopped_needs_no_reason(cast: Cast, field: Field) -> None:
    reason = terms(Vocabulary.ADOPTION_REASON)[0].id
    sheet = opened(field, cast.hin)
    first, *others = rows(sheet)
    before = Quarter.of(today()).previous.last
    site = field.places[0]
    said = SiteUpdate(AdoptionState.STOPPED, on=before, reason_id=reason)
    say(innovation=field.innovation, site=site, said=said, by=cast.hin.actor)
    services.leave_unchanged(
        sheet=sheet, row_ids=[first.id, *(row.id for row in others)], by=cast.hin.actor
    )
    assert services.submit(sheet=sheet, version=sheet.version, by=cast.hin.actor)
    found = positions(rows_of(field.innovation.id), today())
    assert found[site.id].state is AdoptionState.STOPPED
    assert found[site.id].on > before


def test_what_changes_when_it_is_sent_again_is_written(cast: Cast, field: Field) -> None:
    sheet = sent(field, cast)
    first, second, third = rows(sheet)
    again(
        sheet,
        cast,
        change(first, AdoptionState.STAGE_3, note="In two wards"),
        change(second, None, is_unchanged=True),
    )
    found = positions(rows_of(field.innovation.id), today())
    assert found[first.site_id].note == "In two wards"
    assert found[second.site_id].state is AdoptionState.STAGE_0  # nobody had asked before
    assert found[third.site_id].state is AdoptionState.STAGE_3
    assert len(rows_of(field.innovation.id)) == 5


def test_a_row_that_was_corrected_since_is_corrected_once_more(cast: Cast, field: Field) -> None:
    sheet = sent(field, cast)
    first, second, _ = rows(sheet)
    for row in (first, second):
        written = db.session.get_one(Adoption, row.adoption_id)
        said = SiteUpdate(AdoptionState.STAGE_4, on=today(), note="A slip", corrects_id=written.id)
        say(innovation=field.innovation, site=row.site, said=said, by=cast.hin.actor)
    again(sheet, cast, change(first, AdoptionState.STAGE_6))
    found = positions(rows_of(field.innovation.id), today())
    assert found[first.site_id].state is AdoptionState.STAGE_6
    assert found[second.site_id].state is AdoptionState.STAGE_4  # the sheet said nothing new


def test_the_money_of_the_quarter_before_stays_in_its_field(
    cast: Cast, field: Field, as_: Signed
) -> None:
    before = Quarter.of(today()).previous.last
    record_money(
        innovation=field.innovation,
        site_id=field.places[0].id,
        code="FUNDED_SELF",
        on=before,
        by=cast.hin.actor,
    )
    sheet = opened(field, cast.hin)
    first = rows(sheet)[0].id
    services.leave_unchanged(sheet=sheet, row_ids=[first], by=cast.hin.actor)
    db.session.commit()
    page = as_(cast.hin).get(f"/adoption/sheets/{sheet.id}").text
    assert shown(page)[f"money-{first}"] == str(
        makers.term(Vocabulary.FUNDING_STATUS, "FUNDED_SELF").id
    )


def test_an_infected_workbook_is_refused_and_told(
    cast: Cast, field: Field, as_: Signed, infected: Mock
) -> None:
    sheet = opened(field, cast.hin)
    db.session.commit()
    client, url = as_(cast.hin), f"/adoption/sheets/{sheet.id}"
    assert f"{VIRUS}. Send the workbook" in brought(client, url, book_of(client, url))
    assert files_refused(db.session) == [f"{VIRUS}: update.xlsx, POST {url}/import"]

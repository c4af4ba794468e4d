"""A network updates its sites at the end of a quarter; the national team reviews."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from portal.adoption.models import Funding, Sheet, SheetRow, SheetState
from portal.adoption.queries.sheets import lines_of, overdue
from portal.adoption.services import sheets as services
from portal.adoption.services.lists import add_places
from portal.clock import today
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Adoption, AdoptionState, Use
from portal.innovations.queries.adoption import rows_of
from portal.innovations.rules.adoption import positions, standing, waiting
from portal.notifications.models import Notification
from portal.reference.models import Term, Vocabulary
from portal.reference.rules import Quarter
from tests import makers
from tests.adoption.conftest import Field, place
from tests.cast import Cast, Person
from tests.pages import PageClient

Signed = Callable[[Person], PageClient]


def opened(field: Field, by: Person) -> Sheet:
    quarter = Quarter.of(today())
    return services.open_sheet(
        eligible=field.eligible, hin_id=by.actor.hin_id or 0, quarter=quarter, by=by.actor
    )


def rows(sheet: Sheet) -> list[SheetRow]:
    return [line.row for line in lines_of(sheet)]


def change(row: SheetRow, state: AdoptionState | None, **more: object) -> services.RowChange:
    return services.RowChange(row.id, more.pop("seen", row.version), state, **more)


def test_a_network_gets_a_row_for_each_of_its_own_places(cast: Cast, field: Field) -> None:
    sheet = opened(field, cast.hin)
    assert [row.site_id for row in rows(sheet)] == [one.id for one in field.places[:3]]
    assert opened(field, cast.hin).id == sheet.id
    late = place("RW9")
    add_places(eligible=field.eligible, site_ids=[late.id], since=today(), by=cast.national.actor)
    assert len(rows(opened(field, cast.hin))) == 4
    with pytest.raises(Forbidden):
        services.open_sheet(
            eligible=field.eligible,
            hin_id=cast.other_hin.actor.hin_id or 0,
            quarter=Quarter.of(today()),
            by=cast.hin.actor,
        )


def test_a_sheet_becomes_dated_rows_and_is_corrected_when_it_comes_back(
    cast: Cast, field: Field
) -> None:
    sheet = opened(field, cast.hin)
    first, second, third = rows(sheet)
    money = makers.term(Vocabulary.FUNDING_STATUS, "FUNDED_SELF").id
    said = [change(first, AdoptionState.STAGE_5, funding_id=money)]
    services.save_rows(sheet=sheet, changes=said, by=cast.hin.actor)
    with pytest.raises(Invalid, match="2 rows are not filled in"):
        services.submit(sheet=sheet, version=sheet.version, by=cast.hin.actor)
    said = [change(second, AdoptionState.NO_ANSWER), change(third, None, is_unchanged=True)]
    services.save_rows(sheet=sheet, changes=said, by=cast.hin.actor)
    services.submit(sheet=sheet, version=sheet.version, by=cast.hin.actor)
    found = positions(rows_of(field.innovation.id), today())
    assert {site: row.state for site, row in found.items()} == {
        first.site_id: AdoptionState.STAGE_5,
        second.site_id: AdoptionState.NO_ANSWER,
    }
    assert db.session.scalars(select(Funding.status_id)).all() == [money]
    assert len(db.session.scalars(select(Use)).all()) == 1
    with pytest.raises(Conflict):
        services.save_rows(sheet=sheet, changes=said, by=cast.hin.actor)

    services.ask(sheet=sheet, version=sheet.version, words="Really 5?", by=cast.national.actor)
    (row,) = [one for one in rows(sheet) if one.id == first.id]
    said = [change(row, AdoptionState.STAGE_3)]
    services.save_rows(sheet=sheet, changes=said, by=cast.hin.actor)
    services.submit(sheet=sheet, version=sheet.version, by=cast.hin.actor)
    services.accept(sheet=sheet, version=sheet.version, by=cast.national.actor)
    assert sheet.state is SheetState.ACCEPTED
    every = rows_of(field.innovation.id)
    assert len(every) == 3
    assert len(standing(every)) == 2
    assert positions(every, today())[first.site_id].state is AdoptionState.STAGE_3
    assert db.session.scalars(select(Use)).all() == []


def test_who_comes_second_loses_nothing_and_overwrites_nothing(cast: Cast, field: Field) -> None:
    sheet = opened(field, cast.hin)
    first, second, _ = rows(sheet)
    saw = first.version
    services.save_rows(
        sheet=sheet, changes=[change(first, AdoptionState.STAGE_2)], by=cast.hin.actor
    )
    late = [change(first, AdoptionState.STAGE_4, seen=saw), change(second, AdoptionState.STAGE_1)]
    saved = services.save_rows(sheet=sheet, changes=late, by=cast.hin.actor)
    assert (saved.late, saved.saved) == ([first.id], [second.id])
    states = [row.state for row in rows(sheet)]
    assert states == [AdoptionState.STAGE_2, AdoptionState.STAGE_1, None]


HIDDEN = re.compile(r'name="(seen-[0-9]+)" value="([^"]+)"')
CHOSEN = re.compile(r'<select[^>]* name="([a-z]+-[0-9]+)".*?</select>', re.DOTALL)


def shown(html: str) -> dict[str, str]:
    """What a browser would send of the rows of a page as they stand."""
    found = dict(HIDDEN.findall(html))
    for select_ in CHOSEN.finditer(html):
        chosen = re.search(r'value="([^"]*)" selected', select_.group(0))
        found[select_.group(1)] = chosen.group(1) if chosen else ""
    return found


def test_the_page_saves_what_changed_and_says_what_is_missing(
    cast: Cast, field: Field, as_: Signed
) -> None:
    client = as_(cast.hin)
    client.get("/adoption/sheets")
    quarter = Quarter.of(today()).code
    client.post("/adoption/sheets", data={"list": field.eligible.id, "quarter": quarter})
    sheet = db.session.scalars(select(Sheet)).one()
    url = f"/adoption/sheets/{sheet.id}"
    page = client.get(url)
    assert "0 of 3 rows are filled in" in page.text
    first = rows(sheet)[0].id
    wrong = {**shown(page.text), f"state-{first}": "DECLINED", f"state-{first + 1}": "STAGE_1"}
    page = client.post(url, data=wrong)
    error = f'<a href="#state-{first}">Select why Trust RW0 fell, stopped or declined'
    assert error in page.text
    assert f'id="state-{first}"' in page.text
    assert "1 row is saved" in page.text
    right = {**shown(page.text), f"state-{first}": "STAGE_5", "then": "rest"}
    client.post(url, data=right)
    assert "3 of 3 rows are filled in" in client.get(url).text
    client.post(f"{url}/send", data={"version": db.session.get_one(Sheet, sheet.id).version})
    assert "The update is sent" in client.get(url).text
    states = {row.state for row in db.session.scalars(select(Adoption))}
    assert states == {AdoptionState.STAGE_5, AdoptionState.STAGE_1}


def test_a_row_tells_what_the_innovator_says_until_it_is_known(
    cast: Cast, field: Field, as_: Signed
) -> None:
    field.innovation.uses.append(Use(directory_site=field.places[0], from_on=today()))
    sheet, client = opened(field, cast.hin), as_(cast.hin)
    db.session.commit()
    url, first = f"/adoption/sheets/{sheet.id}", rows(sheet)[0].id
    page = client.get(url).text
    assert page.count("The innovator says, unconfirmed: ") == 1
    said = {**shown(page), f"state-{first}": "STAGE_5", "then": "rest"}
    client.post(url, data=said)
    client.post(f"{url}/send", data={"version": db.session.get_one(Sheet, sheet.id).version})
    assert waiting(rows_of(field.innovation.id), today()) == []


def test_a_long_sheet_comes_in_pages_and_the_next_ones_follow(
    cast: Cast, field: Field, as_: Signed
) -> None:
    more = [place(f"RX{number:02}").id for number in range(60)]
    add_places(eligible=field.eligible, site_ids=more, since=today(), by=cast.national.actor)
    sheet, client = opened(field, cast.hin), as_(cast.hin)
    db.session.commit()
    url, seen = f"/adoption/sheets/{sheet.id}", []
    for number in (1, 2, 3):
        page = client.get(f"{url}?page={number}").text
        seen += [name for name in shown(page) if name.startswith("seen-")]
    assert len(seen) == len(set(seen)) == 63
    first = shown(client.get(url).text)
    after = client.post(url, data={**first, "then": "rest"})
    assert after.location.endswith("page=2")
    missing = f"{url}?only=missing"
    page = client.get(missing).text
    assert "Save and go to the next page" not in page
    after = client.post(missing, data={**shown(page), "then": "rest"})
    assert "page" not in after.location
    assert "50 of 63 rows are filled in" in client.get(missing).text
    assert len([name for name in shown(client.get(missing).text) if name.startswith("seen-")]) == 13


def test_a_row_that_a_colleague_filled_in_first_is_shown_among_the_missing(
    cast: Cast, field: Field, as_: Signed
) -> None:
    sheet, client = opened(field, cast.hin), as_(cast.hin)
    db.session.commit()
    url = f"/adoption/sheets/{sheet.id}?only=missing"
    mine, first = shown(client.get(url).text), rows(sheet)[0]
    said = [change(first, AdoptionState.STAGE_2)]
    services.save_rows(sheet=sheet, changes=said, by=cast.hin.actor)
    db.session.commit()
    answer = client.post(url, data={**mine, f"state-{first.id}": "STAGE_4"})
    assert answer.status_code == 409
    assert f"changed {first.site.name} meanwhile" in answer.text
    assert "Theirs: 2 " in answer.text


def test_what_was_typed_before_a_session_ended_is_shown_though_a_colleague_was_first(
    cast: Cast, field: Field, as_: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet, client = opened(field, cast.hin), as_(cast.hin)
    db.session.commit()
    url = f"/adoption/sheets/{sheet.id}?only=missing"
    mine, first = shown(client.get(url).text), rows(sheet)[0]
    said = [change(first, AdoptionState.STAGE_2)]
    services.save_rows(sheet=sheet, changes=said, by=cast.hin.actor)
    db.session.commit()
    typed = {**mine, f"note-{first.id}": "Typed before"}
    monkeypatch.setattr("portal.adoption.views.sheets._kept", lambda: typed)
    assert f'name="note-{first.id}" value="Typed before"' in client.get(url).text


def test_the_workbook_comes_back_with_exactly_its_changes(
    cast: Cast, field: Field, as_: Signed
) -> None:
    sheet = opened(field, cast.hin)
    db.session.commit()
    client = as_(cast.hin)
    url = f"/adoption/sheets/{sheet.id}"
    book = load_workbook(BytesIO(client.get(f"{url}.xlsx").data))
    cells = book[book.sheetnames[-1]]
    cells["F2"], cells["I2"] = "5 Adopted", "Since May"
    cells["F3"] = "6 Nonsense"
    out = BytesIO()
    book.save(out)
    client.get(f"{url}/import")
    sent = {"file": (BytesIO(out.getvalue()), "update.xlsx")}
    page = client.post(f"{url}/import", data=sent)
    assert "1 row of the file say something else" in page.text
    assert "“6 Nonsense” is in no list" in page.text
    assert rows(sheet)[0].state is None


def test_a_reason_that_was_retired_since_stays_with_the_row_that_gave_it(
    cast: Cast, field: Field, as_: Signed
) -> None:
    sheet = opened(field, cast.hin)
    reason, money = (
        makers.put(Term(vocabulary=one, code="GONE", label="Of last year", position=99))
        for one in (Vocabulary.ADOPTION_REASON, Vocabulary.FUNDING_STATUS)
    )
    first = rows(sheet)[0]
    said = change(first, AdoptionState.DECLINED, reason_id=reason.id, funding_id=money.id)
    services.save_rows(sheet=sheet, changes=[said], by=cast.hin.actor)
    reason.retired_on = money.retired_on = today() - timedelta(days=1)
    db.session.commit()
    client, url = as_(cast.hin), f"/adoption/sheets/{sheet.id}"
    typed = shown(client.get(url).text)
    assert (typed[f"reason-{first.id}"], typed[f"money-{first.id}"]) == (
        str(reason.id),
        str(money.id),
    )
    client.post(url, data={**typed, f"note-{first.id}": "Their board decided."})
    db.session.expire_all()
    assert (first.note, first.reason_id) == ("Their board decided.", reason.id)
    book = load_workbook(BytesIO(client.get(f"{url}.xlsx").data))
    cells = [cell.value for page in book for row in page.rows for cell in row]
    assert cells.count("Of last year") == 2, "the reason and the money of its row"


def test_a_sheet_that_is_opened_late_does_not_begin_overdue(cast: Cast, field: Field) -> None:
    for years in (1, 2):
        past = Quarter.of(today() - timedelta(days=365 * years))
        sheet = services.open_sheet(
            eligible=field.eligible,
            hin_id=cast.hin.actor.hin_id or 0,
            quarter=past,
            by=cast.hin.actor,
        )
        assert sheet.due_on is not None
        assert sheet.due_on > today()
    assert list(overdue(today())) == []


def test_a_network_is_reminded_of_an_overdue_update_once(cast: Cast, field: Field) -> None:
    sheet = opened(field, cast.hin)
    assert sheet.due_on is not None
    assert list(overdue(sheet.due_on)) == []
    assert [one.id for one in overdue(sheet.due_on + timedelta(days=1))] == [sheet.id]
    assert services.remind(sheet=sheet)
    assert not services.remind(sheet=sheet)
    found = db.session.scalars(select(Notification.subject)).all()
    assert sum(words.startswith("Overdue: the update of") for words in found) == 1
    assert list(overdue(sheet.due_on + timedelta(days=1))) == []

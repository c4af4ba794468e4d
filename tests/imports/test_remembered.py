"""An organisation sees, changes and forgets what its files meant; what has ended is asked anew."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import today
from portal.imports.models import ImportMemory, Verdict
from portal.reference.models import Vocabulary
from tests import makers
from tests.cast import Cast, Person
from tests.imports.conftest import HEADER, Bringer, line, table

Bring = Callable[[Person], Bringer]
LIST = "/import/remembered/innovations"


def brought(hana: Bringer, **choices: str) -> None:
    """A file of which somebody says what “Phase seven” means."""
    text = table(line("A1", Status="Phase seven")).encode()
    hana.mapped(text, "crm.csv", **{"stage-0": "FIRST_SITES", **choices})


def next_file(hana: Bringer, status: str = "Phase seven") -> str:
    """Send the next quarter's file up to its values; returns where its pages begin."""
    place = hana.send(table(line("B1", Status=status)).encode(), "next.csv")
    base = place.replace("/sheet", "")
    for step in ("sheet", "columns"):
        hana.client.post(f"{base}/{step}", data=hana.chosen(f"{base}/{step}"))
    return base


def text_of(hana: Bringer, address: str) -> str:
    return hana.client.get(address).get_data(as_text=True)


def remembered(session: Session, word: str) -> ImportMemory:
    return session.scalars(select(ImportMemory).where(ImportMemory.word == word)).one()


def test_what_was_chosen_is_listed_changed_and_forgotten(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    assert "Nothing is remembered" in text_of(hana, LIST)
    brought(hana)
    page = text_of(hana, LIST)
    assert "short description" in page
    assert "Value of: " in page
    row = remembered(session, "phase seven")
    hana.client.post(f"{LIST}/{row.id}", data={"meaning": "PROTOTYPE"})
    session.expire_all()
    assert remembered(session, "phase seven").meaning == "PROTOTYPE"
    base = next_file(hana)
    assert hana.chosen(f"{base}/values") == {"stage-said-0": "PROTOTYPE"}
    number = row.id
    hana.client.post(f"{LIST}/{number}/forget")
    again = hana.client.post(f"{LIST}/{number}/forget")
    assert again.status_code == 410
    assert f'href="{LIST}">See what is there now' in again.get_data(as_text=True)
    changed = hana.client.post(f"{LIST}/{number}", data={"meaning": "PROTOTYPE"})
    assert changed.status_code == 404
    assert "This is not there any more" in changed.get_data(as_text=True)
    assert "stage-0" in hana.chosen(f"{base}/values")
    hana.client.post(f"{LIST}/forget")
    assert session.scalars(select(ImportMemory)).all() == []


def test_the_next_file_shows_what_its_values_meant_before_and_lets_it_be_changed(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    brought(hana)
    base = next_file(hana)
    assert "1 value means what you said before" in text_of(hana, f"{base}/values")
    hana.client.post(f"{base}/values", data={"stage-said-0": "PROTOTYPE"})
    session.expire_all()
    assert remembered(session, "phase seven").meaning == "PROTOTYPE"


def test_a_value_that_is_to_be_wrong_again_is_forgotten(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    brought(hana)
    base = next_file(hana)
    hana.client.post(f"{base}/values", data={"stage-said-0": ""})
    hana.work()
    of_values = select(ImportMemory).where(ImportMemory.field != "")
    assert session.scalars(of_values).all() == []


def test_what_a_value_meant_and_is_retired_is_said_and_asked_anew(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    brought(hana)
    term = makers.term(Vocabulary.DEVELOPMENT_STAGE, "FIRST_SITES")
    term.retired_on = today()
    session.commit()
    page = text_of(hana, LIST)
    assert "1 choice holds no longer" in page
    assert f"Before, it meant “{term.label}”" in text_of(
        hana, f"{LIST}/{remembered(session, 'phase seven').id}"
    )
    base = next_file(hana)
    assert f"Before, it meant “{term.label}”, which is in the list no longer" in text_of(
        hana, f"{base}/values"
    )
    assert hana.chosen(f"{base}/values") == {"stage-0": ""}
    hana.client.post(f"{base}/values", data={"stage-0": ""})
    hana.work()
    importing = session.scalars(select(ImportMemory).where(ImportMemory.field == "stage")).all()
    assert [row.meaning for row in importing] == ["FIRST_SITES"]


def test_a_column_for_what_is_accepted_no_more_is_guessed_anew(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    brought(hana)
    remembered(session, "product").meaning = "field_of_old"
    session.commit()
    assert "Holds no longer" in text_of(hana, LIST)
    place = hana.send(table(line("B1")).encode(), "next.csv").replace("/sheet", "")
    hana.client.post(f"{place}/sheet", data=hana.chosen(f"{place}/sheet"))
    assert hana.chosen(f"{place}/columns")["c2"] == "name"


def test_a_column_left_out_says_so_and_what_lacks_a_column_is_named(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    place = hana.send(table(line("A1")).encode(), "crm.csv").replace("/sheet", "")
    hana.client.post(f"{place}/sheet", data=hana.chosen(f"{place}/sheet"))
    hana.client.post(f"{place}/columns", data={**hana.chosen(f"{place}/columns"), "c6": ""})
    again = hana.send(table(line("A2")).encode(), "next.csv").replace("/sheet", "")
    hana.client.post(f"{again}/sheet", data=hana.chosen(f"{again}/sheet"))
    page = text_of(hana, f"{again}/columns")
    assert "Left out as last time." in page
    assert "Matched as last time." in page


def test_another_network_sees_nothing_of_it(bringer: Bring, session: Session, cast: Cast) -> None:
    brought(bringer(cast.hin))
    owen = bringer(cast.other_hin)
    assert "Nothing is remembered" in text_of(owen, LIST)
    row = remembered(session, "phase seven")
    assert owen.client.get(f"{LIST}/{row.id}").status_code == 404
    owen.client.post(f"{LIST}/forget")
    assert remembered(session, "phase seven").meaning == "FIRST_SITES"


def test_the_rows_of_a_file_take_no_meaning_that_has_ended(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    """Nobody says anew what it means: the row is wrong, and says so."""
    hana = bringer(cast.hin)
    brought(hana)
    makers.term(Vocabulary.DEVELOPMENT_STAGE, "FIRST_SITES").retired_on = today()
    session.commit()
    text = table(line("B1", Status="Phase seven")).encode()
    importing = hana.mapped(text, "next.csv")
    assert [row.verdict for row in hana.rows(importing)] == [Verdict.WRONG]
    assert "There is no “Phase seven”" in hana.page(importing)


def test_words_that_no_list_has_are_proposed_and_what_is_left_out_is_named(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    header = (*HEADER, "Internal notes")
    cells = line("A1", Type="App", Status="Scaling", Setting="GP practice")
    place = hana.send(table([*cells, "x"], header=header).encode(), "crm.csv")
    base = place.replace("/sheet", "")
    hana.client.post(f"{base}/sheet", data=hana.chosen(f"{base}/sheet"))
    page = text_of(hana, f"{base}/columns")
    assert "Left out unless you say what they mean: Internal notes." in page
    hana.client.post(f"{base}/columns", data=hana.chosen(f"{base}/columns"))
    assert hana.chosen(f"{base}/values") == {
        "category-0": "DIGITAL",
        "stage-0": "SPREADING",
        "care_settings-0": "PRIMARY_CARE",
    }


def test_all_cells_that_rows_may_do_without_are_left_out_at_once(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    header = (*HEADER, "Unit cost", "Date added")
    rows = [[*line("A1"), "POA", "soon"], [*line("A2"), "12", "01/02/2025"]]
    importing = hana.mapped(table(*rows, header=header).encode(), "crm.csv")
    assert [row.verdict for row in hana.rows(importing)] == [Verdict.WRONG, Verdict.NEW]
    page = hana.page(importing)
    assert "Leave all of these cells out" in page
    assert "Chosen:" in page
    hana.do(importing, "leave-out", field="every")
    assert [row.verdict for row in hana.rows(importing)] == [Verdict.NEW, Verdict.NEW]

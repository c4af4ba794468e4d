"""Nobody's name or address reaches the other side before the innovator agreed: not on a page, in
an email, in a download or on a timeline."""

from io import BytesIO

import openpyxl
from sqlalchemy.orm import Session

from portal.introductions.models import Circle, Introduction
from portal.introductions.services import writing
from tests.cast import Cast, Person
from tests.introductions.conftest import agree, everything_told

QUEUES = ("ours", "open", "overdue", "ended", "all")


def seen_by(as_, person: Person, introduction: Introduction) -> str:
    """Return all that a person gets to read of an introduction, and of the record it is about."""
    browser = as_(person)
    record = f"/innovations/{introduction.innovation_id}"
    one = f"/introductions/{introduction.id}"
    paths = [one, f"{record}/introductions", f"{record}/activity", "/account/messages"]
    paths += [f"{one}/{step}" for step in ("agree", "refuse", "withdraw", "met", "outcome")]
    paths += [f"/introductions?queue={queue}" for queue in QUEUES]
    paths += ["/introductions/download.csv?queue=all"]
    texts = [browser.get(path).text for path in paths]
    sheet = openpyxl.load_workbook(
        BytesIO(browser.get("/introductions/download.xlsx?queue=all").data)
    )["Data"]
    texts += [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    return "\n".join(texts)


def has(text: str, person: Person) -> bool:
    return person.user.name in text or person.user.email in text


def write(introduction: Introduction, person: Person, circle: Circle) -> None:
    writing.write(introduction=introduction, circle=circle, body="A question.", by=person.actor)


def test_before_the_innovator_agreed_neither_side_reads_the_others_people(
    as_, cast: Cast, brokered: Introduction, session: Session
) -> None:
    write(brokered, cast.ics, Circle.ASKING)
    write(brokered, cast.colleague, Circle.ANSWERING)
    innovator = seen_by(as_, cast.innovator, brokered)
    ics = seen_by(as_, cast.ics, brokered)
    assert "Falls in twelve care homes." in innovator
    assert not has(innovator, cast.ics)
    assert not has(ics, cast.innovator)
    assert not has(ics, cast.colleague)


def test_no_message_names_anybody_at_any_state(
    cast: Cast, met: Introduction, session: Session
) -> None:
    told = everything_told(session)
    for person in (cast.ics, cast.innovator, cast.colleague):
        assert not has(told, person)


def test_once_agreed_both_sides_read_whom_to_write_to(
    as_, cast: Cast, brokered: Introduction
) -> None:
    agree(brokered, cast.innovator)
    innovator = seen_by(as_, cast.innovator, brokered)
    ics = seen_by(as_, cast.ics, brokered)
    assert cast.ics.user.email in innovator
    assert cast.innovator.user.email in ics
    # Who agreed is the contact; others of the company stay unknown.
    assert not has(ics, cast.colleague)


def test_an_innovator_who_declined_stays_unknown(as_, cast: Cast, brokered: Introduction) -> None:
    data = {"version": brokered.version, "why": "Not now."}
    as_(cast.innovator).post(f"/introductions/{brokered.id}/refuse", data=data)
    assert not has(seen_by(as_, cast.ics, brokered), cast.innovator)
    assert not has(seen_by(as_, cast.innovator, brokered), cast.ics)


def test_the_network_reads_whom_to_write_to_at_the_ics_from_the_start(
    as_, cast: Cast, requested: Introduction
) -> None:
    assert cast.ics.user.email in as_(cast.hin).get(f"/introductions/{requested.id}").text


def test_the_national_team_reads_how_it_stands_but_no_contacts_and_no_messages(
    as_, cast: Cast, agreed: Introduction
) -> None:
    write(agreed, cast.ics, Circle.EVERYONE)
    page = seen_by(as_, cast.national, agreed)
    assert "Agreed" in page
    assert "A question." not in page
    assert not has(page, cast.ics)

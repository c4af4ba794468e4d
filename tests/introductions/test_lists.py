"""The lists: the right rows for each reader, in few statements, and the same rows to take away."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.clock import today
from portal.innovations.models import Sharing
from portal.introductions.models import Introduction, Outcome, State
from portal.introductions.queries.listing import Queue, queue_counts
from tests import makers
from tests.cast import Cast
from tests.introductions.conftest import accept, ask, end, take
from tests.statements import Statements


@pytest.mark.parametrize(
    ("state", "whose"),
    [
        ("requested", "hin"),
        ("taken", "hin"),
        ("brokered", "innovator"),
    ],
)
def test_an_introduction_waits_for_whose_turn_it_is(
    request: pytest.FixtureRequest, cast: Cast, state: str, whose: str
) -> None:
    request.getfixturevalue(state)
    people = ("ics", "hin", "innovator", "other_hin", "other_ics", "national")
    waits = {
        person
        for person in people
        if queue_counts(getattr(cast, person).actor, today())[Queue.OURS]
    }
    assert waits == {whose}


def test_what_another_network_took_does_not_wait_for_ours(cast: Cast, shared: Introduction) -> None:
    take(shared, cast.other_hin)
    counts = queue_counts(cast.hin.actor, today())
    assert (counts[Queue.OURS], counts[Queue.OPEN]) == (0, 1)


def test_the_ics_has_to_do_something_when_it_is_asked_what_came_of_it(
    cast: Cast, met: Introduction
) -> None:
    assert queue_counts(cast.ics.actor, today())[Queue.OURS] == 0
    met.due_on = today()
    assert queue_counts(cast.ics.actor, today())[Queue.OURS] == 1


def test_each_queue_has_its_introductions(as_, cast: Cast, session: Session) -> None:
    names = {"Late": -1, "In time": 5}
    for name, days in names.items():
        record = makers.innovation(name, of=cast.innovator, sharing=Sharing.HINS_AND_ICSS)
        ask(record, cast.ics).due_on = today() + timedelta(days=days)
    done = makers.innovation("Done", of=cast.innovator, sharing=Sharing.HINS_AND_ICSS)
    over = accept(take(ask(done, cast.ics), cast.hin), cast.hin)
    over.state, over.agreed_at, over.due_on = State.AGREED, over.brokered_at, None
    session.flush()
    end(over, cast.ics, Outcome.NOT_NOW, why="Next year.")
    browser = as_(cast.ics)
    shown = {
        queue: {
            n for n in (*names, "Done") if n in browser.get(f"/introductions?queue={queue}").text
        }
        for queue in ("open", "overdue", "ended", "all")
    }
    assert shown == {
        "open": {"Late", "In time"},
        "overdue": {"Late"},
        "ended": {"Done"},
        "all": {"Late", "In time", "Done"},
    }


@pytest.mark.parametrize("person", ["ics", "hin", "innovator", "national"])
def test_a_list_of_many_runs_few_statements(
    as_, cast: Cast, session: Session, statements: Statements, person: str
) -> None:
    for number in range(25):
        record = makers.innovation(
            f"Number {number}", of=cast.innovator, sharing=Sharing.HINS_AND_ICSS
        )
        accept(take(ask(record, cast.ics), cast.hin), cast.hin)
    browser = as_(getattr(cast, person))
    browser.get("/introductions")
    with statements.at_most(8):
        page = browser.get("/introductions")
    assert "Showing 1 to 20 of 25" in page.text
    with statements.at_most(8):
        browser.get("/introductions/download.csv")


def test_a_download_holds_the_rows_of_the_page(as_, cast: Cast, brokered: Introduction) -> None:
    text = as_(cast.ics).get("/introductions/download.csv").text
    assert "Breathe Easy,Brightwell Health" in text
    assert len(text.strip().splitlines()) == 2


def test_administrators_have_no_list(as_, cast: Cast) -> None:
    assert as_(cast.administrator).get("/introductions").status_code == 403


def test_words_and_states_narrow_the_list(as_, cast: Cast, brokered: Introduction) -> None:
    browser = as_(cast.hin)
    assert "Breathe Easy" in browser.get("/introductions?q=easy&state=brokered").text
    assert "Breathe Easy" not in browser.get("/introductions?q=harder").text
    assert "Breathe Easy" not in browser.get("/introductions?state=met").text

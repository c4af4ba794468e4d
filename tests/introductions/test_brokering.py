"""One of the HINs concerned takes it and accepts or declines; then the innovator answers."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.errors import Forbidden, NotFound
from portal.introductions.models import Ending, Introduction, State
from portal.introductions.queries import introduction_for
from portal.introductions.services import asking, brokering
from tests.cast import Cast
from tests.introductions.conftest import accept, agree, inbox, take


def test_the_second_of_two_networks_is_told_who_took_it(
    as_, cast: Cast, shared: Introduction
) -> None:
    seen_by_both = shared.version
    path, data = f"/introductions/{shared.id}/take", {"version": seen_by_both}
    assert as_(cast.hin).post(path, data=data).status_code == 302
    answer = as_(cast.other_hin).post(path, data=data)
    assert answer.status_code == 409
    hin = cast.hin.organisation.name
    assert f"Hana West of {hin} took it on" in answer.text


def test_the_other_networks_concerned_are_told_that_somebody_took_it(
    cast: Cast, shared: Introduction, session: Session
) -> None:
    take(shared, cast.hin)
    told = f"{cast.hin.organisation.name} took the introduction to {shared.innovation.name}"
    assert told in inbox(session, cast.other_hin.user)
    assert told not in inbox(session, cast.hin.user)


def test_only_the_network_that_took_it_decides(cast: Cast, shared: Introduction) -> None:
    take(shared, cast.other_hin)
    with pytest.raises(Forbidden):
        accept(shared, cast.hin)


def test_a_network_that_is_not_concerned_cannot_take_it(
    cast: Cast, requested: Introduction
) -> None:
    with pytest.raises(NotFound):
        introduction_for(cast.other_hin.actor, requested.id)
    with pytest.raises(Forbidden):
        take(requested, cast.other_hin)


def test_the_innovator_hears_of_it_when_the_network_accepts_and_not_before(
    as_, cast: Cast, taken: Introduction, session: Session
) -> None:
    path = f"/introductions/{taken.id}"
    assert as_(cast.innovator).get(path).status_code == 404
    assert taken.innovation.name not in as_(cast.innovator).get("/introductions?queue=all").text
    data = {"version": taken.version, "context": "They have the homes and the money."}
    assert as_(cast.hin).post(f"{path}/accept", data=data).status_code == 302
    page = as_(cast.innovator).get(path).text
    assert "They have the homes and the money." in page
    assert "Falls in twelve care homes." in page
    assert any("would like to meet you" in line for line in inbox(session, cast.innovator.user))


def test_a_declined_request_gives_the_ics_a_reason_and_alternatives(
    as_, cast: Cast, taken: Introduction, session: Session
) -> None:
    data = {
        "version": taken.version,
        "why": "They are at the end of their capacity.",
        "alternatives": "Ask again in spring.",
    }
    path = f"/introductions/{taken.id}"
    assert as_(cast.hin).post(f"{path}/decline", data=data).status_code == 302
    page = as_(cast.ics).get(path).text
    assert "They are at the end of their capacity." in page
    assert "Ask again in spring." in page
    assert as_(cast.innovator).get(path).status_code == 404
    assert not any("introduc" in line.lower() for line in inbox(session, cast.innovator.user))


@pytest.mark.parametrize("missing", ["why", "alternatives"])
def test_declining_needs_a_reason_and_an_alternative(
    as_, cast: Cast, taken: Introduction, session: Session, missing: str
) -> None:
    data = {"version": taken.version, "why": "No.", "alternatives": "None.", missing: ""}
    page = as_(cast.hin).post(f"/introductions/{taken.id}/decline", data=data).text
    assert "There is a problem" in page
    session.refresh(taken)
    assert taken.state is State.TAKEN


def test_an_old_page_cannot_decide_and_keeps_what_was_typed(
    as_, cast: Cast, taken: Introduction
) -> None:
    data = {"version": taken.version - 1, "context": "What I typed."}
    answer = as_(cast.hin).post(f"/introductions/{taken.id}/accept", data=data)
    assert answer.status_code == 409
    assert "What I typed." in answer.text


def test_the_innovator_declines_with_a_reason_that_the_ics_reads(
    as_, cast: Cast, brokered: Introduction, session: Session
) -> None:
    path = f"/introductions/{brokered.id}"
    data = {"version": brokered.version, "why": "We do not work with care homes."}
    assert as_(cast.innovator).post(f"{path}/refuse", data=data).status_code == 302
    page = as_(cast.ics).get(path).text
    assert "We do not work with care homes." in page
    assert cast.innovator.user.name not in page
    session.refresh(brokered)
    assert brokered.ending is Ending.DECLINED_BY_INNOVATOR


def test_nobody_agrees_for_the_innovator(cast: Cast, brokered: Introduction) -> None:
    for person in (cast.ics, cast.hin, cast.national, cast.other_innovator):
        with pytest.raises(Forbidden):
            agree(brokered, person)


def test_agreeing_needs_to_be_understood(as_, cast: Cast, brokered: Introduction) -> None:
    path = f"/introductions/{brokered.id}/agree"
    page = as_(cast.innovator).post(path, data={"version": brokered.version}).text
    assert "Select that you understand that contacts are shared" in page


def test_every_state_is_a_dated_row_and_an_audit_line(
    cast: Cast, met: Introduction, session: Session
) -> None:
    states = [State.REQUESTED, State.TAKEN, State.BROKERED, State.AGREED, State.MET]
    assert [change.state for change in met.changes] == states
    assert all(change.at is not None for change in met.changes)
    found = session.scalars(
        select(AuditEvent.action)
        .where(AuditEvent.noun == "introduction", AuditEvent.noun_id == met.id)
        .order_by(AuditEvent.id)
    ).all()
    assert list(found) == [f"introduction.{state.value}" for state in states]


def test_an_introduction_that_ended_cannot_be_taken_up_again(
    cast: Cast, taken: Introduction
) -> None:
    brokering.decline(
        introduction=taken, version=taken.version, why="No.", alternatives="-", by=cast.hin.actor
    )
    with pytest.raises(Forbidden):
        accept(taken, cast.hin)
    with pytest.raises(Forbidden):
        asking.withdraw(introduction=taken, version=taken.version, why="-", by=cast.ics.actor)

"""Write of a quarter, say what became of it, hand it in, have it reviewed."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.clock import today
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.programmes.models import Outcome, Programme, ReviewState
from portal.programmes.queries.notes import carried_over, notes_of
from portal.programmes.rules.notes import Gravity, gravity
from portal.programmes.services.notes import (
    close_risk,
    hand_in,
    review_quarter,
    save_step,
    settle_plan,
    write_note,
)
from portal.reference.rules import Quarter
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.programmes import makers

As = Callable[[Person], PageClient]


@pytest.fixture
def breath(session: Session, cast: Cast) -> Programme:
    """A public programme of the national team's."""
    return makers.programme(by=cast.national, is_public=True)


def test_last_quarters_words_stand_beside_while_one_writes(
    breath: Programme, cast: Cast, as_: As
) -> None:
    before = Quarter.of(today()).previous
    write_note(
        programme=breath,
        quarter=before,
        hin_id=cast.hin.actor.hin_id,
        kind=makers.NoteKind.PLAN,
        words="Train eleven practices.",
        by=cast.hin.actor,
    )
    db.session.commit()
    path = f"/programmes/{breath.id}/quarter/{Quarter.of(today()).code}/write"
    assert "Train eleven practices." in as_(cast.hin).get(path).get_data(as_text=True)
    assert "Train eleven practices." not in as_(cast.other_hin).get(path).get_data(as_text=True)
    sent = as_(cast.hin).post(path, data={"version": 0, "kind": "progress", "words": "Nine began."})
    assert sent.status_code == 302
    page = as_(cast.national).get(sent.location).get_data(as_text=True)
    assert "Nine began." in page


def test_words_of_networks_are_for_staff(breath: Programme, cast: Cast, as_: As) -> None:
    makers.note("lesson", of=breath, by=cast.hin, words="Neighbours show how it is done.")
    db.session.commit()
    path = f"/programmes/{breath.id}/quarter"
    assert "Neighbours show" in as_(cast.other_hin).get(path).get_data(as_text=True)
    for person in (cast.ics, cast.innovator):
        assert "Neighbours show" not in as_(person).get(path).get_data(as_text=True)


def test_a_network_writes_for_itself(breath: Programme, cast: Cast) -> None:
    note = makers.note("plan", of=breath, by=cast.hin)
    with pytest.raises(Forbidden):
        write_note(
            programme=breath,
            quarter=Quarter.of(today()),
            hin_id=cast.hin.actor.hin_id,
            kind=note.kind,
            words="Other words",
            note=note,
            version=1,
            by=cast.other_hin.actor,
        )
    with pytest.raises(Forbidden):
        settle_plan(note=note, version=1, outcome=Outcome.DONE, words="", by=cast.other_hin.actor)


def test_it_is_said_what_became_of_a_plan(breath: Programme, cast: Cast) -> None:
    note = makers.note("plan", of=breath, by=cast.hin)
    by = cast.hin.actor
    with pytest.raises(Invalid):
        settle_plan(note=note, version=1, outcome=Outcome.DROPPED, words="", by=by)
    settle_plan(note=note, version=1, outcome=Outcome.DROPPED, words="No money", by=by)
    assert (note.outcome, note.outcome_words) == (Outcome.DROPPED, "No money")
    with pytest.raises(Conflict):
        settle_plan(note=note, version=1, outcome=Outcome.DONE, words="", by=by)


def test_a_risk_is_as_grave_as_likely_times_its_impact_until_it_is_closed(
    breath: Programme, cast: Cast
) -> None:
    note = makers.note("risk", of=breath, by=cast.hin, likelihood=3, impact=5)
    assert (note.score, gravity(note)) == (15, Gravity.HIGH)
    assert gravity(makers.note("issue", of=breath, by=cast.hin)) is None
    plan = makers.note("plan", of=breath, by=cast.hin, likelihood=3, impact=5)
    assert plan.score is None
    following = Quarter.of(today()).next
    assert note in carried_over(cast.hin.actor, breath.id, following)
    close_risk(note=note, version=1, how="The supplier delivered", by=cast.hin.actor)
    assert note not in carried_over(cast.hin.actor, breath.id, following)
    with pytest.raises(Conflict):
        close_risk(note=note, version=2, how="Again", by=cast.hin.actor)


def test_what_was_published_is_not_rewritten(breath: Programme, cast: Cast) -> None:
    note = makers.note("lesson", of=breath, by=cast.national)
    note.source = "A report"
    with pytest.raises(Conflict):
        write_note(
            programme=breath,
            quarter=Quarter.of(today()),
            hin_id=None,
            kind=note.kind,
            words="Other words",
            note=note,
            version=1,
            by=cast.national.actor,
        )
    assert notes_of(cast.innovator.actor, breath.id, Quarter.of(today())) == [note]


def test_a_quarter_is_handed_in_asked_about_and_accepted(breath: Programme, cast: Cast) -> None:
    quarter, hin_id = Quarter.of(today()), cast.hin.actor.hin_id or 0
    review = makers.handed_in(of=breath, by=cast.hin)
    with pytest.raises(Conflict):
        makers.handed_in(of=breath, by=cast.hin)
    national = cast.national.actor
    with pytest.raises(Forbidden):
        review_quarter(review=review, version=1, accepts=True, words="", by=cast.hin.actor)
    with pytest.raises(Invalid):
        review_quarter(review=review, version=1, accepts=False, words="", by=national)
    review_quarter(review=review, version=1, accepts=False, words="How many?", by=national)
    assert review.state is ReviewState.ASKED
    hand_in(programme=breath, quarter=quarter, hin_id=hin_id, by=cast.hin.actor)
    with pytest.raises(Conflict):
        review_quarter(review=review, version=2, accepts=True, words="", by=national)
    review_quarter(review=review, version=3, accepts=True, words="", by=national)
    assert review.state is ReviewState.ACCEPTED


def test_two_who_change_a_step_are_told_apart(breath: Programme, cast: Cast) -> None:
    step = makers.step("Train ten practices", of=breath, by=cast.hin)
    given = {"programme": breath, "hin_id": step.hin_id, "due_on": step.due_on, "step": step}
    save_step(words="Train nine", version=1, by=cast.hin.actor, **given)
    with pytest.raises(Conflict):
        save_step(words="Train eight", version=1, by=cast.hin.actor, **given)
    with pytest.raises(Forbidden):
        save_step(words="Train none", version=2, by=cast.other_hin.actor, **given)

"""Milestones and the progress they show: who ticks, and what each reader may know."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Evidence, Innovation, Sharing, Use
from portal.proof.models import MilestoneReached, ValidationState
from portal.proof.queries import facts
from portal.proof.queries.milestones import milestones_reached, progress_of
from portal.proof.services import milestones, validations
from portal.reference.models import Vocabulary
from portal.reference.queries import terms, today
from portal.support.models import Engagement
from tests import makers
from tests.cast import Cast, Person
from tests.statements import Statements
from tests.support.conftest import inbox


def _tick(record: Innovation, by: Person, code: str = "PROTOTYPE", **values: Any) -> Any:
    told = {"on": today(), "evidence": "We tried it with a nurse.", **values}
    milestone = makers.term(Vocabulary.MILESTONE, code)
    return milestones.tick(innovation=record, milestone=milestone, by=by.actor, **told)


def _reached(record: Innovation, person: Person) -> set[str]:
    areas = progress_of(record, person.actor, facts(record, today()))
    assert len(areas) == 14
    return {one.area.code for one in areas if one.is_reached}


def test_every_milestone_names_areas_that_there_are(session: Session) -> None:
    areas = {term.code for term in terms(Vocabulary.PROGRESS_AREA)}
    for milestone in terms(Vocabulary.MILESTONE):
        assert milestone.definition
        assert set(milestone.value.split()) <= areas


def test_a_tick_shows_progress_and_the_innovator_is_told(
    record: Innovation, engaging: Engagement, cast: Cast, session: Session
) -> None:
    assert _reached(record, cast.innovator) == set()
    _tick(record, cast.hin, "PILOTED_REGION")
    assert _reached(record, cast.innovator) == {"DEPLOYMENT_COUNT", "EVIDENCE_IMPACT"}
    assert "A milestone is reached: Breathe Easy" in inbox(session, cast.innovator.user)


def test_the_record_itself_shows_progress_too(
    record: Innovation, engaging: Engagement, cast: Cast, session: Session
) -> None:
    kind = makers.term(Vocabulary.EVIDENCE_KIND, "COST_IMPACT")
    record.evidence.append(Evidence(kind=kind, title="Money saved", on=date(2025, 5, 1)))
    trust = makers.organisation("Coventry General")
    record.uses.append(Use(organisation=trust, from_on=date(2025, 1, 6), is_trial=True))
    session.flush()
    assert _reached(record, cast.innovator) == {"EVIDENCE_COST"}
    record.uses[0].is_trial = False
    assert _reached(record, cast.innovator) == {"EVIDENCE_COST", "DEPLOYMENT_COUNT"}


def test_an_ics_knows_of_a_validation_only_once_it_is_published(
    record: Innovation, engaging: Engagement, cast: Cast
) -> None:
    row = validations.add_validation(
        innovation=record,
        by=cast.hin.actor,
        question="Do falls go down?",
        state=ValidationState.COMPLETED,
        is_positive=True,
        result="A third fewer.",
    )
    assert "REAL_WORLD_VALIDATION" in _reached(record, cast.innovator)
    assert "REAL_WORLD_VALIDATION" in _reached(record, cast.other_hin)
    assert "REAL_WORLD_VALIDATION" not in _reached(record, cast.ics)
    row.is_published = True
    assert "REAL_WORLD_VALIDATION" in _reached(record, cast.ics)


def test_one_milestone_is_ticked_once_and_may_be_taken_back(
    record: Innovation, engaging: Engagement, cast: Cast
) -> None:
    row = _tick(record, cast.hin)
    with pytest.raises(Conflict, match="before you"):
        _tick(record, cast.hin)
    with pytest.raises(Invalid, match="why"):
        milestones.take_back(reached=row, why="", by=cast.hin.actor)
    milestones.take_back(reached=row, why="It was another product.", by=cast.hin.actor)
    assert milestones_reached(record.id) == []
    with pytest.raises(Conflict):
        milestones.take_back(reached=row, why="Again.", by=cast.hin.actor)
    assert isinstance(_tick(record, cast.hin), MilestoneReached)


def test_only_a_network_that_works_with_it_ticks(
    record: Innovation, engaging: Engagement, cast: Cast
) -> None:
    for person in (cast.other_hin, cast.innovator, cast.national, cast.ics):
        with pytest.raises(Forbidden):
            _tick(record, person)
    with pytest.raises(Invalid, match="today or in the past"):
        _tick(record, cast.hin, on=today() + timedelta(days=1))


def test_ticking_on_the_pages(as_, record: Innovation, engaging: Engagement, cast: Cast) -> None:
    browser = as_(cast.hin)
    tab = f"/innovations/{record.id}/support"
    day = {f"on-{part}": getattr(today(), part) for part in ("day", "month", "year")}
    page = browser.post(f"{tab}/milestones/PROTOTYPE", data={**day, "evidence": " "})
    assert "Enter what shows it" in page.text
    page = browser.post(
        f"{tab}/milestones/PROTOTYPE",
        data={**day, "evidence": "Tried with a nurse."},
        follow_redirects=True,
    )
    assert "The milestone is ticked" in page.text
    assert "Tried with a nurse." in as_(cast.innovator).get(f"{tab}/milestones").text
    assert "1 of 14 areas are reached" in as_(cast.innovator).get(tab).text
    page = browser.post(
        f"{tab}/milestones/PROTOTYPE/undo", data={"why": "Another."}, follow_redirects=True
    )
    assert "0 milestones of 23 reached" in page.text


def test_ics_staff_read_progress_but_neither_evidence_nor_who_helps(
    as_, record: Innovation, engaging: Engagement, cast: Cast, session: Session
) -> None:
    record.sharing = Sharing.HINS_AND_ICSS
    session.flush()
    _tick(record, cast.hin)
    page = as_(cast.ics).get(f"/innovations/{record.id}/support")
    assert "1 of 14 areas are reached" in page.text
    for words in ("tried it with a nurse", "Hana West", "Engaging", "We would like to help"):
        assert words not in page.text
    assert as_(cast.ics).get(f"/innovations/{record.id}/support/milestones").status_code == 403


def test_the_catalogue_takes_few_statements(
    as_, record: Innovation, engaging: Engagement, cast: Cast, statements: Statements
) -> None:
    for term in terms(Vocabulary.MILESTONE)[:12]:
        _tick(record, cast.hin, term.code)
    browser = as_(cast.innovator)
    with statements.at_most(12):
        browser.get(f"/innovations/{record.id}/support/milestones")

"""Closing: why, what was done, what next; and the survey, which is nobody's name."""

from typing import Any

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from portal.audit.models import Audience, AuditEvent
from portal.clock import today
from portal.errors import Forbidden, Invalid, NotFound
from portal.figures.queries import live_values
from portal.innovations.models import Innovation
from portal.innovations.services.ownership import archive
from portal.notifications.models import Notification
from portal.reference.rules import Quarter
from portal.support.models import (
    Assignee,
    Engagement,
    EngagementState,
    ProposalKind,
    Survey,
    SurveyAnswer,
    Task,
    TaskState,
)
from portal.support.queries.surveys import answers, comments, survey_for, surveys_waiting
from portal.support.rules.closings import MIN_ANSWERS, SCORES
from portal.support.services import closing
from portal.support.services.proposals import propose
from tests import makers
from tests.cast import Cast
from tests.figures import rows_behind
from tests.pages import opened
from tests.support.conftest import close, inbox

MARKS = {"reach": 4, "use": 5, "gain": 3}
QUARTER = Quarter.of(today())


@pytest.fixture
def survey(engaging: Engagement, cast: Cast) -> Survey:
    """West Midlands closed its support, so Priya of Brightwell was asked how it was."""
    close(engaging, cast.hin)
    [found] = surveys_waiting(cast.innovator.actor)
    return found


def _answer(survey: Survey, cast: Cast, **values: Any) -> None:
    told = {"scores": MARKS, "by": cast.innovator.actor, **values}
    closing.answer(survey=survey, **told)


def _numbers() -> dict[tuple[str, int | None], float]:
    found = live_values(QUARTER, today())
    return {(f.code, f.hin_id): f.value for f in found if not f.group}


def test_who_closes_is_told_of_open_tasks_and_proposals(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    tab = f"/innovations/{engaging.innovation_id}/support"
    assert "still under way" not in as_(cast.hin).get(f"{tab}/close").text
    task = makers.put(
        Task(
            engagement=engaging,
            title="Send the trial’s protocol",
            assignee=Assignee.INNOVATOR,
            opened_by_id=cast.hin.user.id,
        )
    )
    ended = Task(
        engagement=engaging,
        title="Long done",
        state=TaskState.DONE,
        opened_by_id=cast.hin.user.id,
    )
    makers.put(ended)
    propose(
        innovation=engaging.innovation,
        kind=ProposalKind.HANDOVER,
        to_hin_id=cast.other_hin.actor.hin_id,
        words="You know the sites.",
        by=cast.hin.actor,
    )
    session.commit()
    page = as_(cast.hin).get(f"{tab}/close").text
    assert "Task: Send the trial’s protocol" in page
    assert f"/support/tasks/{task.id}" in page
    assert "Proposal: " in page
    assert "Long done" not in page


def test_the_innovator_reads_why_what_was_done_and_what_is_next(
    as_, engaging: Engagement, cast: Cast, session: Session
) -> None:
    url = f"/innovations/{engaging.innovation_id}/support/close"
    browser = as_(cast.hin)
    told = {"version": engaging.version, "reason": "adopted", "summary": "Two sites took it up."}
    assert "Enter what comes next" in browser.post(url, data=told).text
    told["next_step"] = "Ask your ICS."
    assert browser.post(url, data=told).status_code == 302
    session.expire_all()
    assert engaging.state is EngagementState.CLOSED
    page = as_(cast.innovator).get(f"/innovations/{engaging.innovation_id}/support").text
    for words in ("It is being taken up. Two sites took it up.", "What comes next: Ask your ICS."):
        assert words in page


def test_only_the_owner_is_asked_by_message_and_at_home(
    as_, survey: Survey, record: Innovation, cast: Cast, session: Session
) -> None:
    subject = f"How was the support of {cast.hin.organisation.hin.name} for {record.name}?"
    assert subject in inbox(session, cast.innovator.user)
    assert subject not in inbox(session, cast.colleague.user)
    path = f"/support/surveys/{survey.id}"
    asked = session.scalars(select(Notification.url).where(Notification.subject == subject)).all()
    assert asked == [path]
    assert path in as_(cast.innovator).get("/home").text
    assert path not in as_(cast.colleague).get("/home").text
    for person in (cast.colleague, cast.hin, cast.national, cast.other_innovator):
        with pytest.raises(NotFound):
            survey_for(person.actor, survey.id)


def test_answering_on_the_page_once(as_, survey: Survey, cast: Cast, session: Session) -> None:
    browser, url = as_(cast.innovator), f"/support/surveys/{survey.id}"
    assert (
        "Select an answer to “How useful was the help?”" in browser.post(url, data={"x": "1"}).text
    )
    told = {**{name: str(mark) for name, mark in MARKS.items()}, "comment": "Quick and honest."}
    page = browser.post(url, data=told)
    assert "Select that the network may read your words" in page.text
    assert "Quick and honest." in page.text
    second = opened(browser.get(url).text)
    assert browser.post(url, data={**told, "may_be_read": "y"}).status_code == 302
    assert "answered this survey already" in browser.get(url, follow_redirects=True).text
    again = browser.post(url, data={**told, "comment": "From a second tab.", "opened": second})
    assert again.status_code == 409
    for words in ("Your first answers count", "not saved", "From a second tab.", "How useful was"):
        assert words in again.text, words
    assert SCORES[MARKS["use"]] in again.text
    assert len(session.scalars(select(SurveyAnswer)).all()) == 1
    assert url not in browser.get("/home").text


def test_there_is_never_a_second_answer(survey: Survey, cast: Cast, session: Session) -> None:
    _answer(survey, cast)
    _answer(survey, cast)
    assert len(session.scalars(select(SurveyAnswer)).all()) == 1
    with pytest.raises(Forbidden):
        _answer(survey, cast, by=cast.colleague.actor)


def test_an_answer_names_nobody_anywhere(survey: Survey, cast: Cast, session: Session) -> None:
    _answer(survey, cast, comment="Quick.", may_be_read=True)
    columns = set(inspect(SurveyAnswer).columns.keys())
    assert columns == {"id", "hin_id", "quarter_on", *MARKS, "comment"}
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "survey.answered")).one()
    assert event.audience is Audience.PRIVATE
    assert event.changes == {}
    assert "Quick" not in event.summary


def test_words_are_kept_only_with_consent_and_read_only_by_that_hin(
    as_, survey: Survey, cast: Cast
) -> None:
    with pytest.raises(Invalid, match="may read your words"):
        _answer(survey, cast, comment="Too slow for us.")
    _answer(survey, cast, comment="Too slow for us.", may_be_read=True)
    assert comments(QUARTER, cast.hin.actor) == ["Too slow for us."]
    for person in (cast.other_hin, cast.national, cast.innovator):
        assert comments(QUARTER, person.actor) == []
    for person in (cast.other_hin, cast.national):
        assert "Too slow for us." not in as_(person).get("/support/surveys").text
    page = as_(cast.hin).get("/support/surveys").text
    assert "Too slow for us." in page
    assert cast.innovator.user.name not in page


def test_a_hin_reads_its_averages_only_once_there_are_several(
    as_, survey: Survey, cast: Cast, session: Session
) -> None:
    _answer(survey, cast)
    hin_id = cast.hin.actor.hin_id
    [own], [nation] = answers(QUARTER, cast.hin.actor), answers(QUARTER, cast.national.actor)
    assert (own.count, own.means) == (1, {})
    assert nation.means == {"reach": 4, "use": 5, "gain": 3}
    for _ in range(MIN_ANSWERS - 1):
        session.add(SurveyAnswer(hin_id=hin_id, quarter_on=QUARTER.first, reach=2, use=5, gain=3))
    session.flush()
    [own] = answers(QUARTER, cast.hin.actor)
    assert own.means == {"reach": pytest.approx(2.4), "use": 5, "gain": 3}
    assert answers(QUARTER, cast.other_hin.actor) == []
    assert "2.4" in as_(cast.national).get("/support/surveys").text


def test_the_quarter_counts_closings_and_answers(survey: Survey, cast: Cast) -> None:
    hin = cast.hin.actor.hin_id
    assert _numbers()["closed", hin] == 1
    assert ("surveys", hin) not in _numbers()
    _answer(survey, cast)
    assert _numbers()["surveys", hin] == 1
    for measure, columns in (("closed", 7), ("surveys", 1)):
        _, rows = rows_behind(measure, QUARTER, hin, "", None, today())
        assert [len(row) for row in rows] == [columns]


def test_a_record_without_an_owner_asks_nobody(
    engaging: Engagement, cast: Cast, session: Session
) -> None:
    engaging.innovation.owner = None
    session.flush()
    close(engaging, cast.hin)


def test_archiving_is_no_closing_of_somebody(
    engaging: Engagement, cast: Cast, session: Session
) -> None:
    archive(innovation=engaging.innovation, why="It is over.", by=cast.innovator.actor)
    assert engaging.state is EngagementState.CLOSED
    assert ("closed", cast.hin.actor.hin_id) not in _numbers()

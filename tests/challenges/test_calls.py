"""A challenge published as a call: locked criteria, amendments, public questions, who was told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.answers.tasks import remind_all
from portal.challenges import services as challenges
from portal.challenges.models import (
    Call,
    CallResult,
    CallTold,
    ChallengeFollower,
    Outcome,
    Readers,
    ToldKind,
)
from portal.challenges.queries.calls import call_of, is_open_call, told
from portal.challenges.rules.calls import Phase, phase, problem_of
from portal.challenges.serialise import told_rows
from portal.challenges.services import Content, calls
from portal.challenges.services.calls import Numbers
from portal.challenges.services.following import set_following
from portal.clock import clock_at, now, today
from portal.errors import Conflict, Forbidden, Invalid
from portal.matching.models import SimilarChallenge
from portal.notifications.models import Notification
from tests import makers as rows
from tests.answers import makers
from tests.answers.conftest import everything_told, inbox, text_of


@pytest.fixture
def challenge(cast, session):
    return makers.stated(cast)


@pytest.fixture
def call(cast, challenge):
    return makers.published(challenge, cast.ics, contact_hin_id=cast.hin.actor.hin_id)


def amend(call, by, why="More time was asked for.", **values):
    changed = makers.terms(**values)
    calls.amend(call=call, terms=changed, why=why, version=call.version, by=by.actor)


def content(challenge, **values):
    names = ("title", "problem", "who_affected", "outcome_wanted", "must_haves", "readers")
    return Content(**{**{name: getattr(challenge, name) for name in names}, **values})


def test_a_call_is_written_published_and_read_by_anyone(session, cast, as_, client, challenge):
    ics = as_(cast.ics)
    page = text_of(ics.get(f"/challenges/{challenge.id}"))
    assert "Publish it as a call" in page
    days = {"opens_on": 0, "closes_on": 20, "questions_by": 10, "replies_by": 12}
    data = {"version": "0", "who_may": "Anyone", "what_then": "A trial", "criterion_1": "Nights"}
    for name, after in days.items():
        day = today() + timedelta(days=after)
        data |= {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}
    data |= {"weight_1": "3", "criterion_2": "Evidence", "notice_url": "https://notices.example/1"}
    assert ics.post(f"/challenges/{challenge.id}/call/edit", data=data).status_code == 302
    call = call_of(challenge.id)
    assert [(one.name, one.weight) for one in call.criteria] == [("Nights", 3), ("Evidence", 1)]
    assert client.get(f"/challenges/{challenge.id}/call").status_code == 302
    assert as_(cast.hin).get(f"/challenges/{challenge.id}/call").status_code == 404
    published = ics.post(f"/challenges/{challenge.id}/call/publish", data={"version": call.version})
    assert published.status_code == 302
    page = text_of(client.get(f"/challenges/{challenge.id}/call"))
    for words in (
        "It is not a procurement",
        "sections 16 and 17 of the Procurement Act 2023",
        "75%",
        "https://notices.example/1",
        "No budget is named",
        "Works at night",
    ):
        assert words in page
    assert "Ask a question" not in page
    assert cast.ics.user.name not in page
    assert "This challenge is a call" in text_of(client.get(f"/challenges/{challenge.id}"))
    assert "Call, answer by" in text_of(client.get("/challenges"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"closes_on": date(2020, 1, 1)}, "closes_on"),
        ({"questions_by": date(2999, 1, 1)}, "questions_by"),
        ({"replies_by": date(2020, 1, 1)}, "replies_by"),
        ({"replies_by": date(2999, 1, 1)}, "replies_by"),
        ({"criteria": ()}, "criterion_1"),
        ({"criteria": (("Nights", 1), ("nights", 2))}, "criterion_1"),
    ],
)
def test_days_in_the_wrong_order_and_missing_criteria_are_refused(values, field):
    problem = problem_of(makers.terms(**values))
    assert problem is not None
    assert problem[0] == field


def test_only_a_challenge_that_is_open_to_anyone_becomes_a_call(cast, challenge):
    hidden = makers.stated(cast, "Hidden", readers=Readers.NHS)
    call = calls.write(challenge=hidden, terms=makers.terms(), version=0, by=cast.ics.actor)
    with pytest.raises(Invalid, match="Let anyone read"):
        calls.publish(call=call, version=call.version, by=cast.ics.actor)
    with pytest.raises(Forbidden):
        calls.write(challenge=challenge, terms=makers.terms(), version=0, by=cast.other_ics.actor)


def test_published_criteria_are_locked_and_a_change_is_an_amendment_that_followers_are_told_of(
    session, cast, as_, client, challenge, call
):
    with pytest.raises(Invalid, match="published: amend it"):
        calls.write(
            challenge=challenge, terms=makers.terms(), version=call.version, by=cast.ics.actor
        )
    set_following(challenge=call.challenge, is_following=True, by=cast.other_ics.actor)
    record = rows.innovation(of=cast.innovator)
    answer = makers.sent(challenge, record, cast.innovator)
    kept = {one.name: one.id for one in call.criteria}
    due = answer.due_on
    amend(call, cast.ics, closes=30, criteria=(("Evidence", 2), ("Cost", 1)))
    assert [(one.name, one.weight) for one in call.criteria] == [("Evidence", 2), ("Cost", 1)]
    assert call.criteria[0].id == kept["Evidence"]
    assert answer.due_on == call.due_on
    assert answer.due_on > due
    for person in (cast.innovator, cast.other_ics):
        assert "A call was amended: Falls at night" in inbox(session, person.user)
    assert "A call was amended: Falls at night" not in inbox(session, cast.colleague.user)
    page = text_of(client.get(f"/challenges/{challenge.id}/call"))
    assert "Amendment 1" in page
    assert "More time was asked for." in page
    assert "Fits night shifts (weight 3); Evidence (weight 2)" in page


def test_an_amendment_changes_something_and_never_after_the_last_day(cast, call):
    held = makers.terms(contact_hin_id=cast.hin.actor.hin_id)
    with pytest.raises(Invalid, match="nothing is different"):
        calls.amend(call=call, terms=held, why="Why", version=call.version, by=cast.ics.actor)
    makers.closed(call)
    with pytest.raises(Invalid, match="from its publication to its last day"):
        amend(call, cast.ics, closes=40)
    with pytest.raises(Conflict):
        calls.amend(call=call, terms=held, why="Why", version=0, by=cast.ics.actor)


def test_a_changed_challenge_is_an_amendment_of_its_call(session, cast, client, challenge, call):
    set_following(challenge=call.challenge, is_following=True, by=cast.innovator.actor)
    changed = content(challenge, must_haves="Works without wifi")
    challenges.edit(
        challenge=challenge, content=changed, version=challenge.version, by=cast.ics.actor
    )
    assert "A call was amended: Falls at night" in inbox(session, cast.innovator.user)
    page = text_of(client.get(f"/challenges/{challenge.id}/call"))
    assert "Must-haves and limits: now “Works without wifi”" in page
    with pytest.raises(Invalid, match="anyone reads it"):
        challenges.edit(
            challenge=challenge,
            content=content(challenge, readers=Readers.NHS),
            version=challenge.version,
            by=cast.ics.actor,
        )


def test_what_is_told_after_the_last_day_says_that_answers_were_taken(session, cast, call):
    set_following(challenge=call.challenge, is_following=True, by=cast.innovator.actor)
    with clock_at(now() + timedelta(days=60)):
        changed = content(call.challenge, must_haves="Works without wifi")
        challenges.edit(challenge=call.challenge, content=changed, version=None, by=cast.ics.actor)
    told = session.scalars(
        select(Notification.body).where(Notification.user_id == cast.innovator.user.id)
    )
    assert any("Answers were taken until" in one for one in told)


def test_a_question_is_published_with_its_answer_and_without_who_asked(
    session, cast, as_, client, challenge, call
):
    innovator, path = as_(cast.innovator), f"/challenges/{challenge.id}/call"
    asked = innovator.post(f"{path}/ask", data={"question": "May it use wifi?"})
    assert asked.status_code == 302
    assert "May it use wifi?" not in text_of(client.get(path))
    assert "May it use wifi?" not in text_of(as_(cast.other_innovator).get(path))
    page = text_of(as_(cast.ics).get(path))
    assert "May it use wifi?" in page
    names = (cast.innovator.user.name, cast.innovator.user.email, "Brightwell")
    assert not [name for name in names if name in page]
    assert "Answer the questions about the call" in text_of(as_(cast.ics).get("/home"))
    question = call_of(challenge.id).questions[0]
    set_following(challenge=call.challenge, is_following=True, by=cast.other_innovator.actor)
    as_(cast.ics).post(f"{path}/questions/{question.id}", data={"answer": "Yes, guest wifi."})
    session.expire_all()
    for person in (cast.innovator, cast.other_innovator):
        assert "A question was answered: Falls at night" in inbox(session, person.user)
    for reader in (client, as_(cast.hin), as_(cast.national)):
        page = text_of(reader.get(path))
        assert "May it use wifi?" in page
        assert "Yes, guest wifi." in page
        assert not [name for name in names if name in page]
    assert not [name for name in names if name in everything_told(session)]
    again = as_(cast.ics).post(f"{path}/questions/{question.id}", data={"answer": "No."})
    assert again.status_code == 409


def test_the_record_of_who_was_told_what_names_organisations_and_not_who_asked(
    session, cast, as_, challenge, call
):
    set_following(challenge=call.challenge, is_following=True, by=cast.other_innovator.actor)
    question = calls.ask(call=call, question="Wifi?", by=cast.innovator.actor)
    calls.answer(question=question, words="Yes.", by=cast.ics.actor)
    amend(call, cast.ics, closes=30)
    lines = [line[1:] for line in told_rows(call_of(challenge.id), told(call))]
    everybody = "Everybody: on the public page"
    assert lines == [
        ("The call was published", "", everybody),
        ("The call was published", "", cast.hin.organisation.name),
        ("A question was answered", 1, everybody),
        *(("A question was answered", 1, name) for name in _followers(cast)),
        ("The call was amended", 1, everybody),
        *(("The call was amended", 1, name) for name in _followers(cast)),
    ]
    file = text_of(as_(cast.ics).get(f"/challenges/{challenge.id}/call/told.csv"))
    assert "Northgate Devices" in file
    assert cast.other_innovator.user.name not in file
    assert as_(cast.hin).get(f"/challenges/{challenge.id}/call/told.csv").status_code == 403


def _followers(cast):
    return ("Brightwell Health", "Northgate Devices")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Ring me on 020 7946 0018", "a telephone number"),
        ("My mother, 943 476 5919", "an NHS number"),
        ("a.org b.org c.org d.org", "no more than 3 web addresses"),
        ("", "Enter your question"),
    ],
)
def test_spam_and_patients_in_questions_are_refused_in_clear_words(
    cast, as_, challenge, call, words, said
):
    page = as_(cast.innovator).post(
        f"/challenges/{challenge.id}/call/ask", data={"question": words}
    )
    assert said in text_of(page)
    assert call_of(challenge.id).questions == []


def test_nobody_asks_too_much_or_too_late_or_for_themselves(cast, challenge, call):
    for n in range(10):
        calls.ask(call=call, question=f"Question {n}?", by=cast.innovator.actor)
    with pytest.raises(Invalid, match="wait for their answers"):
        calls.ask(call=call, question="One more?", by=cast.innovator.actor)
    with pytest.raises(Forbidden):
        calls.ask(call=call, question="Ours?", by=cast.ics.actor)
    call.questions_by = today() - timedelta(days=1)
    with pytest.raises(Invalid, match="last day for questions"):
        calls.ask(call=call, question="Late?", by=cast.other_innovator.actor)


def test_late_questions_are_reminded_of_once(app, session, cast, call):
    calls.ask(call=call, question="Wifi?", by=cast.innovator.actor)
    call.replies_by = today() - timedelta(days=1)
    session.flush()
    for _ in range(2):
        remind_all(lambda *_: None)
    subjects = inbox(session, cast.ics.user)
    assert subjects.count("Questions wait for your answers: Falls at night") == 1


def test_a_challenge_with_a_call_closes_after_its_result(cast, challenge, call):
    def close():
        told = {"outcome": Outcome.NOTHING_FOUND, "note": "", "version": challenge.version}
        challenges.close(challenge=challenge, by=cast.ics.actor, **told)

    with pytest.raises(Invalid, match="Publish the result of its call first"):
        close()
    makers.closed(call)
    calls.publish_result(
        call=call,
        result=CallResult.NOTHING_SUITABLE,
        words="Nothing.",
        numbers=Numbers(0, 0, 0, 0),
        version=call.version,
        by=cast.ics.actor,
    )
    close()


def test_the_result_comes_after_the_last_day_and_what_came_of_it_after_the_result(
    session, cast, as_, client, challenge, call
):
    numbers = Numbers(3, 3, 1, 1)
    told_so = {"words": "One is on trial.", "numbers": numbers, "by": cast.ics.actor}
    with pytest.raises(Invalid, match="after the last day"):
        calls.publish_result(call=call, result=CallResult.TRIAL, version=call.version, **told_so)
    with pytest.raises(Invalid, match="Publish the result first"):
        calls.say_what_came(call=call, words="It works.", version=call.version, by=cast.ics.actor)
    makers.closed(call)
    calls.publish_result(call=call, result=CallResult.TRIAL, version=call.version, **told_so)
    data = {"words": "Falls fell by a third.", "version": call.version}
    assert (
        as_(cast.ics).post(f"/challenges/{challenge.id}/call/came-of-it", data=data).status_code
        == 302
    )
    page = text_of(client.get(f"/challenges/{challenge.id}/call"))
    assert "3 answered" in page
    assert "Falls fell by a third." in page
    kinds = session.scalars(select(CallTold.kind).where(CallTold.user_id.is_(None)))
    assert list(kinds.all())[-2:] == [ToldKind.RESULT, ToldKind.CAME_OF_IT]


def test_the_open_call_in_sql_is_the_open_phase(session, cast):
    days = (-30, -1, 0, 1)
    for n, (opens, closes) in enumerate((a, b) for a in days for b in (-1, 0, 5) if b > a):
        challenge = makers.stated(cast, f"Call {n}")
        call = calls.write(challenge=challenge, terms=makers.terms(), version=0, by=cast.ics.actor)
        call.opens_on = today() + timedelta(days=opens)
        call.closes_on = today() + timedelta(days=closes)
        call.published_at = None if n == 3 else challenge.opened_at
        call.result = CallResult.CANCELLED if n == 4 else None
    session.flush()
    every = session.scalars(select(Call)).all()
    found = set(session.scalars(select(Call.id).where(is_open_call(today()))))
    assert found == {one.id for one in every if phase(one, today()) is Phase.OPEN}
    assert 0 < len(found) < len(every)


def test_similar_open_calls_are_offered_before_one_is_written(session, cast, as_, challenge, call):
    mine = rows.challenge("Falls on wards", of=cast.other_ics, readers=Readers.PUBLIC)
    session.add(
        SimilarChallenge(challenge_id=mine.id, other_id=challenge.id, score=0.5, words=["falls"])
    )
    page = text_of(as_(cast.other_ics).get(f"/challenges/{mine.id}/call/edit"))
    assert "Others ask for much the same now" in page
    assert f'href="/challenges/{challenge.id}"' in page
    as_(cast.ics).get(f"/challenges/{challenge.id}/call/amend")


def test_following_is_said_and_taken_back(session, cast, as_, challenge, call):
    browser, path = as_(cast.innovator), f"/challenges/{challenge.id}/call"
    browser.post(f"{path}/follow")
    browser.post(f"{path}/follow")
    assert "Stop following" in text_of(browser.get(path))
    browser.post(f"{path}/unfollow")
    assert session.scalars(select(ChallengeFollower)).all() == []
    assert as_(cast.ics).post(f"{path}/follow").status_code == 403


def test_a_call_without_a_contact_is_mailed_to_nobody(session, cast):
    makers.published(makers.stated(cast, "No contact"), cast.ics)
    subjects = session.scalars(select(Notification.subject)).all()
    assert not [one for one in subjects if one.startswith("A call names you")]

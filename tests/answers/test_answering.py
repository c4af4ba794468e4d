"""An innovator answers a challenge: five minutes, one page, changed until it closes, taken back."""

import pytest
from sqlalchemy import func, select

from portal.answers.models import Answer, AnswerState, Meets
from portal.answers.queries import answer_for
from portal.answers.rules import must_haves_of
from portal.answers.services import answering, brokering
from portal.challenges import services as challenges
from portal.challenges.models import Challenge, ChallengeState, Outcome, Readers
from portal.clock import today
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_on
from tests import makers as rows
from tests.answers import makers
from tests.answers.conftest import everything_told, inbox, text_of

FORM = {
    "meets_1": "yes",
    "words_1": "By a sensor under the mattress",
    "meets_2": "partly",
    "words_2": "",
    "evidence": "Falls fell by a third",
    "asked_of_ics": "Two hours of training",
    "cost_from": "1000",
    "cost_to": "2500",
}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("- Works at night\n* No camera\n3) Cheap", ["Works at night", "No camera", "Cheap"]),
        ("Works at night; no camera", ["Works at night", "No camera"]),
        ("2 homes at least", ["2 homes at least"]),
        ("", ["Fewer falls"]),
    ],
)
def test_must_haves_are_asked_one_by_one(text, asked):
    challenge = Challenge(title="Falls", must_haves=text, outcome_wanted="Fewer falls")
    assert must_haves_of(challenge) == asked


def test_ours_may_fit_leads_to_one_page_with_what_the_record_says(
    session, cast, as_, challenge, record
):
    browser = as_(cast.innovator)
    page = text_of(browser.get(f"/challenges/{challenge.id}"))
    assert "Ours may fit" in page
    assert f"/challenges/{challenge.id}/answer" in page
    form = text_of(browser.get(f"/challenges/{challenge.id}/answer"))
    assert "Works at night" in form
    assert "No camera in bedrooms" in form
    assert "A year in six homes: Falls fell by a third" in form
    assert "What your record says is filled in" in form
    assert "reads it first" in form
    sent = browser.post(f"/challenges/{challenge.id}/answer", data={**FORM, "then": "send"})
    assert sent.status_code == 302
    answer = session.scalars(select(Answer)).one()
    assert answer.state is AnswerState.WITH_HIN
    assert [point.meets for point in answer.points] == [Meets.YES, Meets.PARTLY]
    assert answer.due_on == due_on(DeadlineKind.BROKER, today())
    assert "An answer to pass on: Falls at night" in inbox(session, cast.hin.user)
    assert not [line for line in inbox(session, cast.ics.user) if "answer" in line]


def test_a_record_without_evidence_is_not_said_to_be_filled_in(cast, as_, challenge, record):
    record.evidence.clear()
    record.uses.clear()
    form = text_of(as_(cast.innovator).get(f"/challenges/{challenge.id}/answer"))
    assert "What your record says is filled in" not in form
    assert "Your record says nothing of evidence or use yet" in form


def test_strangers_and_staff_have_no_such_button(cast, as_, client, challenge, record):
    for browser in (client, as_(cast.ics), as_(cast.other_ics), as_(cast.hin), as_(cast.national)):
        assert "Ours may fit" not in text_of(browser.get(f"/challenges/{challenge.id}"))


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(
    cast, as_, challenge, record
):
    browser = as_(cast.innovator)
    typed = {"then": "send", "words_1": "By a sensor", "evidence": "", "meets_1": "yes"}
    page = text_of(browser.post(f"/challenges/{challenge.id}/answer", data=typed))
    assert "Select whether it meets “No camera in bedrooms”" in page
    assert "Enter the evidence" in page
    assert "Enter what you would need from them" in page
    assert "By a sensor" in page


def test_a_draft_is_kept_and_seen_by_its_own_side_alone(session, cast, as_, challenge, record):
    browser = as_(cast.innovator)
    browser.post(f"/challenges/{challenge.id}/answer", data={"evidence": "Some", "then": "save"})
    answer = session.scalars(select(Answer)).one()
    assert answer.state is AnswerState.DRAFT
    path = f"/answers/{answer.id}"
    assert as_(cast.colleague).get(path).status_code == 200
    for person in (cast.other_innovator, cast.ics, cast.hin, cast.national):
        assert as_(person).get(path).status_code == 404
    home = text_of(browser.get("/home"))
    assert "Finish your answer to “Falls at night”" in home


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Ring 020 7946 0018", "a telephone number"),
        ("Mr Smith, 943 476 5919, fell", "an NHS number"),
        ("Write to pat@example.org", "an email address"),
        ("a.org b.org c.org d.org", "no more than 3 web addresses"),
    ],
)
def test_contacts_patients_and_lists_of_links_are_refused_in_clear_words(
    session, cast, as_, challenge, record, words, said
):
    data = {**FORM, "asked_of_ics": words, "then": "send"}
    page = text_of(as_(cast.innovator).post(f"/challenges/{challenge.id}/answer", data=data))
    assert said in page
    assert session.scalar(select(func.count()).select_from(Answer)) == 0


def test_one_answer_for_a_record_and_a_challenge(session, cast, as_, challenge, record):
    first = makers.drafted(challenge, record, cast.innovator)
    again = answering.begin(challenge=challenge, innovation=record, by=cast.colleague.actor)
    assert again is first
    led = as_(cast.innovator).get(f"/challenges/{challenge.id}/answer")
    assert led.location.endswith(f"/answers/{first.id}/edit")


def test_with_several_records_one_is_chosen_first(cast, as_, challenge, record):
    other = rows.innovation("DayWatch", of=cast.innovator)
    browser = as_(cast.innovator)
    page = text_of(browser.get(f"/challenges/{challenge.id}/answer"))
    assert "Which record answers it?" in page
    assert f"innovation={other.id}" in page
    missing = browser.get(f"/challenges/{challenge.id}/answer?innovation=999999")
    assert missing.status_code == 404


def test_only_with_records_of_ones_own(cast, challenge, record):
    with pytest.raises(Forbidden):
        answering.begin(challenge=challenge, innovation=record, by=cast.other_innovator.actor)
    with pytest.raises(Forbidden):
        answering.begin(challenge=challenge, innovation=record, by=cast.ics.actor)


def test_a_challenge_for_the_nhs_or_closed_takes_none(session, cast, as_, record):
    hidden = makers.stated(cast, readers=Readers.NHS)
    assert as_(cast.innovator).get(f"/challenges/{hidden.id}/answer").status_code == 404
    done = makers.stated(cast, state=ChallengeState.CLOSED)
    assert as_(cast.innovator).get(f"/challenges/{done.id}/answer").status_code == 403
    with pytest.raises(Invalid, match="does not take answers"):
        answering.begin(challenge=done, innovation=record, by=cast.innovator.actor)


def test_the_network_sends_back_with_words_and_it_is_sent_again(session, cast, challenge, record):
    answer = makers.sent(challenge, record, cast.innovator)
    with pytest.raises(Forbidden):
        brokering.send_back(
            answer=answer, version=answer.version, words="No", by=cast.other_hin.actor
        )
    brokering.send_back(
        answer=answer, version=answer.version, words="Say more of nights.", by=cast.hin.actor
    )
    assert answer.state is AnswerState.SENT_BACK
    assert "Your answer was sent back: Falls at night" in inbox(session, cast.innovator.user)
    assert "Say more of nights" not in everything_told(session)
    answering.send(answer=answer, version=answer.version, by=cast.innovator.actor)
    makers.passed_on(answer, cast.hin)
    assert answer.state is AnswerState.SUBMITTED
    assert answer.due_on == due_on(DeadlineKind.ANSWER, today())
    assert "An answer to your challenge: Falls at night" in inbox(session, cast.ics.user)
    assert "Your answer was passed on: Falls at night" in inbox(session, cast.innovator.user)


def test_it_changes_until_somebody_begins_to_assess_it(session, cast, challenge, record):
    answer = makers.passed_on(makers.sent(challenge, record, cast.innovator), cast.hin)
    more = makers.content(answer, evidence="Two years now")
    answering.write(answer=answer, content=more, version=answer.version, by=cast.innovator.actor)
    assert answer.evidence == "Two years now"
    part = makers.assessor(challenge, cast.ics, cast.ics)
    makers.scored(part, answer, 3, cast.ics)
    with pytest.raises(Invalid, match="begun to assess"):
        answering.write(
            answer=answer, content=more, version=answer.version, by=cast.innovator.actor
        )


def test_a_sent_answer_stays_complete(session, cast, challenge, record):
    answer = makers.sent(challenge, record, cast.innovator)
    makers.passed_on(answer, cast.hin)
    with pytest.raises(Invalid, match="Enter the evidence"):
        answering.write(
            answer=answer,
            content=makers.content(answer, evidence=""),
            version=answer.version,
            by=cast.innovator.actor,
        )


def test_two_who_change_it_at_once_are_told(cast, challenge, record):
    answer = makers.drafted(challenge, record, cast.innovator)
    seen = answer.version
    more = makers.content(answer, evidence="Two years")
    answering.write(answer=answer, content=more, version=seen, by=cast.innovator.actor)
    with pytest.raises(Conflict):
        answering.write(answer=answer, content=more, version=seen, by=cast.colleague.actor)


def test_taken_back_it_is_gone_for_others_and_may_be_sent_again(
    session, cast, as_, challenge, record
):
    answer = makers.passed_on(makers.sent(challenge, record, cast.innovator), cast.hin)
    page = as_(cast.ics).get(f"/answers/{answer.id}")
    assert page.status_code == 200
    answering.withdraw(answer=answer, version=answer.version, by=cast.innovator.actor)
    assert "An answer was taken back: Falls at night" in inbox(session, cast.ics.user)
    assert as_(cast.ics).get(f"/answers/{answer.id}").status_code == 404
    assert as_(cast.hin).get(f"/answers/{answer.id}").status_code == 404
    answering.send(answer=answer, version=answer.version, by=cast.innovator.actor)
    assert answer.state is AnswerState.WITH_HIN


def test_no_contact_is_shared(session, cast, as_, challenge, record):
    answer = makers.passed_on(makers.sent(challenge, record, cast.innovator), cast.hin)
    people = (cast.innovator, cast.colleague)
    for reader in (cast.ics, cast.hin):
        page = text_of(as_(reader).get(f"/answers/{answer.id}"))
        for person in people:
            assert person.user.name not in page
            assert person.user.email not in page
    page = text_of(as_(cast.innovator).get(f"/answers/{answer.id}"))
    assert cast.ics.user.name not in page
    for person in (*people, cast.ics):
        assert person.user.name not in everything_told(session)


def test_the_cost_is_for_those_who_state_and_assess_alone(cast, as_, challenge, record):
    answer = makers.sent(challenge, record, cast.innovator, cost_note="quokka price")
    makers.passed_on(answer, cast.hin)
    path = f"/answers/{answer.id}"
    assert "quokka price" in text_of(as_(cast.innovator).get(path))
    assert "quokka price" in text_of(as_(cast.ics).get(path))
    assert "quokka price" not in text_of(as_(cast.hin).get(path))
    for person in (cast.other_innovator, cast.other_ics, cast.other_hin, cast.national):
        assert as_(person).get(path).status_code == 404


def test_a_challenge_closes_only_when_everybody_has_an_answer(
    session, cast, challenge, record, other_record
):
    there = makers.passed_on(makers.sent(challenge, record, cast.innovator), cast.hin)
    waits = makers.sent(challenge, other_record, cast.other_innovator)

    def close():
        challenges.close(
            challenge=challenge,
            outcome=Outcome.NO_LONGER_NEEDED,
            note="",
            version=challenge.version,
            by=cast.ics.actor,
        )

    with pytest.raises(Invalid, match="1 answer waits"):
        close()
    answering.withdraw(answer=there, version=there.version, by=cast.innovator.actor)
    with pytest.raises(Invalid, match="pass the answer on or send it back"):
        tell_closed(waits, cast.hin)
    close()
    assert waits.state is AnswerState.WITH_HIN
    assert "The challenge has closed: Falls at night" in inbox(session, cast.other_innovator.user)
    subject = "Closed before you passed an answer on: Falls at night"
    assert subject in inbox(session, cast.hin.user)


def tell_closed(answer, by, words="Try the frailty team."):
    brokering.tell_closed(answer=answer, version=answer.version, words=words, by=by.actor)


def test_the_network_tells_in_its_words_whose_answer_it_had_when_the_challenge_closed(
    session, cast, as_, challenge, record
):
    answer = makers.sent(challenge, record, cast.innovator)
    challenge.state = ChallengeState.CLOSED
    session.flush()
    page = text_of(as_(cast.innovator).get(f"/answers/{answer.id}"))
    assert "The challenge has closed." in page
    browser, path = as_(cast.hin), f"/answers/{answer.id}"
    assert "Tell them that it has closed" in text_of(browser.get(path))
    assert browser.get(f"{path}/pass-on").status_code == 409
    with pytest.raises(Invalid, match="closed meanwhile"):
        brokering.pass_on(answer=answer, version=answer.version, by=cast.hin.actor)
    missing = text_of(browser.post(f"{path}/tell-closed", data={"version": answer.version}))
    assert "Enter what would help them" in missing
    data = {"version": answer.version, "words": "Try the frailty team."}
    assert browser.post(f"{path}/tell-closed", data=data).status_code == 302
    session.refresh(answer)
    assert answer.state is AnswerState.DECLINED
    assert "Try the frailty team." in text_of(as_(cast.innovator).get(path))
    assert "Not this time: your answer to Falls at night" in inbox(session, cast.innovator.user)


def test_an_unknown_answer_is_not_there(cast, as_):
    with pytest.raises(NotFound):
        answer_for(cast.innovator.actor, 999_999)
    assert as_(cast.innovator).get("/answers/999999").status_code == 404

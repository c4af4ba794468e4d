"""Those who state a challenge assess blind, invite or decline with a reason, and forget nobody."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.answers import tasks
from portal.answers.models import Answer, AnswerReminder, AnswerState, Assessment, DeclineReason
from portal.answers.policy import sides_of
from portal.answers.queries import answers_to, assessors_of, parts_of, visible_to
from portal.answers.queries.listing import to_remind
from portal.answers.rules import is_sealed
from portal.answers.rules.assessing import is_complete, shuffled
from portal.answers.services import answering, assessing, deciding, results, talking
from portal.answers.services import brokering as passing
from portal.challenges.models import CallResult
from portal.challenges.queries.calls import published_of
from portal.clock import clock_at, end_of, now, today
from portal.errors import Conflict, Forbidden, Invalid
from portal.introductions.models import Introduction, Timescale
from portal.introductions.services import asking, brokering, outcomes
from portal.matching.models import UnmetNeed
from portal.notifications.models import Notification
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_on
from tests.answers import makers
from tests.answers.conftest import everything_told, inbox, text_of


@pytest.fixture
def two(cast, challenge, record, other_record):
    """Two answers that arrived, outside a call."""
    return [
        makers.passed_on(makers.sent(challenge, one, by), cast.hin)
        for one, by in ((record, cast.innovator), (other_record, cast.other_innovator))
    ]


def decline(answer, by, words="It needs wifi, which our homes lack."):
    deciding.decline(
        answer=answer,
        version=answer.version,
        reason=DeclineReason.MUST_HAVES,
        words=words,
        by=by.actor,
    )


def invite(answer, by):
    deciding.invite(
        answer=answer,
        version=answer.version,
        words="How it works at night.",
        timescale=Timescale.MONTH,
        takes_part="Lead for falls",
        by=by.actor,
    )


def test_assessors_score_blind_until_all_are_in(session, cast, as_, challenge, two):
    second = makers.colleague_of(cast.ics, "Sam Field")
    parts = [makers.assessor(challenge, one, cast.ics) for one in (cast.ics, second)]
    for answer in two:
        makers.scored(parts[0], answer, 4, cast.ics, words="wombat likes it")
    page = text_of(as_(second).get(f"/challenges/{challenge.id}/answers"))
    assert "wombat" not in page
    assert "100%" not in page
    assert "scores are awaited" in page
    with pytest.raises(Invalid, match="Scores are still awaited"):
        decline(two[0], cast.ics)
    makers.scored(parts[1], two[0], 2, second)
    makers.scored(parts[1], two[1], 0, second)
    page = text_of(as_(second).get(f"/challenges/{challenge.id}/answers"))
    assert "wombat" in page
    assert "75%" in page
    assert "50%" in page
    assert page.index("NightWatch") < page.index("StepSafe")
    with pytest.raises(Invalid, match="All scores are in"):
        makers.scored(parts[1], two[0], 4, second)


def test_who_has_an_interest_does_not_score_and_loses_what_they_scored(cast, challenge, two):
    part = makers.assessor(challenge, cast.ics, cast.ics)
    makers.scored(part, two[0], 4, cast.ics)
    with pytest.raises(Invalid, match="Enter what your interest is"):
        assessing.declare(assessor=part, version=part.version, has_interest=True, by=cast.ics.actor)
    assessing.declare(
        assessor=part,
        version=part.version,
        has_interest=True,
        words="I hold shares.",
        by=cast.ics.actor,
    )
    assert part.assessments == []
    with pytest.raises(Forbidden):
        makers.scored(part, two[0], 4, cast.ics)


def test_an_assessor_of_the_network_reads_answers_only_after_declaring(cast, as_, challenge, two):
    path = f"/challenges/{challenge.id}/answers"
    assert as_(cast.hin).get(path).status_code == 403
    row = assessing.ask_to_assess(challenge=challenge, person=cast.hin.user, by=cast.ics.actor)
    browser = as_(cast.hin)
    assert browser.get(path).status_code == 403
    assert "Northgate Devices" in text_of(browser.get(f"{path}/declare"))
    data = {"has_interest": "no", "version": row.version}
    assert browser.post(f"{path}/declare", data=data).status_code == 302
    assert browser.get(path).status_code == 200
    assert as_(cast.other_hin).get(f"{path}/declare").status_code == 404


def test_scoring_by_page_goes_on_to_the_next_answer(session, cast, as_, challenge, two):
    browser = as_(cast.ics)
    path = f"/challenges/{challenge.id}/answers"
    data = {"people": [str(cast.ics.user.id)]}
    assert browser.post(f"{path}/assessors", data=data).status_code == 302
    (part,) = assessors_of(challenge.id)
    browser.post(f"{path}/declare", data={"has_interest": "no", "version": part.version})
    first, second = shuffled(two, cast.ics.user.id)
    given = {"score_needs": "3", "score_evidence": "2", "score_fit": "4", "words": ""}
    gone_on = browser.post(f"/answers/{first.id}/score", data=given)
    assert gone_on.location.endswith(f"/answers/{second.id}/score")
    incomplete = text_of(browser.post(f"/answers/{second.id}/score", data={"score_needs": "3"}))
    assert "Select a score for “Strength of the evidence”" in incomplete
    done = browser.post(f"/answers/{second.id}/score", data=given)
    assert done.location.endswith(path)
    assert session.scalar(select(func.count()).select_from(Assessment)) == 2


def test_answers_stand_in_another_order_for_each_reader(cast, challenge, two):
    orders = {tuple(one.id for one in shuffled(two, reader)) for reader in range(1, 40)}
    assert len(orders) == 2
    assert shuffled(two, 7) == shuffled(list(reversed(two)), 7)


def test_a_reason_of_their_own_reaches_everybody_who_is_declined(session, cast, as_, two):
    for answer in two:
        decline(answer, cast.ics, words=f"For {answer.innovation.name}: no wifi.")
    for answer, person in zip(two, (cast.innovator, cast.other_innovator), strict=True):
        assert answer.state is AnswerState.DECLINED
        assert "Not this time: your answer to Falls at night" in inbox(session, person.user)
        page = text_of(as_(person).get(f"/answers/{answer.id}"))
        assert "It does not meet a must-have" in page
        assert f"For {answer.innovation.name}: no wifi." in page
    assert "no wifi" not in everything_told(session)
    with pytest.raises(Forbidden):
        decline(two[0], cast.ics)


def test_a_decline_needs_words_and_a_reason(cast, as_, two):
    page = text_of(as_(cast.ics).post(f"/answers/{two[0].id}/decline", data={}))
    assert "Select the reason" in page
    assert "Enter why, in your words" in page


def test_an_invitation_becomes_an_introduction_though_the_record_is_not_shared(
    session, cast, as_, two
):
    invite(two[0], cast.ics)
    introduction = session.scalars(select(Introduction)).one()
    assert two[0].introduction is introduction
    assert introduction.challenge_id == two[0].challenge_id
    assert "Invited to meet: your answer to Falls at night" in inbox(session, cast.innovator.user)
    page = text_of(as_(cast.ics).get(f"/introductions/{introduction.id}"))
    assert "NightWatch" in page
    assert f'href="/innovations/{introduction.innovation_id}"' not in page
    innovators = as_(cast.innovator)
    assert "arranges it and asks you to agree" in text_of(innovators.get(f"/answers/{two[0].id}"))
    assert innovators.get(f"/introductions/{introduction.id}").status_code == 404


def test_an_introduction_that_is_under_way_serves_for_the_invitation(session, cast, two):
    there = makers.stated(cast, "Another need")
    again = makers.passed_on(makers.sent(there, two[0].innovation, cast.innovator), cast.hin)
    invite(two[0], cast.ics)
    invite(again, cast.ics)
    assert again.introduction is two[0].introduction
    assert session.scalar(select(func.count()).select_from(Introduction)) == 1


def test_nobody_else_shortlists_invites_or_declines(cast, two):
    for person in (cast.other_ics, cast.hin, cast.national, cast.innovator):
        with pytest.raises(Forbidden):
            decline(two[0], person)
        with pytest.raises(Forbidden):
            deciding.set_shortlisted(answer=two[0], is_shortlisted=True, by=person.actor)


def test_the_shortlist_is_not_told_to_the_innovator(cast, as_, two):
    ics = as_(cast.ics)
    assert ics.post(f"/answers/{two[0].id}/shortlist").status_code == 302
    assert "On the shortlist" in text_of(ics.get(f"/answers/{two[0].id}"))
    assert "shortlist" not in text_of(as_(cast.innovator).get(f"/answers/{two[0].id}"))


def test_both_sides_write_without_names(session, cast, as_, two):
    ics, innovator = as_(cast.ics), as_(cast.innovator)
    path = f"/answers/{two[0].id}"
    ics.post(f"{path}/messages", data={"body": "Does it need wifi?"})
    page = text_of(innovator.get(path))
    assert "Does it need wifi?" in page
    assert cast.ics.user.name not in page
    assert "Read what was written to you about an answer" in text_of(innovator.get("/home"))
    assert "Coventry and Warwickshire ICS wrote about an answer: Falls at night" in inbox(
        session, cast.innovator.user
    )
    assert "wifi" not in everything_told(session)
    refused = text_of(innovator.post(f"{path}/messages", data={"body": "Ring 07700 900123"}))
    assert "must not contain a telephone number" in refused
    innovator.post(f"{path}/messages", data={"body": "No, it does not."})
    assert cast.innovator.user.name not in text_of(ics.get(path))
    with pytest.raises(Forbidden):
        talking.write(answer=two[0], body="Hello", by=cast.hin.actor)


def test_a_late_decision_is_reminded_of_once(app, session, cast, two):
    due = two[0].due_on
    with clock_at(end_of(due - timedelta(days=1)) - timedelta(hours=12)):
        assert to_remind(today()) == []
    with clock_at(end_of(due) - timedelta(hours=12)):
        tasks.remind_all(lambda *_: None)
        tasks.remind_all(lambda *_: None)
    assert session.scalar(select(func.count()).select_from(AnswerReminder)) == 2
    late = [line for line in inbox(session, cast.ics.user) if "waits for your decision" in line]
    assert len(late) == 2


def test_home_asks_each_what_waits_for_them(cast, as_, challenge, record, two):
    page = text_of(as_(cast.ics).get("/home"))
    assert "Tell everybody who answered “Falls at night” what you decided" in page
    decline(two[0], cast.ics)
    decline(two[1], cast.ics)
    assert "Tell everybody who answered" not in text_of(as_(cast.ics).get("/home"))


# In a call -----------------------------------------------------------------------------------


def test_in_a_call_all_are_assessed_after_its_last_day(cast, challenge, record):
    call = makers.published(challenge, cast.ics)
    answer = makers.sent(challenge, record, cast.innovator)
    assert answer.state is AnswerState.SUBMITTED
    assert answer.due_on == call.due_on == due_on(DeadlineKind.ANSWER, call.closes_on)
    part = assessing.ask_to_assess(challenge=challenge, person=cast.ics.user, by=cast.ics.actor)
    with pytest.raises(Invalid, match="sealed until the call has closed"):
        makers.declared(part, cast.ics)
    with pytest.raises(Forbidden):
        decline(answer, cast.ics)
    makers.closed(call)
    makers.declared(part, cast.ics)
    makers.scored(part, answer, 3, cast.ics)
    decline(answer, cast.ics)


def test_the_result_counts_and_waits_for_everybody(
    session, cast, as_, client, challenge, record, other_record
):
    call = makers.published(challenge, cast.ics)
    first = makers.sent(challenge, record, cast.innovator)
    second = makers.sent(challenge, other_record, cast.other_innovator)
    makers.closed(call)
    part = makers.assessor(challenge, cast.ics, cast.ics)
    for answer in (first, second):
        makers.scored(part, answer, 3, cast.ics)
    invite(first, cast.ics)

    def publish(result):
        told = {"words": "One is on trial.", "version": call.version, "by": cast.ics.actor}
        results.publish(call=call, result=result, **told)

    with pytest.raises(Invalid, match="1 answer waits"):
        publish(CallResult.TRIAL)
    decline(second, cast.ics)
    _bring_to_trial(first.introduction, cast)
    publish(CallResult.TRIAL)
    assert (call.answered, call.assessed, call.met, call.chosen) == (2, 2, 1, 1)
    page = text_of(client.get(f"/challenges/{challenge.id}/call"))
    assert "2 answered, 2 were assessed, 1 met, 1 was chosen or is on trial" in page
    for name in ("NightWatch", "StepSafe", "Northgate"):
        assert name not in page
    for person in (cast.innovator, cast.other_innovator):
        assert "The result of a call: Falls at night" in inbox(session, person.user)


def _bring_to_trial(introduction, cast):
    def do(service, by, **values):
        service(introduction=introduction, version=introduction.version, by=by.actor, **values)

    do(brokering.take, cast.hin)
    do(brokering.accept, cast.hin, context="They answered the call.")
    do(asking.agree, cast.innovator, message="")
    do(outcomes.meet, cast.ics, on=today())
    trial = {"organisation": cast.ics.organisation, "from_on": today()}
    do(outcomes.record_outcome, cast.ics, outcome=outcomes.Outcome.TRIAL, **trial)


def test_a_call_that_found_nothing_is_an_unmet_need(session, cast, challenge, record):
    call = makers.published(challenge, cast.ics)
    answer = makers.sent(challenge, record, cast.innovator)
    makers.closed(call)
    decline(answer, cast.ics)
    told = {"words": "Nothing works without wifi.", "version": call.version}
    with pytest.raises(Invalid, match="Nobody was invited"):
        results.publish(call=call, result=CallResult.CHOSEN, by=cast.ics.actor, **told)
    results.publish(call=call, result=CallResult.NOTHING_SUITABLE, by=cast.ics.actor, **told)
    unmet = session.scalars(select(UnmetNeed)).one()
    assert unmet.note == "Nothing works without wifi."
    with pytest.raises((Invalid, Conflict)):
        results.publish(call=call, result=CallResult.CANCELLED, by=cast.ics.actor, **told)


def test_before_a_call_closes_its_answers_are_sealed_for_those_who_stated_it(
    session, cast, as_, challenge, record
):
    call = makers.published(challenge, cast.ics)
    answer = makers.sent(challenge, record, cast.innovator, cost_note="quokka price")
    ics, grid = as_(cast.ics), f"/challenges/{challenge.id}/answers"
    page = text_of(ics.get(grid))
    assert "1 sealed answer" in page
    for path in (f"/answers/{answer.id}", f"/answers/{answer.id}/score", f"{grid}/declare"):
        assert ics.get(path).status_code in {404, 409}
    for path in (grid, "/answers", "/answers/download.csv", f"/challenges/{challenge.id}", "/home"):
        page = text_of(ics.get(path))
        assert not [word for word in ("NightWatch", "Brightwell", "quokka") if word in page], path
    assert "An answer to your call: Falls at night" in inbox(session, cast.ics.user)
    mine = select(Notification.body).where(Notification.user_id == cast.ics.user.id)
    assert "NightWatch" not in "\n".join(session.scalars(mine))
    assert "Nobody reads an answer before the call has closed" in text_of(ics.get(grid))
    assert "It is sealed" in text_of(as_(cast.innovator).get(f"/answers/{answer.id}"))
    with pytest.raises(Forbidden):
        talking.write(answer=answer, body="Hello", by=cast.innovator.actor)
    makers.closed(call)
    assert "quokka price" in text_of(ics.get(grid))
    assert ics.get(f"/answers/{answer.id}").status_code == 200


def test_a_sealed_answer_is_taken_back_without_a_word(session, cast, challenge, record):
    makers.published(challenge, cast.ics)
    answer = makers.sent(challenge, record, cast.innovator)
    answering.withdraw(answer=answer, version=answer.version, by=cast.innovator.actor)
    assert [line for line in inbox(session, cast.ics.user) if "taken back" in line] == []


def test_who_declared_an_interest_reads_no_answer_and_decides_on_none(session, cast, as_, two):
    challenge = two[0].challenge
    second = makers.colleague_of(cast.ics, "Sam Field")
    part = makers.assessor(challenge, second, cast.ics)
    makers.declared(part, second, has_interest=True, words="I hold shares.")
    assessing.release(assessor=part, by=cast.ics.actor)
    browser, grid = as_(second), f"/challenges/{challenge.id}/answers"
    for path in (grid, f"{grid}/assessors"):
        refused = browser.get(path)
        assert refused.status_code == 403
        assert "You declared an interest" in text_of(refused)
    assert browser.get(f"/answers/{two[0].id}").status_code == 404
    assert grid not in text_of(browser.get(f"/challenges/{challenge.id}"))
    assert "NightWatch" not in text_of(browser.get("/answers"))
    with pytest.raises(Forbidden):
        decline(two[0], second)
    with pytest.raises(Forbidden):
        assessing.ask_to_assess(challenge=challenge, person=cast.hin.user, by=second.actor)
    assert as_(cast.ics).get(grid).status_code == 200


def test_a_call_cancelled_before_its_last_day_gives_answers_back_unopened(
    session, cast, as_, challenge, record, other_record
):
    call = makers.published(challenge, cast.ics)
    answers = [
        makers.sent(challenge, record, cast.innovator),
        makers.sent(challenge, other_record, cast.other_innovator),
    ]
    told = {"words": "The money has gone.", "version": call.version, "by": cast.ics.actor}
    results.publish(call=call, result=CallResult.CANCELLED, **told)
    for answer in answers:
        assert answer.state is AnswerState.DECLINED
        assert answer.decline_reason is DeclineReason.CLOSED
        own = f"nobody opened your answer with {answer.innovation.name}. The money has gone."
        assert answer.decision_words.endswith(own)
        assert as_(cast.ics).get(f"/answers/{answer.id}").status_code == 404
    assert (call.answered, call.assessed) == (2, 0)


def test_a_call_cancelled_after_its_last_day_waits_for_a_reason_for_each(
    cast, as_, challenge, record
):
    call = makers.published(challenge, cast.ics)
    answer = makers.sent(challenge, record, cast.innovator)
    makers.closed(call)
    told = {"words": "The money has gone.", "by": cast.ics.actor}
    with pytest.raises(Invalid, match="tell everybody who answered first"):
        results.publish(call=call, result=CallResult.CANCELLED, version=call.version, **told)
    decline(answer, cast.ics)
    results.publish(call=call, result=CallResult.CANCELLED, version=call.version, **told)


def test_while_a_call_runs_its_page_of_the_result_only_cancels(cast, as_, challenge):
    makers.published(challenge, cast.ics)
    page = text_of(as_(cast.ics).get(f"/challenges/{challenge.id}/answers/result"))
    assert "Cancel the call" in page
    assert "An innovation was chosen" not in page


def test_the_policy_and_the_query_agree_about_every_answer_and_person(
    session, cast, challenge, record, other_record
):
    makers.passed_on(makers.sent(challenge, record, cast.innovator), cast.hin)
    makers.sent(challenge, other_record, cast.other_innovator)
    _calls(cast, record)
    other = makers.stated(cast, "Another need")
    makers.drafted(other, record, cast.innovator)
    third = makers.stated(cast, "A third need")
    sent = makers.sent(third, record, cast.innovator)
    brokering_back(sent, cast)
    makers.assessor(challenge, cast.hin, cast.ics)
    every = session.scalars(select(Answer).order_by(Answer.id)).all()
    assert len(every) == 8
    counts = []
    interested = makers.colleague_of(cast.ics, "Sam Field")
    makers.declared(
        makers.assessor(challenge, interested, cast.ics),
        interested,
        has_interest=True,
        words="Mine",
    )
    for actor in [*cast.every_actor(), interested.actor]:
        seen = set(session.scalars(select(Answer.id).where(visible_to(actor))))
        parts = parts_of(actor)
        said = {one.id for one in every if sides_of(actor, one, parts, is_sealed=_seals(one))}
        assert seen == said, actor
        counts.append((actor, len(seen)))
    assert (cast.ics.actor, 3) in counts
    assert (interested.actor, 2) in counts


def _seals(answer):
    return is_sealed(answer, published_of(answer.challenge_id), today())


def _calls(cast, record):
    """An answer from before a call, one in an open call, in a closed one, in a cancelled one."""
    before, opened, closed, cancelled = (makers.stated(cast, f"Call {n}") for n in range(4))
    with clock_at(now() - timedelta(hours=1)):
        makers.passed_on(makers.sent(before, record, cast.innovator), cast.hin)
    found = [makers.published(one, cast.ics) for one in (before, opened, closed, cancelled)]
    for one in (opened, closed, cancelled):
        makers.sent(one, record, cast.innovator)
    makers.closed(found[2])
    told = {"words": "No money.", "version": found[3].version, "by": cast.ics.actor}
    results.publish(call=found[3], result=CallResult.CANCELLED, **told)


def brokering_back(answer, cast):
    passing.send_back(answer=answer, version=answer.version, words="Say more.", by=cast.hin.actor)


def test_scores_are_shown_only_when_somebody_counts(cast, challenge, two):
    assert not is_complete([], two)
    part = makers.assessor(challenge, cast.ics, cast.ics)
    assert not is_complete([part], two)
    assert [one.id for one in answers_to(challenge.id)] == [one.id for one in two]


def test_home_asks_each_assessor_until_they_have_scored_all_themselves(cast, as_, challenge, two):
    second = makers.colleague_of(cast.ics, "Sam Field")
    parts = [makers.assessor(challenge, one, cast.ics) for one in (cast.ics, second)]
    for answer in two:
        makers.scored(parts[1], answer, 3, second)
    asked = "Assess the answers to “Falls at night”"
    assert asked in text_of(as_(cast.ics).get("/home"))
    assert asked not in text_of(as_(second).get("/home"))


def test_while_scores_are_awaited_nobody_is_led_to_a_decision(cast, as_, challenge, two):
    makers.assessor(challenge, cast.ics, cast.ics)
    browser = as_(cast.ics)
    page = text_of(browser.get(f"/answers/{two[0].id}"))
    assert "all scores are in" in page
    assert f"/answers/{two[0].id}/decline" not in page
    assert browser.get(f"/answers/{two[0].id}/decline").status_code == 409
    page = text_of(browser.get(f"/challenges/{challenge.id}/answers"))
    assert "Scores are awaited from" in page
    assert "Do not wait for them" in page


def test_drafts_are_reminded_of_before_a_call_closes_and_the_network_after_its_day(
    session, cast, challenge, record, other_record
):
    waits = makers.sent(challenge, other_record, cast.other_innovator)
    called = makers.stated(cast, "A call")
    call = makers.published(called, cast.ics)
    draft = makers.drafted(called, record, cast.innovator)
    for days, found in ((4, []), (3, [(draft.id, "draft")]), (0, [(draft.id, "draft")]), (-1, [])):
        on = call.closes_on - timedelta(days=days)
        assert [(one, kind.value) for one, kind in to_remind(on) if one == draft.id] == found
    assert (waits.id, "hin") not in to_remind(waits.due_on - timedelta(days=1))
    with clock_at(end_of(waits.due_on) - timedelta(hours=1)):
        tasks.remind_all(lambda *_: None)
        tasks.remind_all(lambda *_: None)
    told = inbox(session, cast.hin.user)
    assert told.count("An answer waits for you: Falls at night") == 1

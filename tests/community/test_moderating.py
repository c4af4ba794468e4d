"""Reports, removals with a reason, appeals that somebody else decides."""

import pytest
from sqlalchemy import select

from portal.community.models import IdeaAppeal, IdeaReport, IdeaState, ReportReason
from portal.community.queries import open_reports
from portal.community.services import moderating, together
from portal.errors import Conflict, Forbidden
from tests.community import makers
from tests.community.conftest import inbox, text_of


def test_a_reported_comment_is_hidden_by_those_who_run_the_campaign(
    session, cast, as_, nurse, campaign
):
    idea = makers.idea(campaign, nurse)
    message = together.comment(idea=idea, body="Unkind words here.", by=cast.other_ics.actor)
    browser = as_(nurse)
    path = f"/ideas/{idea.id}/report?message={message.id}"
    assert "Unkind words here." in text_of(browser.get(path))
    assert "Select what is wrong with it" in text_of(browser.post(path, data={}))
    browser.post(path, data={"reason": "unkind", "words": "It hurts."})
    assert f"Reported: {idea.title}" in inbox(session, cast.ics.user)
    running = as_(cast.ics)
    assert "Decide what was reported" in text_of(running.get("/home"))
    page = text_of(running.get(f"/ideas/{idea.id}"))
    assert "It hurts." in page
    assert "It hurts." not in text_of(as_(cast.other_ics).get(f"/ideas/{idea.id}"))
    hide = f"/ideas/{idea.id}/comments/{message.id}/hide"
    assert as_(cast.other_ics).post(hide).status_code == 403
    running.post(hide)
    assert "Unkind words here." not in text_of(running.get(f"/ideas/{idea.id}"))
    assert open_reports(idea.id) == []
    assert running.post(hide).status_code == 404


def test_what_was_reported_may_stay_and_is_decided_once(session, cast, nurse, campaign):
    idea = makers.idea(campaign, nurse)
    reason = ReportReason.SELLING
    by = cast.other_ics.actor
    report = together.report(idea=idea, message=None, reason=reason, words="", by=by)
    with pytest.raises(Forbidden):
        moderating.keep(report=report, by=nurse.actor)
    moderating.keep(report=report, by=cast.ics.actor)
    assert report.is_upheld is False
    with pytest.raises(Conflict):
        moderating.keep(report=report, by=cast.ics.actor)


def test_a_removal_has_a_reason_and_somebody_else_decides_the_appeal(
    session, cast, as_, nurse, campaign
):
    idea = makers.idea(campaign, nurse)
    by = cast.other_ics.actor
    together.report(idea=idea, message=None, reason=ReportReason.PERSON, words="", by=by)
    running = as_(cast.ics)
    path = f"/ideas/{idea.id}/remove"
    assert "Enter why" in text_of(running.post(path, data={"version": idea.version}))
    running.post(path, data={"version": idea.version, "words": "It tells of a patient."})
    assert session.scalars(select(IdeaReport)).one().is_upheld is True
    assert as_(cast.other_ics).get(f"/ideas/{idea.id}").status_code == 404
    author = as_(nurse)
    assert "It tells of a patient." in text_of(author.get(f"/ideas/{idea.id}"))
    appeal = f"/ideas/{idea.id}/appeal"
    author.post(appeal, data={"words": "It tells of nobody."})
    row = session.scalars(select(IdeaAppeal)).one()
    assert row.due_on is not None
    assert author.get(appeal).status_code == 403
    assert running.get(f"{appeal}/decide").status_code == 403
    nation = as_(cast.national)
    assert "Decide the appeal about the idea" in text_of(nation.get("/home"))
    assert "Decide the appeal" not in text_of(running.get("/home"))
    data = {"is_upheld": "yes", "words": "You are right."}
    assert nation.post(f"{appeal}/decide", data=data).status_code == 302
    assert as_(cast.other_ics).get(f"/ideas/{idea.id}").status_code == 200
    session.expire_all()
    assert idea.state is IdeaState.POSTED
    assert f"Your appeal is decided: {idea.title}" in inbox(session, nurse.user)


def test_an_appeal_that_is_refused_says_why_and_there_is_one(session, cast, as_, nurse, campaign):
    idea = makers.removed(makers.idea(campaign, nurse), cast.ics)
    row = moderating.appeal(idea=idea, words="Why?", by=nurse.actor)
    with pytest.raises(Conflict):
        moderating.appeal(idea=idea, words="Why again?", by=nurse.actor)
    colleague = makers.colleague_of(cast.ics)
    answer = "It names a ward and a day."
    moderating.decide_appeal(appeal=row, is_upheld=False, words=answer, by=colleague.actor)
    assert answer in text_of(as_(nurse).get(f"/ideas/{idea.id}"))
    with pytest.raises(Conflict):
        moderating.decide_appeal(appeal=row, is_upheld=True, words="", by=colleague.actor)


def test_nobody_looks_over_their_own(session, cast, campaign):
    own = makers.idea(campaign, cast.ics)
    with pytest.raises(Forbidden):
        makers.removed(own, cast.ics)


def test_the_code_of_conduct_is_open_to_anyone(client):
    assert "code of conduct" in text_of(client.get("/ideas/code-of-conduct"))

"""A proven answer that ICSs cannot see: HINs ask for it to be shared, ICSs ask their HIN."""

import re
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Role
from portal.accounts.services.leaving import deactivate, end_membership
from portal.clock import LONDON, clock_at, today
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Sharing, SharingAnswer, SharingRequest
from portal.innovations.policy import can_manage
from portal.innovations.queries.requests import sharing_wanted
from portal.innovations.services.ownership import answer_request, change_sharing
from portal.innovations.services.requests import ask_to_share
from portal.jobs import TASKS
from portal.matching.models import HinEnquiry
from portal.matching.services.enquiries import answer, ask_hin
from portal.notifications.models import Notification
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_date
from tests import makers
from tests.matching.world import innovation, matched


def told(session, person):
    rows = select(Notification.subject).where(Notification.user_id == person.user.id)
    return list(session.scalars(rows))


def test_a_hin_asks_with_one_click_and_the_owner_shares_with_one(cast, as_, session):
    row = innovation(cast, "DERM", sharing=Sharing.HINS)
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    url = f"/challenges/{challenge.id}/matches"
    assert "DERM" not in as_(cast.ics).get(url).text
    page = as_(cast.hin).get(url).text
    assert "ICSs cannot see this." in page
    assert f"{url}/{row.id}/ask-to-share" in page
    assert as_(cast.hin).post(f"{url}/{row.id}/ask-to-share").location == url
    assert "Its owner is asked to share it" in as_(cast.other_hin).get(url).text
    [subject] = [one for one in told(session, cast.innovator) if "asks you" in one]
    assert subject == f"DERM: {cast.hin.organisation.name} asks you to let ICSs see it"
    home = as_(cast.innovator).get("/home").text
    assert "Share DERM with ICSs" in home
    assert "Share it with ICSs" in as_(cast.innovator).get(f"/innovations/{row.id}/sharing").text
    as_(cast.innovator).post(f"/innovations/{row.id}/sharing/answer?share=yes")
    session.refresh(row)
    assert row.sharing is Sharing.HINS_AND_ICSS
    assert "DERM: ICSs can see it now" in told(session, cast.hin)
    matched(session)
    assert "DERM" in as_(cast.ics).get(url).text
    assert "ICSs cannot see this" not in as_(cast.hin).get(url).text
    assert "asks you to share" not in as_(cast.innovator).get("/home").text


def test_the_owner_says_no_and_is_not_asked_twice_at_once(cast, as_, session):
    row = innovation(cast, "DERM", sharing=Sharing.HINS)
    first = ask_to_share(innovation=row, by=cast.hin.actor)
    assert ask_to_share(innovation=row, by=cast.other_hin.actor) is first
    assert first.due_on == due_date(DeadlineKind.REPLY, today()).due_on > today()
    as_(cast.innovator).post(f"/innovations/{row.id}/sharing/answer")
    session.refresh(first)
    assert (first.answer, row.sharing) == (SharingAnswer.DECLINED, Sharing.HINS)
    assert "DERM: it stays with HINs for now" in told(session, cast.hin)
    with pytest.raises(Conflict):
        answer_request(request=first, is_shared=True, by=cast.innovator.actor)
    assert ask_to_share(innovation=row, by=cast.hin.actor) is not first


def test_a_request_that_waits_is_reminded_of_once(cast, session):
    row = innovation(cast, "DERM", sharing=Sharing.HINS)
    asked = ask_to_share(innovation=row, by=cast.hin.actor)
    answered = innovation(cast, "NEWS", sharing=Sharing.HINS)
    ask_to_share(innovation=answered, by=cast.hin.actor)
    change_sharing(innovation=answered, sharing=Sharing.PUBLIC, by=cast.innovator.actor)
    session.commit()
    for days, count in ((-1, 0), (0, 1), (1, 1), (30, 1)):
        day = asked.due_on + timedelta(days=days)
        with clock_at(datetime.combine(day, time(7), LONDON)):
            TASKS["innovations.remind"](lambda *_: None)
        waits = [one for one in told(session, cast.innovator) if "waits for your answer" in one]
        assert len(waits) == count, days
    assert waits == [f"DERM: {cast.hin.organisation.name} waits for your answer about sharing it"]
    body = session.scalars(select(Notification.body).where(Notification.subject == waits[0])).one()
    assert "is due today" in body


def test_sharing_by_oneself_answers_what_was_asked(cast, session):
    row = innovation(cast, "DERM", sharing=Sharing.HINS)
    ask_to_share(innovation=row, by=cast.hin.actor)
    change_sharing(innovation=row, sharing=Sharing.PUBLIC, by=cast.innovator.actor)
    [asked] = session.scalars(select(SharingRequest))
    assert asked.answer is SharingAnswer.SHARED
    assert session.execute(sharing_wanted(cast.innovator.actor)).all() == []


def test_who_may_answer_is_who_manages_the_record(cast, session):
    row = innovation(cast, "DERM", sharing=Sharing.HINS)
    ask_to_share(innovation=row, by=cast.hin.actor)
    for name in cast.KINDS:
        actor = getattr(cast, name).actor
        assert bool(session.execute(sharing_wanted(actor)).all()) is can_manage(actor, row), name
    with pytest.raises(Forbidden):
        ask_to_share(innovation=row, by=cast.ics.actor)
    with pytest.raises(Invalid):
        ask_to_share(innovation=innovation(cast, "Open"), by=cast.hin.actor)


def test_what_is_proven_and_hidden_prompts_for_sharing(cast, as_, session):
    row = innovation(cast, "DERM", sharing=Sharing.HINS)
    url = f"/innovations/{row.id}/proven"
    assert "Ask the innovator to share it" in as_(cast.hin).get(url).text
    assert "Share it with ICSs" in as_(cast.innovator).get(url).text
    ask_to_share(innovation=row, by=cast.hin.actor)
    assert "has not answered yet" in as_(cast.hin).get(url).text
    row.sharing = Sharing.PUBLIC
    session.commit()
    for person in (cast.hin, cast.innovator):
        assert "hare it" not in as_(person).get(url).text


def test_an_ics_hands_a_question_to_its_hin_with_a_promised_day(cast, as_, session):
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    browser, matches = as_(cast.ics), f"/challenges/{challenge.id}/matches"
    assert f"/challenges/{challenge.id}/ask-hin" in browser.get(matches).text
    asking = browser.get(f"/challenges/{challenge.id}/ask-hin").text
    due = due_date(DeadlineKind.REPLY, today()).due_on
    assert f"{due.day} {due:%B %Y}" in asking
    sent = browser.post(f"/challenges/{challenge.id}/ask-hin", data={"note": "For a pilot"})
    assert sent.location == matches
    [row] = session.scalars(select(HinEnquiry))
    assert (row.hin_id, row.due_on) == (cast.hin.actor.hin_id, due)
    assert any("asks you to look" in one for one in told(session, cast.hin))
    assert "Look among what is not shared yet" in as_(cast.hin).get("/home").text
    assert "Look among what" not in as_(cast.other_hin).get("/home").text
    url = f"/matching/enquiries/{row.id}"
    assert "For a pilot" in as_(cast.hin).get(url).text
    wrong = as_(cast.hin).post(url, data={"version": row.version, "answer": ""})
    assert "Enter your answer" in wrong.text
    as_(cast.hin).post(url, data={"version": row.version, "answer": "We asked two companies"})
    assert "We asked two companies" in browser.get(url).text
    assert any("answered your question" in one for one in told(session, cast.ics))
    assert "Look among what" not in as_(cast.hin).get("/home").text
    assert "Falls" not in browser.get("/matching/enquiries").text


def test_a_hin_is_reminded_before_and_after_the_promised_day_and_home_says_overdue(
    cast, as_, session
):
    enquiry = ask_hin(words="falls", note="", by=cast.ics.actor)
    session.flush()
    before = len(told(session, cast.hin))
    day = enquiry.due_on
    for at, reminders in ((day - timedelta(days=7), 0), (day, 1), (day + timedelta(days=10), 2)):
        with clock_at(noon(at)):
            for _ in range(2):
                TASKS["matching.remind"](lambda *_said: None)
        assert len(told(session, cast.hin)) == before + reminders, at
    assert [one for one in told(session, cast.hin) if one.startswith("Overdue: the answer to")]
    assert not [one for one in told(session, cast.other_hin) if "answer" in one]
    with clock_at(noon(day + timedelta(days=1))):
        home = " ".join(as_(cast.hin).get("/home").text.split())
        assert f'<a href="/matching/enquiries/{enquiry.id}">' in home
        assert "Look among what is not shared yet: falls" in home
        assert "<strong>overdue since" in home
        assert "not shared yet" not in as_(cast.other_hin).get("/home").text
        answer(enquiry=enquiry, text="None.", version=enquiry.version, by=cast.hin.actor)
        assert "not shared yet" not in as_(cast.hin).get("/home").text
        TASKS["matching.remind"](lambda *_said: None)
    assert len(told(session, cast.hin)) == before + 2


def noon(day):
    return datetime.combine(day, time(12), LONDON)


def test_the_question_of_a_search_keeps_its_words(cast, as_, session):
    browser = as_(cast.ics)
    assert "Your search: wound care" in browser.get("/matching/ask-hin?q=wound+care").text
    assert "Enter what you are looking for" in browser.post("/matching/ask-hin", data={}).text
    browser.post("/matching/ask-hin?q=wound+care", data={"note": ""})
    assert session.scalars(select(HinEnquiry.words)).all() == ["wound care"]
    assert "wound care" in as_(cast.hin).get("/matching/enquiries").text
    late = as_(cast.hin)
    session.scalars(select(HinEnquiry)).one().due_on = today() - timedelta(days=1)
    session.commit()
    assert "Overdue since" in late.get("/matching/enquiries").text


def test_only_the_hin_that_was_asked_answers_and_once(cast, session):
    row = ask_hin(note="Falls", by=cast.ics.actor)
    with pytest.raises(Forbidden):
        answer(enquiry=row, text="No", version=row.version, by=cast.other_hin.actor)
    seen = row.version
    answer(enquiry=row, text="Yes", version=seen, by=cast.hin.actor)
    with pytest.raises(Conflict):
        answer(enquiry=row, text="No", version=seen, by=cast.hin.actor)
    with pytest.raises(Forbidden):
        ask_hin(note="Falls", by=cast.innovator.actor)


def test_hidden_records_move_nothing_that_an_ics_is_shown_of_it(cast, as_, session):
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    browser = as_(cast.ics)
    urls = [f"/challenges/{challenge.id}/{page}" for page in ("matches", "ask-hin")]

    def pages():
        found = [re.search(r"<main.*?</main>", browser.get(url).text, re.DOTALL) for url in urls]
        return [re.sub(r'value="[^"]*"', "", one.group()) for one in found if one]

    before = pages()
    assert len(before) == 2
    for number in range(3):
        innovation(cast, f"Hidden {number}", sharing=Sharing.HINS)
    matched(session)
    assert pages() == before


def test_the_last_page_of_the_registration_asks_who_may_see_it(cast, as_, session):
    browser = as_(cast.innovator)
    made = browser.post("/innovations/register", data={"name": "New", "summary": "Helps"})
    row_id = int(re.search(r"/innovations/(\d+)", made.location).group(1))
    url = f"/innovations/{row_id}/register/sharing"
    page = browser.get(url).text
    assert "step 9 of 9" in page
    assert "checked" not in page
    assert "Select who may see this record" in browser.post(url, data={"version": 1}).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page).group(1)
    done = browser.post(url, data={"version": version, "sharing": "hins_and_icss"})
    assert done.location == f"/innovations/{row_id}/edit"
    check = browser.get(f"/innovations/{row_id}/check").text
    assert "Who will see it" in check
    assert "HINs and ICSs" in check
    assert url in check


@pytest.mark.parametrize("way", ["ended", "closed"])
def test_the_answer_reaches_somebody_when_who_asked_has_left(cast, session, way):
    lead = makers.user("Wes Field")
    makers.membership(lead, cast.ics.organisation, Role.ICS, is_lead=True)
    row = ask_hin(words="falls", note="", by=cast.ics.actor)
    if way == "closed":
        deactivate(user=cast.ics.user, by=cast.administrator.actor)
    else:
        end_membership(membership=cast.ics.membership, by=cast.administrator.actor)
    answer(enquiry=row, text="None.", version=row.version, by=cast.hin.actor)
    words = f"{cast.hin.organisation.name} answered your question"
    subjects = select(Notification.subject).where(Notification.user_id == lead.id)
    assert words in session.scalars(subjects).all()
    assert words not in told(session, cast.ics)


def test_what_the_owner_says_reaches_the_network_when_who_asked_has_left(cast, session):
    lead = makers.user("Wes Field")
    makers.membership(lead, cast.hin.organisation, Role.HIN, is_lead=True)
    row = innovation(cast, "DERM", sharing=Sharing.HINS)
    request = ask_to_share(innovation=row, by=cast.hin.actor)
    deactivate(user=cast.hin.user, by=cast.administrator.actor)
    answer_request(request=request, is_shared=True, by=cast.innovator.actor)
    subjects = select(Notification.subject).where(Notification.user_id == lead.id)
    assert "DERM: ICSs can see it now" in session.scalars(subjects).all()

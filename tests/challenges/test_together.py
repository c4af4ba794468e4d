"""Challenges that several have: the list, the thread; what a closed one tries; deleting drafts."""

from io import BytesIO

import pytest
from sqlalchemy import select

from portal.challenges import services
from portal.challenges.models import Challenge, ChallengeMessage, ChallengeState, Outcome, Readers
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Sharing
from portal.notifications.models import Notification
from tests import makers


def text_of(response) -> str:
    return response.get_data(as_text=True)


def joined(cast) -> Challenge:
    challenge = makers.challenge(of=cast.ics, readers=Readers.NHS)
    services.join(challenge=challenge, by=cast.other_ics.actor)
    return challenge


def test_what_one_joined_is_a_list_and_on_home(session, cast, as_):
    challenge, other = joined(cast), makers.challenge("Another need", of=cast.ics)
    browser = as_(cast.other_ics)
    page = text_of(browser.get("/challenges?state=joined"))
    assert "<h1" in page
    assert "Challenges we joined" in page
    assert challenge.title in page
    assert other.title not in page
    home = text_of(browser.get("/home"))
    assert "Challenges we joined" in home
    assert "/challenges?state=joined" in home
    assert challenge.title not in text_of(as_(cast.hin).get("/challenges?state=joined"))


def test_those_who_have_it_write_to_each_other_and_nobody_else_reads_it(session, cast, as_):
    challenge = joined(cast)
    url = f"/challenges/{challenge.id}"
    session.query(Notification).delete()
    sent = as_(cast.other_ics).post(f"{url}/messages", data={"body": "We tried beds."})
    assert sent.status_code == 302
    told = session.scalars(select(Notification)).all()
    assert [one.user_id for one in told] == [cast.ics.user.id]
    assert "We tried beds." not in told[0].body
    assert challenge.title in told[0].body
    for person in (cast.ics, cast.other_ics):
        assert "We tried beds." in text_of(as_(person).get(url))
    for person in (cast.hin, cast.national):
        assert "We tried beds." not in text_of(as_(person).get(url))
    empty = as_(cast.ics).post(f"{url}/messages", data={"body": " "})
    assert "Enter a message" in text_of(empty)
    assert len(session.scalars(select(ChallengeMessage)).all()) == 1


def test_what_another_wrote_is_unread_until_one_says_so_and_brings_a_file(session, cast, as_):
    challenge = joined(cast)
    url = f"/challenges/{challenge.id}"
    data = {"body": "See the file.", "file": (BytesIO(b"Beds"), "beds.txt")}
    as_(cast.other_ics).post(f"{url}/messages", data=data)
    ours, theirs = as_(cast.ics), as_(cast.other_ics)
    assert "Unread" in text_of(ours.get(url))
    assert "Unread" not in text_of(theirs.get(url))
    message = session.scalars(select(ChallengeMessage)).one()
    ours.post(f"{url}/messages/read", data={"message": message.id})
    assert "Unread" not in text_of(ours.get(url))
    file = f"{url}/files/{message.files[0].id}"
    assert file in text_of(ours.get(url))
    assert ours.get(file).data == b"Beds"
    assert as_(cast.hin).get(file).status_code == 403
    elsewhere = makers.challenge("Elsewhere", of=cast.ics, readers=Readers.NHS)
    services.join(challenge=elsewhere, by=cast.other_ics.actor)
    assert ours.get(f"/challenges/{elsewhere.id}/files/{message.files[0].id}").status_code == 404


def test_nobody_writes_alone_or_from_outside(session, cast):
    challenge = makers.challenge(of=cast.ics)
    for person in (cast.ics, cast.other_ics, cast.hin, cast.innovator):
        with pytest.raises(Forbidden):
            services.write(challenge=challenge, body="Hello", by=person.actor)


ON = {"from_on-day": "1", "from_on-month": "3", "from_on-year": "2025"}


@pytest.mark.parametrize("outcome", [Outcome.TRIAL, Outcome.ADOPTED])
def test_closing_with_an_innovation_asks_which_and_shows_it(session, cast, as_, outcome):
    challenge = makers.challenge(of=cast.ics)
    record = makers.innovation("SteadyStep", of=cast.innovator, sharing=Sharing.HINS_AND_ICSS)
    browser, url = as_(cast.ics), f"/challenges/{challenge.id}"
    data = {"outcome": outcome.value, "version": challenge.version}
    assert "Enter which innovation it is" in text_of(browser.post(f"{url}/close", data=data))
    data["outcome_innovation"] = "steadystep"
    data |= {"organisation": cast.ics.organisation.id} | ON
    assert browser.post(f"{url}/close", data=data).status_code == 302
    page = text_of(browser.get(url))
    assert f'<a href="/innovations/{record.id}">SteadyStep</a>' in page
    record.sharing = Sharing.HINS
    session.flush()
    page = text_of(browser.get(url))
    assert "one that is not shared with you" in page
    assert f"/innovations/{record.id}" not in page
    assert "SteadyStep" not in page
    session.expire_all()
    services.reopen(challenge=challenge, version=None, by=cast.ics.actor)
    assert challenge.outcome_innovation == ""


def test_other_outcomes_name_none(session, cast):
    challenge = makers.challenge(of=cast.ics)
    told = {"note": "", "version": None, "by": cast.ics.actor, "innovation": "SteadyStep"}
    services.close(challenge=challenge, outcome=Outcome.NOTHING_FOUND, **told)
    assert challenge.outcome_innovation == ""
    again = makers.challenge(of=cast.ics)
    told["innovation"] = " "
    with pytest.raises(Invalid):
        services.close(challenge=again, outcome=Outcome.TRIAL, **told)


def test_a_draft_is_deleted_and_an_open_one_is_not(session, cast, as_):
    draft = makers.challenge(of=cast.ics, state=ChallengeState.DRAFT, opened_at=None)
    open_one = makers.challenge("Open", of=cast.ics)
    browser, draft_id = as_(cast.ics), draft.id
    assert "Delete the draft" in text_of(browser.get(f"/challenges/{draft_id}"))
    assert browser.post(f"/challenges/{draft_id}/delete").status_code == 302
    assert browser.get(f"/challenges/{draft_id}").status_code == 404
    assert browser.get(f"/challenges/{open_one.id}/delete").status_code == 409
    with pytest.raises(Conflict):
        services.delete(challenge=open_one, by=cast.ics.actor)

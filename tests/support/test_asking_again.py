"""After "unsuitable" or "closed": the decision on home, asking again, and who leads then."""

import pytest
from sqlalchemy import select

from portal.clock import today
from portal.errors import Conflict, Forbidden, Invalid
from portal.notifications.models import Notification
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_on
from portal.support.models import Engagement, EngagementState, LeadChange
from portal.support.services import engagements, outcomes
from portal.support.services.asking import ask_again
from tests import makers
from tests.innovations.test_submitting import submitted


def text_of(response) -> str:
    return response.get_data(as_text=True)


@pytest.fixture
def refused(session, cast) -> Engagement:
    """A submitted record that its HIN found unsuitable."""
    record = submitted(cast.innovator)
    case = session.scalars(select(Engagement).where(Engagement.innovation_id == record.id)).one()
    engagements.pick_up(engagement=case, version=case.version, by=cast.hin.actor)
    outcomes.find_unsuitable(
        engagement=case,
        version=case.version,
        reason="There is no evidence yet.",
        elsewhere="Ask the university.",
        by=cast.hin.actor,
    )
    return case


def test_the_decision_stands_on_home_with_what_to_do_next(session, cast, as_, refused):
    home = text_of(as_(cast.innovator).get("/home"))
    assert "Decisions on your innovations" in home
    assert "There is no evidence yet." in home
    assert "Ask the university." in home
    address = f"/innovations/{refused.innovation_id}/support/ask-again/{refused.hin_id}"
    assert address in home
    assert "Decisions on your innovations" not in text_of(as_(cast.other_innovator).get("/home"))


def test_asking_again_is_a_new_assessment_with_its_day(session, cast, as_, refused):
    browser = as_(cast.colleague)
    url = f"/innovations/{refused.innovation_id}/support/ask-again/{refused.hin_id}"
    page = text_of(browser.get(url))
    assert "There is no evidence yet." in page
    assert "Enter what has changed" in text_of(browser.post(url, data={"changed": ""}))
    session.query(Notification).delete()
    assert browser.post(url, data={"changed": "A trial ended well."}).status_code == 302
    session.expire_all()
    assert refused.state is EngagementState.NEW
    assert refused.due_on == due_on(DeadlineKind.PICK_UP, today())
    assert refused.lead is None
    told = session.scalars(select(Notification)).all()
    assert [one.user_id for one in told] == [cast.hin.user.id]
    assert "A trial ended well." in told[0].body
    assert browser.get(url).status_code == 409
    assert "Decisions on your innovations" not in text_of(browser.get("/home"))
    desk = text_of(as_(cast.hin).get("/support?queue=new"))
    assert refused.innovation.name in desk


def test_only_its_people_ask_and_only_after_an_end(session, cast, refused):
    for person in (cast.hin, cast.other_hin, cast.ics, cast.other_innovator, cast.national):
        with pytest.raises(Forbidden):
            ask_again(engagement=refused, changed="Much", by=person.actor)
    with pytest.raises(Invalid):
        ask_again(engagement=refused, changed=" ", by=cast.innovator.actor)
    ask_again(engagement=refused, changed="Much", by=cast.innovator.actor)
    with pytest.raises(Conflict):
        ask_again(engagement=refused, changed="More", by=cast.innovator.actor)


def test_who_said_no_leads_no_longer(session, cast, as_, refused):
    page = text_of(as_(cast.innovator).get(f"/innovations/{refused.innovation_id}/support"))
    assert "Leads" not in page
    ours = engagements.join(innovation=refused.innovation, known=[], by=cast.other_hin.actor)
    assert (refused.is_leading, ours.is_leading) == (False, True)
    newest = select(LeadChange).order_by(LeadChange.at.desc(), LeadChange.id.desc())
    assert session.scalars(newest).first().engagement_id == ours.id
    page = text_of(as_(cast.innovator).get(f"/innovations/{refused.innovation_id}/support"))
    assert page.count("Leads") == 1


def test_who_joins_beside_a_hin_that_works_with_it_does_not_lead(session, cast):
    record = submitted(cast.innovator)
    first = session.scalars(select(Engagement).where(Engagement.innovation_id == record.id)).one()
    ours = engagements.join(
        innovation=record, known=[cast.hin.actor.hin_id], by=cast.other_hin.actor
    )
    assert (first.is_leading, ours.is_leading) == (True, False)
    assert makers.hin().id == first.hin_id

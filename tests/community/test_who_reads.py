"""Who counts as staff, whom a campaign asks, and that rule and SQL agree for everybody."""

import pytest
from sqlalchemy import select

from portal.community import policy, queries
from portal.community.models import Audience, Campaign, Idea
from portal.community.rules import is_work_address
from portal.community.services import campaigns as services
from portal.db import db
from portal.errors import Forbidden
from tests import makers as rows
from tests.cast import Person
from tests.community import makers
from tests.community.conftest import text_of


@pytest.mark.parametrize(
    ("email", "is_staff"),
    [
        ("ann@nhs.net", True),
        ("ann@mft.nhs.uk", True),
        ("ann@COVENTRY.GOV.UK", True),
        ("ann@notnhs.net", False),
        ("ann@nhs.net.example", False),
        ("ann@example.org", False),
        ("nobody", False),
    ],
)
def test_a_work_address_is_of_a_domain_on_the_list(email, is_staff):
    assert is_work_address(email) is is_staff


def test_rule_and_sql_agree_for_everybody_about_every_campaign_and_idea(session, cast, nurse):
    lead = makers.lead_of(nurse)
    for audience in Audience:
        makers.campaign(cast.ics, f"Of the ICS to {audience}", audience=audience)
        makers.campaign(cast.hin, f"Of the HIN to {audience}", audience=audience)
        makers.campaign(lead, f"Of the trust to {audience}", audience=audience)
    inviting = makers.campaign(cast.other_hin, "With a guest", audience=Audience.ORGANISATION)
    email = cast.innovator.user.email
    services.invite(campaign=inviting, emails=[email], by=cast.other_hin.actor)
    makers.one_of_each(cast)
    makers.idea(inviting, cast.innovator)
    for actor in [*cast.every_actor(), nurse.actor, lead.actor]:
        standing = queries.standing_of(actor)
        every = db.session.scalars(select(Campaign)).all()
        seen = queries.campaign_visible_to(actor, standing)
        got = set(db.session.scalars(select(Campaign.id).where(seen)))
        assert got == {one.id for one in every if policy.can_see_campaign(actor, standing, one)}
        ideas = db.session.scalars(select(Idea)).all()
        shown = queries.visible_to(actor, standing)
        found = set(db.session.scalars(select(Idea.id).join(Campaign).where(shown)))
        assert found == {one.id for one in ideas if policy.can_see(actor, standing, one)}, actor


def test_staff_find_ideas_in_the_navigation_and_a_company_does_not(cast, as_, nurse, campaign):
    for person in (cast.ics, cast.hin, cast.national, nurse):
        assert 'href="/ideas"' in text_of(as_(person).get("/home"))
    browser = as_(cast.innovator)
    assert 'href="/ideas"' not in text_of(browser.get("/home"))
    refused = browser.get("/ideas")
    assert refused.status_code == 403
    assert "staff with a work address" in text_of(refused)
    assert browser.get(f"/ideas/campaigns/{campaign.id}").status_code == 403


def test_an_audience_is_asked_and_others_do_not_know(session, cast, as_, nurse):
    near = makers.campaign(cast.ics, "Near", audience=Audience.AREA)
    ours = makers.campaign(cast.ics, "Ours", audience=Audience.ORGANISATION)
    page = text_of(as_(nurse).get("/ideas"))
    assert "Near" in page
    assert "Ours" not in page
    assert as_(nurse).get(f"/ideas/campaigns/{ours.id}").status_code == 404
    assert as_(cast.other_ics).get(f"/ideas/campaigns/{near.id}").status_code == 404
    assert as_(cast.hin).get(f"/ideas/campaigns/{near.id}").status_code == 200


def test_who_is_invited_takes_part_in_that_campaign_alone(session, cast, as_, campaign):
    browser = as_(cast.ics)
    path = f"/ideas/campaigns/{campaign.id}/guests"
    assert "Enter their email address" in text_of(browser.post(path, data={"email": ""}))
    browser.post(path, data={"email": cast.innovator.user.email.upper()})
    other = makers.campaign(cast.ics, "Another")
    guest = as_(cast.innovator)
    assert guest.get(f"/ideas/campaigns/{campaign.id}/new").status_code == 200
    assert guest.get(f"/ideas/campaigns/{other.id}").status_code == 404
    [known] = db.session.get_one(Campaign, campaign.id).guests
    browser.post(f"{path}/{known.id}/remove")
    assert guest.get(f"/ideas/campaigns/{campaign.id}").status_code == 403


def test_leads_of_trusts_run_campaigns_and_their_colleagues_do_not(session, cast, nurse):
    lead: Person = makers.lead_of(nurse)
    campaign = makers.campaign(lead, "Of a trust")
    assert campaign.hin_id == cast.hin.actor.hin_id
    with pytest.raises(Forbidden):
        makers.campaign(nurse)
    with pytest.raises(Forbidden):
        makers.campaign(cast.innovator)
    assert rows.ics("QWU").id == nurse.organisation.ics_id

"""Inviting people, accepting and withdrawing invitations."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Invitation, Membership, MembershipState, Role
from portal.accounts.queries import user_by_email
from portal.clock import now
from tests import makers
from tests.accounts.conftest import PASSWORD, link_in
from tests.cast import Person

EMAIL = "ivy.invited@example.org"


def invite(browser, organisation, role="hin", **data):
    return browser.post(
        f"/account/organisations/{organisation.id}/invite",
        data={"email": EMAIL, "role": role, **data},
    )


@pytest.fixture
def link(as_, cast, last_email):
    """Where Ivy's invitation to the HIN of West Midlands leads."""
    invite(as_(cast.hin), cast.hin.organisation)
    return link_in(last_email(EMAIL))


def accept(client, link):
    return client.post(link, data={"name": "Ivy Invited", "password": PASSWORD})


def test_staff_come_by_the_link_in_their_email(client, cast, link, session):
    assert EMAIL in client.get(link).text
    assert accept(client, link).location == "/"
    assert "acting as</span> <strong>" in client.get("/account").text
    made = session.scalars(
        select(Membership).where(Membership.user_id == user_by_email(EMAIL).id)
    ).one()
    assert (made.organisation_id, made.role) == (cast.hin.organisation.id, Role.HIN)


def test_the_link_is_not_in_the_database(session, link):
    token = link.rsplit("/", 1)[1]
    assert token not in session.scalars(select(Invitation.token_hash)).one()


def test_the_link_works_once(app, client, link):
    accept(client, link)
    again = app.test_client().get(link)
    assert again.status_code == 404
    assert "This link no longer works" in again.text


def test_the_link_dies_after_two_weeks(client, link, session):
    session.execute(update(Invitation).values(expires_at=now() - timedelta(seconds=1)))
    session.commit()
    assert client.get(link).status_code == 404
    assert accept(client, link).status_code == 404
    assert user_by_email(EMAIL) is None


def test_a_lead_withdraws_an_invitation(as_, client, cast, link, session):
    row = session.scalars(select(Invitation.id)).one()
    lead = as_(cast.hin)
    assert EMAIL in lead.get("/account/organisation").text
    lead.post(f"/account/invitations/{row}/withdraw")
    assert EMAIL not in lead.get("/account/organisation").text.replace(f"of {EMAIL} has", "")
    assert client.get(link).status_code == 404


def test_inviting_again_makes_the_older_link_worthless(as_, client, cast, link, last_email):
    invite(as_(cast.hin), cast.hin.organisation)
    assert client.get(link).status_code == 404
    assert client.get(link_in(last_email(EMAIL))).status_code == 200


def test_somebody_signed_in_adds_it_to_their_account(as_, cast, link, session):
    user = makers.user("Ivy Invited")
    ivy = Person(user, makers.membership(user, cast.innovator.organisation))
    browser = as_(ivy)
    assert "You are signed in as" in browser.get(link).text
    assert browser.post(link).location == "/account"
    roles = select(Membership.role).where(Membership.user_id == user.id)
    assert set(session.scalars(roles)) == {Role.INNOVATOR, Role.HIN}


def test_an_invitation_is_for_its_address_alone(as_, cast, link, session):
    browser = as_(cast.other_innovator)
    for answer in (browser.get(link), browser.post(link)):
        assert answer.status_code == 403
        assert "sent to another email address" in answer.text
        assert EMAIL not in answer.text
    assert session.scalars(select(Invitation.accepted_at)).one() is None


def test_somebody_with_an_account_signs_in_first(client, link, session):
    makers.user("Ivy Invited")
    session.commit()
    assert "Sign in to accept the invitation" in client.get(link).text
    assert accept(client, link).status_code == 200
    assert session.scalars(select(Invitation.accepted_at)).one() is None


def test_a_sign_up_that_nobody_confirmed_does_not_block_an_invitation(client, link, session):
    makers.user("Ivy Invited", confirmed_at=None)
    session.commit()
    assert accept(client, link).location == "/"


def test_a_lead_gives_only_roles_of_their_organisation(as_, cast, session):
    page = invite(as_(cast.hin), cast.hin.organisation, role="administrator")
    assert "There is a problem" in page.text
    page = invite(as_(cast.national), cast.national.organisation, role="administrator")
    assert "There is a problem" in page.text
    assert session.scalars(select(Invitation)).all() == []


def test_an_administrator_invites_the_first_lead(as_, client, cast, last_email, session):
    browser = as_(cast.administrator)
    browser.post("/admin/organisations/new", data={"kind": "ics", "name": "New ICS"})
    ics = cast.ics.organisation
    answer = invite(browser, ics, role="ics", is_lead="y")
    assert answer.location == f"/admin/organisations/{ics.id}"
    accept(client, link_in(last_email(EMAIL)))
    made = session.scalars(
        select(Membership).where(Membership.user_id == user_by_email(EMAIL).id)
    ).one()
    assert (made.is_lead, made.state) == (True, MembershipState.ACTIVE)


def test_a_weak_password_is_refused_and_the_name_kept(client, link):
    page = client.post(link, data={"name": "Ivy Invited", "password": "ivy.invited"}).text
    assert "harder to guess" in page
    assert 'value="Ivy Invited"' in page

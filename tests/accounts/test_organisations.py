"""Joining an organisation, setting one up, leading one."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Membership, MembershipState, Organisation
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from tests import makers
from tests.cast import Person


@pytest.fixture
def newcomer(session):
    """Somebody with an account who acts for nobody."""
    return Person(makers.user("New Comer"), None)


def as_newcomer(app, session, newcomer):
    from portal.accounts.services import open_session
    from portal.accounts.session import SESSION_KEY

    open_session(user=newcomer.user, token="newcomer")
    session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie[SESSION_KEY] = newcomer.user.fs_uniquifier, "newcomer"
    return client


@pytest.fixture
def browser(app, session, newcomer, cast):
    return as_newcomer(app, session, newcomer)


def membership_of(session, person) -> Membership:
    session.expire_all()
    return session.scalars(select(Membership).where(Membership.user_id == person.user.id)).one()


def ask(browser, cast):
    return browser.post(f"/account/join/{cast.innovator.organisation.id}")


def test_the_search_finds_only_what_one_may_join(browser, cast):
    assert "Brightwell Health" in browser.get("/account/join?q=bright").text
    assert "Ask to join" not in browser.get("/account/join?q=health innovation").text
    assert "Nothing found" in browser.get("/account/join?q=%25").text


def test_joining_needs_the_leads_yes(as_, browser, cast, session, newcomer):
    ask(browser, cast)
    request = membership_of(session, newcomer)
    assert request.state is MembershipState.REQUESTED
    assert "acting as" not in browser.get("/account").text
    told = select(Notification.subject).where(Notification.user_id == cast.innovator.user.id)
    assert session.scalars(told).all() == ["New Comer asks to join Brightwell Health"]
    as_(cast.innovator).post(f"/account/members/{request.id}/accept")
    assert membership_of(session, newcomer).state is MembershipState.ACTIVE
    assert "acting as</span> <strong>Brightwell Health</strong>" in browser.get("/account").text
    assert "You now act for Brightwell Health" in browser.get("/account/notifications").text


def test_a_lead_declines_with_a_message(as_, browser, cast, session, newcomer):
    ask(browser, cast)
    request = membership_of(session, newcomer)
    lead = as_(cast.innovator)
    page = lead.post(f"/account/members/{request.id}/decline", data={"message": ""})
    assert "Enter a message that says why" in page.text
    lead.post(f"/account/members/{request.id}/decline", data={"message": "Use your own firm."})
    assert membership_of(session, newcomer).state is MembershipState.DECLINED
    assert "Use your own firm." in browser.get("/account/notifications").text


def test_asking_twice_is_refused(browser, cast):
    ask(browser, cast)
    answer = ask(browser, cast)
    assert answer.status_code == 400
    assert "already asked" in answer.text


def test_a_request_is_decided_once(as_, browser, cast, session, newcomer):
    ask(browser, cast)
    request = membership_of(session, newcomer)
    lead = as_(cast.innovator)
    lead.post(f"/account/members/{request.id}/accept")
    assert lead.post(f"/account/members/{request.id}/accept").status_code == 409


def test_nobody_asks_to_join_staff(browser, cast):
    assert browser.post(f"/account/join/{cast.hin.organisation.id}").status_code == 404


def test_without_a_lead_administrators_decide(browser, cast, session, newcomer):
    orphan = makers.organisation("Orphan Charity")
    session.commit()
    browser.post(f"/account/join/{orphan.id}")
    told = select(Notification.user_id).where(Notification.subject.contains("Orphan"))
    assert session.scalars(told).all() == [cast.administrator.user.id]


def test_a_newcomer_sets_up_a_company_and_leads_it(browser, session, newcomer):
    answer = browser.post(
        "/account/organisations/new",
        data={"kind": "company", "name": "Fresh Ideas", "website": "fresh.example"},
    )
    assert answer.location == "/account"
    made = membership_of(session, newcomer)
    assert (made.organisation.name, made.is_lead) == ("Fresh Ideas", True)
    assert made.organisation.website == "https://fresh.example"
    assert "Fresh Ideas" in browser.get("/account/organisation").text


def test_a_name_that_is_taken_points_to_joining(browser, cast):
    page = browser.post(
        "/account/organisations/new", data={"kind": "company", "name": "BRIGHTWELL health"}
    ).text
    assert "Ask to join it instead" in page
    assert 'value="BRIGHTWELL health"' in page


@pytest.mark.parametrize(
    "twin",
    [
        "Brightwell\u00a0Health",
        "Brightwell  Health",
        "Bright\u00adwell Health",
        "\u200bBRIGHTWELL health",
    ],
)
def test_a_name_that_only_looks_different_is_taken(browser, cast, session, twin):
    sent = {"kind": "company", "name": twin}
    page = browser.post("/account/organisations/new", data=sent).text
    assert "Ask to join it instead" in page
    with pytest.raises(IntegrityError):
        makers.organisation(twin)


def test_nobody_sets_up_a_hin_by_hand(browser, session):
    page = browser.post("/account/organisations/new", data={"kind": "hin", "name": "My HIN"})
    assert "There is a problem" in page.text
    assert session.scalar(select(Organisation).where(Organisation.name == "My HIN")) is None


def test_an_organisation_is_never_left_without_a_lead(as_, cast, session):
    lead = as_(cast.innovator)
    mine = cast.innovator.membership.id
    answer = lead.post(f"/account/members/{mine}/end")
    assert "Select who leads Brightwell Health next" in answer.text
    lead.post(f"/account/members/{cast.colleague.membership.id}/make-lead")
    assert lead.post(f"/account/members/{mine}/end").status_code == 302
    session.expire_all()
    assert session.get(Membership, mine).state is MembershipState.ENDED


def test_a_lead_ends_a_membership_and_the_person_is_told(as_, cast, session):
    colleague = as_(cast.colleague)
    as_(cast.innovator).post(f"/account/members/{cast.colleague.membership.id}/end")
    page = colleague.get("/account/notifications").text
    assert "You no longer act for Brightwell Health" in page
    assert "acting as" not in page


def test_a_member_leaves_without_asking(as_, cast, session):
    as_(cast.colleague).post(f"/account/members/{cast.colleague.membership.id}/end")
    session.expire_all()
    assert session.get(Membership, cast.colleague.membership.id).state is MembershipState.ENDED


def test_only_a_lead_manages_the_organisation(as_, cast):
    assert as_(cast.colleague).get("/account/organisation").status_code == 403
    assert "Colm Reid" in as_(cast.innovator).get("/account/organisation").text


def test_a_stale_change_of_details_is_told_and_changes_nothing(as_, cast, session):
    lead, company = as_(cast.innovator), cast.innovator.organisation
    stale = {"version": company.version, "name": "Brightwell", "postcode": "cv1 1aa"}
    assert lead.post("/account/organisation/details", data=stale).status_code == 302
    answer = lead.post("/account/organisation/details", data={**stale, "name": "Darkwell"})
    assert answer.status_code == 409
    assert 'value="Darkwell"' in answer.text
    session.expire_all()
    stored = session.get(Organisation, company.id)
    assert (stored.name, stored.postcode) == ("Brightwell", "CV1 1AA")


def test_changes_are_on_the_trail_from_what_to_what(as_, cast, session):
    company = cast.innovator.organisation
    as_(cast.innovator).post(
        "/account/organisation/details", data={"version": company.version, "name": "Brighter"}
    )
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "organisation.changed")
    ).one()
    assert event.changes["name"] == ["Brightwell Health", "Brighter"]
    assert (event.actor_name, event.organisation_id) == ("Ida Brown", company.id)

"""What needs two administrators: asked for by one, agreed to once by another."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Invitation, Membership, MembershipState, Role
from portal.accounts.models.approvals import Approval, Decision
from portal.accounts.services import add_membership, invite
from portal.clock import now
from portal.errors import Forbidden
from portal.notifications.models import Email, Notification
from tests import makers
from tests.cast import Person


@pytest.fixture
def second(cast, session) -> Person:
    """Bea, another administrator."""
    user = makers.user("Bea Price")
    held = makers.membership(user, cast.administrator.organisation, Role.ADMINISTRATOR)
    session.commit()
    return Person(user, held)


@pytest.fixture
def lost(cast, session):
    """Ida, who has an authenticator app and lost it."""
    user = cast.innovator.user
    user.tf_primary_method, user.tf_totp_secret = "authenticator", "kept"
    session.commit()
    return user


def ask_to_lift(browser, user):
    return browser.post(
        f"/admin/people/{user.id}/two-factor/off", data={"reason": "Lost it; I called her."}
    )


def the_one(session) -> Approval:
    session.expire_all()
    return session.scalars(select(Approval)).one()


def test_one_asks_and_nothing_happens_until_another_agrees(as_, cast, session, lost, second):
    ada, bea = as_(cast.administrator), as_(second)
    assert "Enter why" in ada.post(f"/admin/people/{lost.id}/two-factor/off").text
    ask_to_lift(ada, lost)
    row = the_one(session)
    assert session.get(type(lost), lost.id).tf_totp_secret == "kept"
    told = session.scalars(select(Notification.user_id).where(Notification.url.contains("approv")))
    assert told.all() == [second.user.id]
    assert "Agree or refuse: turn off two-factor sign-in of Ida Brown" in bea.get("/home").text
    assert ada.post(f"/admin/approvals/{row.id}/agree").status_code == 403
    assert session.get(type(lost), lost.id).tf_totp_secret == "kept"
    bea.post(f"/admin/approvals/{row.id}/agree")
    session.expire_all()
    assert session.get(type(lost), lost.id).tf_totp_secret is None
    assert the_one(session).decision is Decision.AGREED
    page = ada.get(f"/admin/approvals/{row.id}").text
    assert "Agreed by Bea Price" in page
    assert 'approvals/1/agree"' not in page
    assert "Turned off two-factor sign-in" in ada.get(f"/admin/people/{lost.id}").text


def test_lifting_ends_every_browser_of_the_person(as_, cast, session, lost, second):
    ida = as_(cast.innovator)
    ask_to_lift(as_(cast.administrator), lost)
    assert ida.get("/account").status_code == 200
    as_(second).post(f"/admin/approvals/{the_one(session).id}/agree")
    assert ida.get("/account").status_code == 302


def test_it_is_decided_once(as_, cast, session, lost, second):
    ask_to_lift(as_(cast.administrator), lost)
    number, bea = the_one(session).id, as_(second)
    bea.post(f"/admin/approvals/{number}/refuse")
    again = bea.post(f"/admin/approvals/{number}/agree")
    assert again.status_code == 400
    assert "Somebody has decided about this" in again.text
    assert session.get(type(lost), lost.id).tf_totp_secret == "kept"


def test_it_expires(as_, cast, session, lost, second):
    ada = as_(cast.administrator)
    ask_to_lift(ada, lost)
    session.execute(update(Approval).values(expires_at=now() - timedelta(minutes=1)))
    session.commit()
    number = the_one(session).id
    assert "waited for too long" in as_(second).get(f"/admin/approvals/{number}").text
    assert as_(second).post(f"/admin/approvals/{number}/agree").status_code == 400
    assert "Agree or refuse" not in as_(second).get("/home").text
    ask_to_lift(ada, lost)
    decisions = session.scalars(select(Approval.decision).order_by(Approval.id)).all()
    assert decisions == [Decision.EXPIRED, None]


def test_the_same_is_not_asked_twice(as_, cast, session, lost, second):
    ask_to_lift(as_(cast.administrator), lost)
    assert "waits for a second administrator already" in ask_to_lift(as_(second), lost).text


def test_one_takes_ones_own_back(as_, cast, session, lost, second):
    ada = as_(cast.administrator)
    ask_to_lift(ada, lost)
    ada.post(f"/admin/approvals/{the_one(session).id}/refuse")
    assert the_one(session).decision is Decision.REFUSED


def test_what_somebody_asked_who_administers_no_longer_cannot_be_agreed_to(
    as_, cast, session, lost, second
):
    ask_to_lift(as_(cast.administrator), lost)
    cast.administrator.membership.state = MembershipState.ENDED
    session.commit()
    answer = as_(second).post(f"/admin/approvals/{the_one(session).id}/agree")
    assert "no administrator any more" in answer.text


def test_the_only_administrator_is_told_of_the_command_line(as_, cast, session, lost):
    page = ask_to_lift(as_(cast.administrator), lost).text
    assert "you are the only one" in page
    assert "flask users lift-factor EMAIL" in page
    assert session.scalars(select(Approval)).all() == []


def test_inviting_an_administrator_sends_nothing_until_another_agrees(as_, cast, session, second):
    ada, place = as_(cast.administrator), cast.administrator.organisation
    data = {"email": "new@example.org", "role": "administrator"}
    ada.post(f"/account/organisations/{place.id}/invite", data=data)
    assert session.scalars(select(Invitation)).all() == []
    to_new = select(Email).where(Email.address == "new@example.org")
    assert session.scalars(to_new).all() == []
    as_(second).post(f"/admin/approvals/{the_one(session).id}/agree")
    assert session.scalars(select(Invitation.role)).all() == [Role.ADMINISTRATOR]
    assert len(session.scalars(to_new).all()) == 1


def active(session, user, organisation):
    found = select(Membership.role).where(
        Membership.user_id == user.id,
        Membership.organisation_id == organisation.id,
        Membership.state == MembershipState.ACTIVE,
    )
    return session.scalars(found).all()


def test_making_somebody_an_administrator_needs_two(as_, cast, session, second):
    user, place = cast.national.user, cast.administrator.organisation
    data = {"organisation": place.name, "role": "administrator"}
    page = as_(cast.administrator).post(f"/admin/people/{user.id}/memberships/new", data=data)
    assert page.status_code == 302
    assert active(session, user, place) == [Role.NATIONAL]
    as_(second).post(f"/admin/approvals/{the_one(session).id}/agree")
    assert set(active(session, user, place)) == {Role.NATIONAL, Role.ADMINISTRATOR}


@pytest.mark.parametrize("who", ["themselves", "the other"])
def test_an_administrator_joining_a_network_needs_two(as_, cast, session, second, who):
    user = cast.administrator.user if who == "themselves" else second.user
    data = {"organisation": cast.hin.organisation.name, "role": "hin"}
    as_(cast.administrator).post(f"/admin/people/{user.id}/memberships/new", data=data)
    assert active(session, user, cast.hin.organisation) == []
    as_(second).post(f"/admin/approvals/{the_one(session).id}/agree")
    assert active(session, user, cast.hin.organisation) == [Role.HIN]


def test_an_administrator_does_not_accept_their_own_invitation(as_, cast, session, second):
    ada = as_(cast.administrator)
    data = {"email": cast.administrator.user.email, "role": "hin"}
    ada.post(f"/account/organisations/{cast.hin.organisation.id}/invite", data=data)
    body = session.scalars(select(Email.body).order_by(Email.id.desc())).first()
    path = "/account/invitations/" + body.split("/account/invitations/")[1].split()[0]
    assert ada.post(path).status_code == 403
    assert active(session, cast.administrator.user, cast.hin.organisation) == []


def test_nobody_decides_about_their_own_request_to_join(as_, cast, session):
    place = makers.organisation("Without a lead")
    asked = makers.membership(
        cast.administrator.user, place, Role.INNOVATOR, state=MembershipState.REQUESTED
    )
    session.commit()
    answer = as_(cast.administrator).post(f"/account/members/{asked.id}/accept")
    assert answer.status_code == 403
    assert active(session, cast.administrator.user, place) == []


def test_the_services_refuse_what_nobody_else_agreed_to(cast, session):
    by, place = cast.administrator.actor, cast.administrator.organisation
    with pytest.raises(Forbidden, match="second administrator"):
        invite(email="new@example.org", organisation=place, role=Role.ADMINISTRATOR, by=by)
    with pytest.raises(Forbidden, match="second administrator"):
        add_membership(user=cast.national.user, organisation=place, role=Role.ADMINISTRATOR, by=by)


def test_the_command_line_does_it_and_tells_every_administrator(app, cast, session, lost):
    runner = app.test_cli_runner()
    place = cast.administrator.organisation.name
    grant = ["users", "grant", cast.national.user.email, "--role", "administrator"]
    done = runner.invoke(args=[*grant, "--organisation", place])
    assert done.exit_code == 0, done.output
    assert runner.invoke(args=["users", "lift-factor", lost.email]).exit_code == 0
    nobody = runner.invoke(args=["users", "lift-factor", "nobody@example.org"])
    assert "There is no account" in nobody.output
    session.expire_all()
    assert session.get(type(lost), lost.id).tf_totp_secret is None
    told = select(Notification.user_id).where(Notification.subject.contains("command line"))
    assert cast.administrator.user.id in session.scalars(told).all()

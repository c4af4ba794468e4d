"""Where one is signed in, and acting as one of several organisations."""

from datetime import timedelta
from unittest import mock

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Role, UserSession
from portal.accounts.models.security import SecurityEvent, SecurityKind
from portal.clock import now
from tests import makers
from tests.pages import sign_in


def test_a_person_sees_their_browsers_and_signs_one_out(as_, cast, session):
    here, there = as_(cast.innovator), as_(cast.innovator)
    page = here.get("/account/sessions").text
    assert page.count('/end"') == 1
    other = session.scalars(select(UserSession.id).order_by(UserSession.id.desc()).limit(1)).one()
    here.post(f"/account/sessions/{other}/end")
    assert there.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_all_others_are_signed_out_at_once(as_, cast):
    here, *others = (as_(cast.innovator) for _ in range(3))
    here.post("/account/sessions/end-others")
    assert [other.get("/account").status_code for other in others] == [302, 302]
    assert here.get("/account").status_code == 200


def test_ending_others_asks_for_a_proof(as_, cast, session):
    here, there = as_(cast.innovator), as_(cast.innovator)
    session.execute(update(UserSession).values(proved_at=now() - timedelta(hours=1)))
    session.commit()
    other = session.scalars(select(UserSession.id).order_by(UserSession.id.desc()).limit(1)).one()
    for step in (f"/account/sessions/{other}/end", "/account/sessions/end-others"):
        assert "/account/prove" in here.post(step).location
    assert there.get("/account").status_code == 200


def test_an_administrator_signs_somebody_out_everywhere(as_, cast, session):
    theirs, admin = [as_(cast.innovator) for _ in range(2)], as_(cast.administrator)
    page = f"/admin/people/{cast.innovator.user.id}"
    assert "Sign them out of every browser" in admin.get(page).text
    shown = admin.post(f"{page}/sign-out", follow_redirects=True).text
    assert "Ida Brown is signed out of every browser." in shown
    assert "Ended all sessions" in shown
    assert [one.get("/account").status_code for one in theirs] == [302, 302]
    assert admin.get(page).status_code == 200
    assert cast.innovator.user.active
    is_end = SecurityEvent.kind == SecurityKind.SIGNED_OUT
    [told] = session.scalars(select(SecurityEvent).where(is_end))
    assert told.user_id == cast.administrator.user.id
    assert told.detail == f"ended all sessions (person {cast.innovator.user.id})"


def test_nobody_ends_a_session_of_somebody_else(as_, cast, session):
    victim, attacker = as_(cast.innovator), as_(cast.other_innovator)
    row = session.scalars(
        select(UserSession.id).where(UserSession.user_id == cast.innovator.user.id)
    ).one()
    assert attacker.post(f"/account/sessions/{row}/end").status_code == 410
    assert victim.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("who", "idle", "longest"),
    [
        ("innovator", timedelta(days=14), timedelta(days=90)),
        ("ics", timedelta(days=1), timedelta(days=7)),
        ("hin", timedelta(days=1), timedelta(days=7)),
        ("national", timedelta(days=1), timedelta(days=7)),
        ("administrator", timedelta(minutes=30), timedelta(hours=12)),
    ],
)
def test_how_long_a_browser_stays_signed_in_hangs_on_the_role(
    as_, cast, session, who, idle, longest
):
    minute = timedelta(minutes=1)
    for column, limit in ((UserSession.seen_at, idle), (UserSession.created_at, longest)):
        for age, status in ((limit - minute, 200), (limit + minute, 302)):
            browser = as_(getattr(cast, who))
            session.execute(update(UserSession).values({column: now() - age}))
            session.commit()
            assert browser.get("/account/name").status_code == status, (column, age)


def test_the_strictest_role_counts_whomever_the_browser_acts_as(as_, cast, session):
    other = makers.membership(cast.administrator.user, cast.innovator.organisation)
    browser = as_(cast.administrator)
    assert browser.post("/account/act-as", data={"membership": other.id}).status_code == 302
    session.execute(update(UserSession).values(seen_at=now() - timedelta(minutes=31)))
    session.commit()
    assert browser.get("/account").status_code == 302


def test_changing_over_gives_the_browser_a_new_token(app, as_, cast, session):
    second = makers.membership(cast.innovator.user, makers.organisation("Second Company"))
    browser, copy = as_(cast.innovator), app.test_client()
    with browser.session_transaction() as cookie, copy.session_transaction() as stolen:
        stolen.update(cookie)
    assert copy.get("/account").status_code == 200
    browser.post("/account/act-as", data={"membership": second.id})
    assert copy.get("/account").status_code == 302
    assert browser.get("/account").status_code == 200


def test_what_a_script_fetches_late_does_not_take_the_new_token_away(app, as_, cast, session):
    second = makers.membership(cast.innovator.user, makers.organisation("Second Company"))
    browser, older = as_(cast.innovator), app.test_client()
    browser.get("/account")
    with browser.session_transaction() as cookie, older.session_transaction() as same:
        same.update(cookie)
    browser.post("/account/act-as", data={"membership": second.id})
    late = older.get("/privacy", headers={"Sec-Fetch-Dest": "empty"})
    assert "Set-Cookie" not in late.headers
    assert "Set-Cookie" in older.get("/privacy").headers


def test_signing_out_clears_what_the_browser_keeps_but_not_the_message(as_, cast):
    answer = as_(cast.innovator).post("/account/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_last_used_is_kept_to_five_minutes(as_, cast, session):
    browser = as_(cast.innovator)
    for minutes, is_new in ((4, False), (6, True)):
        was = now() - timedelta(minutes=minutes)
        session.execute(update(UserSession).values(seen_at=was))
        session.commit()
        assert browser.get("/account").status_code == 200
        session.expire_all()
        assert (session.scalars(select(UserSession)).one().seen_at > was) == is_new


def test_a_closed_account_is_out_at_once(as_, cast, session):
    browser = as_(cast.innovator)
    data = {f"successor_{cast.innovator.membership.id}": cast.colleague.user.id}
    url = f"/admin/people/{cast.innovator.user.id}/deactivate"
    as_(cast.administrator).post(url, data=data)
    assert browser.get("/account").status_code == 302


def test_a_person_with_two_organisations_chooses_whom_to_act_for(as_, cast, session):
    other = makers.organisation("Second Company")
    second = makers.membership(cast.innovator.user, other, Role.INNOVATOR)
    browser = as_(cast.innovator)
    assert "Second Company" in browser.get("/account").text
    browser.post("/account/act-as", data={"membership": second.id})
    assert f'value="{second.id}" selected' in browser.get("/account").text
    again = as_(cast.innovator)
    assert f'value="{second.id}" selected' not in again.get("/account").text


def test_acting_as_a_membership_of_somebody_else_is_refused(as_, cast):
    browser = as_(cast.innovator)
    stolen = browser.post("/account/act-as", data={"membership": cast.hin.membership.id})
    assert stolen.status_code == 404
    assert "Brightwell Health" in browser.get("/account").text


def test_acting_as_a_membership_that_has_ended_is_refused(as_, cast, session):
    organisation = makers.organisation("Second Company")
    makers.membership(makers.user("Lee Der"), organisation, is_lead=True)
    second = makers.membership(cast.innovator.user, organisation)
    browser = as_(cast.innovator)
    browser.post("/account/act-as", data={"membership": second.id})
    browser.post(f"/account/members/{second.id}/end")
    answer = browser.post("/account/act-as", data={"membership": second.id})
    assert answer.status_code == 404
    assert "acting as</span> <strong>Brightwell Health</strong>" in browser.get("/account").text


def test_a_page_of_somebody_signed_in_costs_two_statements_before_its_own(as_, cast, statements):
    browser = as_(cast.innovator)
    with statements.at_most(2):
        assert browser.get("/account/name").status_code == 200


def test_the_list_of_sessions_takes_few_statements(as_, cast, statements):
    browser = as_(cast.innovator)
    for _ in range(5):
        as_(cast.innovator)
    with statements.at_most(8):
        browser.get("/account/sessions")


def test_a_person_is_known_by_their_browser(app, cast, session):
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0"
    browser = sign_in(app, cast.innovator)
    session.execute(update(UserSession).values(user_agent=agent))
    session.commit()
    assert "Firefox on Windows" in browser.get("/account/sessions").text


def test_production_ends_the_sessions_of_the_demo(app, as_, cast, session):
    browser = as_(cast.innovator)
    cast.innovator.user.is_demo = True
    session.commit()
    with mock.patch.dict(app.config, PRODUCTION=True):
        assert browser.get("/account").status_code == 302

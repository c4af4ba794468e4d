"""Tokens of the API: made under one's account, shown once, ended by their owner and others."""

import re
from datetime import timedelta
from unittest import mock

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.accounts.models import MembershipState
from portal.accounts.models.tokens import ApiToken, TokenScope
from portal.accounts.rules import MAX_TOKENS, hashed
from portal.accounts.services import make_token, revoke_token
from portal.audit.models import AuditEvent
from portal.clock import now
from portal.errors import Forbidden, Invalid
from tests import makers
from tests.api.conftest import Program, by, token_of  # noqa: F401  # the fixture

SHOWN = re.compile(r'<code class="app-token">(iex_[\w-]{43})</code>')


def row_of(session, token):
    session.expire_all()
    return session.scalars(select(ApiToken).where(ApiToken.token_hash == hashed(token))).one()


def test_a_token_is_made_under_the_account_and_shown_once(app, as_, cast, session):
    browser = as_(cast.hin)
    assert "You have no tokens" in browser.get("/account/tokens").text
    sent = {"name": "Pipeline sheet", "scopes": ["read", "interactions"], "days": "90"}
    page = browser.post("/account/tokens/new", data=sent, follow_redirects=True)
    token = SHOWN.search(page.text)[1]
    assert browser.get("/account/tokens/made").location == "/account/tokens"
    listed = browser.get("/account/tokens").text
    assert "Pipeline sheet" in listed
    assert "Read, Log interactions" in listed
    assert token not in listed
    row = row_of(session, token)
    assert row.token_hash == hashed(token)
    assert row.expires_at.date() == (now() + timedelta(days=90)).date()
    who = Program(app, token).get("/me")
    assert (who["name"], who["role"]) == ("Hana West", "hin")
    assert who["scopes"] == ["interactions", "read"]


def test_its_form_asks_for_everything(as_, cast):
    page = as_(cast.hin).post("/account/tokens/new", data={"name": "", "scopes": [], "days": ""})
    for words in ("Enter a name for the token", "Select what the token may do"):
        assert words in page.text
    assert "Select how long the token works" in page.text


def test_making_one_asks_who_it_is_first(as_, cast, session):
    browser = as_(cast.hin)
    from portal.accounts.models import UserSession

    for row in session.scalars(select(UserSession)):
        row.proved_at = now() - timedelta(hours=1)
    session.commit()
    assert "/account/prove" in browser.get("/account/tokens/new").location


def test_its_owner_revokes_it(app, as_, cast, session):
    token = token_of(cast.hin)
    session.commit()
    assert Program(app, token).ask("/me").status_code == 200
    row = row_of(session, token)
    as_(cast.hin).post(f"/account/tokens/{row.id}/revoke")
    assert Program(app, token).ask("/me").status_code == 401
    assert row_of(session, token).revoked_by_id == cast.hin.user.id


def test_an_administrator_finds_and_revokes_anybodys(app, as_, cast, session):
    token = token_of(cast.hin)
    session.commit()
    row = row_of(session, token)
    browser = as_(cast.administrator)
    assert "Spreadsheet" in browser.get("/admin/tokens?q=hana").text
    assert "Spreadsheet" not in browser.get("/admin/tokens?q=otto").text
    browser.post(f"/admin/tokens/{row.id}/revoke")
    assert Program(app, token).ask("/me").status_code == 401
    assert "Spreadsheet" not in browser.get("/admin/tokens").text


def test_nobody_else_revokes_it(as_, cast, session):
    token = token_of(cast.hin)
    session.commit()
    row = row_of(session, token)
    assert as_(cast.other_hin).post(f"/account/tokens/{row.id}/revoke").status_code == 404
    assert row_of(session, token).revoked_at is None


@pytest.mark.parametrize("end", ["expired", "left", "closed"])
def test_it_dies_with_its_day_its_membership_and_its_person(app, cast, session, end):
    token = token_of(cast.hin)
    row = session.scalars(select(ApiToken)).one()
    if end == "expired":
        row.expires_at = now() - timedelta(seconds=1)
    elif end == "left":
        cast.hin.membership.state = MembershipState.ENDED
    else:
        cast.hin.user.active = False
    session.commit()
    answer = Program(app, token).ask("/challenges")
    assert answer.status_code == 401, "even where anybody may read: they expect more than that"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_it_acts_in_the_role_for_which_it_was_made(app, cast, session):
    nation = makers.membership(cast.hin.user, cast.national.organisation, cast.national.actor.role)
    token = token_of(cast.hin)
    session.commit()
    assert Program(app, token).get("/me")["role"] == "hin"
    cast.hin.membership.state = MembershipState.ENDED
    session.commit()
    assert nation.state is MembershipState.ACTIVE
    assert Program(app, token).ask("/me").status_code == 401


def test_a_token_is_nobodys_on_pages(app, cast, session):
    token = token_of(cast.hin)
    session.commit()
    headers = {"Authorization": f"Bearer {token}"}
    answer = app.test_client().get("/innovations", headers=headers)
    assert "/account/sign-in" in answer.location


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "Basic aGVsbG8=", "", "Bearer \xff"])
def test_anything_else_is_no_token(app, isolated, header):
    answer = app.test_client().get("/api/v1/challenges", headers={"Authorization": header})
    assert answer.status_code == 401


def test_its_use_is_noted_at_most_once_a_minute(app, cast, session, statements):
    token = token_of(cast.hin)
    session.commit()
    program = Program(app, token)
    program.get("/me")
    used = row_of(session, token).used_at
    assert used is not None
    session.commit()
    statements.ran.clear()
    program.get("/me")
    assert [one for one in statements.ran if not one.startswith("SELECT")] == []
    assert row_of(session, token).used_at == used


def test_a_busy_database_keeps_nobody_from_reading(app, cast, session):
    token = token_of(cast.hin)
    session.commit()
    busy = OperationalError("UPDATE", {}, Exception("database is locked"))
    with mock.patch("portal.accounts.session.bearer.note_token_used", side_effect=busy):
        assert Program(app, token).ask("/me").status_code == 200
    assert row_of(session, token).used_at is None


def test_a_role_that_must_have_a_second_factor_gets_no_way_round_it(app, cast, session):
    token = token_of(cast.hin)
    cast.hin.user.factor_asked_at = now() - timedelta(days=30)
    cast.hin.membership.requested_at = now() - timedelta(days=60)
    session.commit()
    required = {"SECOND_FACTOR_ROLES": ("hin",), "SECOND_FACTOR_GRACE": timedelta(days=7)}
    with mock.patch.dict(app.config, required):
        answer = Program(app, token).ask("/records")
    assert answer.status_code == 403
    assert "two-factor" in answer.get_json()["detail"]


def test_the_trail_says_who_made_and_revoked_it(cast, session):
    token = token_of(cast.hin, TokenScope.READ, TokenScope.STAGES)
    revoke_token(token=row_of(session, token), by=cast.administrator.actor)
    found = session.scalars(
        select(AuditEvent).where(AuditEvent.action.startswith("user.token")).order_by(AuditEvent.id)
    ).all()
    assert [(one.action, one.actor_name) for one in found] == [
        ("user.token_made", "Hana West"),
        ("user.token_revoked", "Ada Price"),
    ]
    assert "read, change the stage of development" in found[0].summary


def test_what_no_token_may_be(cast, session):
    told = {"user": cast.hin.user, "name": "x", "days": 30, "by": cast.hin.actor}
    mine = {"membership": cast.hin.membership, "scopes": [TokenScope.READ]}
    with pytest.raises(Forbidden):
        make_token(**told, membership=cast.other_hin.membership, scopes=[TokenScope.READ])
    with pytest.raises(Invalid):
        make_token(**told, membership=cast.hin.membership, scopes=[])
    with pytest.raises(Invalid):
        make_token(**{**told, "days": 3650}, **mine)
    for _ in range(MAX_TOKENS):
        make_token(**told, **mine)
    with pytest.raises(Invalid):
        make_token(**told, **mine)

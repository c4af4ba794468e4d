"""Passwords, tokens and devices, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.models import Actor, Organisation, OrganisationKind, Role
from portal.accounts.policy import can_invite
from portal.accounts.rules import (
    device_of,
    hashed,
    hashed_recovery_code,
    new_recovery_code,
    new_token,
    roles_of,
    weakness_of,
)


@given(st.text(max_size=300), st.lists(st.text(max_size=50), max_size=3))
def test_any_text_is_judged_without_breaking(password, about):
    assert weakness_of(password, about) is None or password is not None


@pytest.mark.parametrize("length", [72, 73, 100, 200])
def test_length_alone_is_no_reason_to_refuse(length):
    assert weakness_of(("tractor violet harbour lantern oyster " * 10)[:length]) is None


@pytest.mark.parametrize("password", ["aaaaaaaaaaaaaaa", "qwertyuiop", "letmein123", "iloveyou12"])
def test_common_passwords_are_refused(password):
    assert weakness_of(password) is not None


def test_tokens_differ_and_are_kept_as_hashes():
    one, two = new_token(), new_token()
    assert one != two
    assert len(hashed(one)) == 64
    assert one not in hashed(one)


def test_recovery_codes_have_112_bits_and_are_known_however_they_are_typed():
    code = new_recovery_code()
    assert len(code.replace("-", "")) * 4 == 112
    typed = f" {code.upper().replace('-', ' ')} "
    assert hashed_recovery_code(7, typed) == hashed_recovery_code(7, code)
    assert hashed_recovery_code(8, code) != hashed_recovery_code(7, code)


def test_every_role_belongs_to_some_kind_of_organisation():
    assert {role for kind in OrganisationKind for role in roles_of(kind)} == set(Role)


def test_only_an_administrator_makes_an_administrator():
    nation = Organisation(id=1, name="Nation", kind=OrganisationKind.NATIONAL)
    lead = Actor(user_id=1, organisation_id=1, role=Role.NATIONAL, is_lead=True)
    administrator = Actor(user_id=2, organisation_id=1, role=Role.ADMINISTRATOR)
    assert can_invite(lead, nation, Role.NATIONAL)
    assert not can_invite(lead, nation, Role.ADMINISTRATOR)
    assert can_invite(administrator, nation, Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("", "A browser"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19 Safari/1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge on Linux"),
    ],
)
def test_a_browser_is_called_as_people_call_it(agent, device):
    assert device_of(agent) == device

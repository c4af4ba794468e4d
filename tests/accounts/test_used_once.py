"""What is used once is used once, by many browsers at the same moment, on PostgreSQL."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from flask_security.confirmable import generate_confirmation_token
from flask_security.proxies import _security
from passlib.totp import TOTP
from sqlalchemy import func, select

from portal.accounts.models import (
    Actor,
    Invitation,
    Membership,
    MembershipState,
    OrganisationKind,
    Role,
    User,
)
from portal.accounts.models.approvals import Approval
from portal.accounts.queries.acting import administrators, leads_of
from portal.accounts.rules.factor_keys import FIRST_TAG, tag_in
from portal.accounts.services import (
    Challenge,
    Site,
    accept_invitation,
    add_passkey,
    agree,
    ask_to_invite,
    confirm,
    deactivate,
    end_membership,
    invite,
    is_code_right,
    is_recovery_code_right,
    new_recovery_codes,
    open_invited_account,
    options_to_add,
    options_to_use,
    reset_password,
    user_of_passkey,
)
from portal.accounts.services.factor_secrets import renew
from portal.accounts.services.passwords import kept
from portal.accounts.session import actor_of
from portal.db import db
from portal.errors import PortalError
from tests import makers
from tests.accounts.authenticator import Device
from tests.accounts.conftest import PASSWORD
from tests.conftest import make_app
from tests.tables import fill

AT_ONCE = 6


@pytest.fixture
def house(database: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on a PostgreSQL of its own, where what is committed stays."""
    app = make_app(database, tmp_path, SERVER_NAME="portal.example")
    with app.app_context():
        fill()
    yield app
    with app.app_context():
        db.engine.dispose()


def at_once(app: Flask, *tries: Callable[[], object]) -> list[object]:
    """Run each in a session and a transaction of its own, all at the same moment; returns what each
    returned, or the refusal that it met."""
    barrier = Barrier(len(tries))

    def run(one: Callable[[], object]) -> object:
        with app.app_context():
            db.session.scalar(select(func.count()).select_from(User))
            barrier.wait(timeout=30)
            try:
                found = one()
                time.sleep(0.05)  # the others are to meet what is not committed yet
                db.session.commit()
            except PortalError as refusal:
                db.session.rollback()
                return refusal
            return found

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(run, tries))


def person(app: Flask, name: str = "Ida Brown", **values: object) -> int:
    """The id of somebody with an account."""
    with app.app_context():
        user_id = makers.user(name, **values).id
        db.session.commit()
    return user_id


def of(user_id: int) -> User:
    """The person, read in the session of whoever asks."""
    return db.session.get_one(User, user_id)


def count(app: Flask, found: object) -> int:
    """How many rows of a kind there are."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(found)) or 0


def test_a_code_of_an_app_lets_one_of_six_browsers_in(house: Flask) -> None:
    with house.app_context():
        secret = _security.totp_factory.generate_totp_secret()
        key = _security.totp_factory.get_totp_pretty_key(secret).replace("-", "")
    user_id = person(house, tf_totp_secret=secret, tf_primary_method="authenticator")
    code = TOTP(key=key, format="base32").generate().token
    got = at_once(house, *[lambda: is_code_right(user=of(user_id), code=code)] * AT_ONCE)
    assert sorted(map(bool, got)) == [False] * 5 + [True]


def test_of_six_who_encrypt_a_secret_anew_one_does(house: Flask) -> None:
    with house.app_context():
        made = _security.totp_factory.generate_totp_secret()
        key = _security.totp_factory.get_totp_pretty_key(made)
    before = made.replace(tag_in(made), FIRST_TAG)
    user_id = person(house, tf_totp_secret=before, tf_primary_method="authenticator")
    got = at_once(house, *[lambda: renew(user_id=user_id, stored=before)] * AT_ONCE)
    assert sorted(map(bool, got)) == [False] * 5 + [True]
    with house.app_context():
        stored = of(user_id).tf_totp_secret
        assert tag_in(stored) == tag_in(made)
        assert _security.totp_factory.get_totp_pretty_key(stored) == key


def test_a_recovery_code_lets_one_of_six_browsers_in(house: Flask) -> None:
    user_id = person(house)
    with house.app_context():
        codes = new_recovery_codes(user=of(user_id))
        db.session.commit()
    tries = [lambda: is_recovery_code_right(user=of(user_id), code=codes[3])] * AT_ONCE
    assert sorted(map(bool, at_once(house, *tries))) == [False] * 5 + [True]


@pytest.fixture
def invitation_id(house: Flask) -> int:
    """An invitation of ivy@example.org to be an administrator."""
    with house.app_context():
        nation = makers.organisation("The nation", kind=OrganisationKind.NATIONAL)
        lead = makers.user("Ada Price")
        held = makers.membership(lead, nation, Role.ADMINISTRATOR, is_lead=True)
        with house.test_request_context():
            invite(
                email="ivy@example.org",
                organisation=nation,
                role=Role.ADMINISTRATOR,
                by=actor_of(lead, held),
                is_agreed=True,
            )
        db.session.commit()
        return db.session.scalars(select(Invitation.id)).one()


def test_an_invitation_makes_one_account_of_four_at_once(house: Flask, invitation_id: int) -> None:
    def open_account() -> object:
        row = db.session.get_one(Invitation, invitation_id)
        return open_invited_account(invitation=row, name="Ivy", stored=kept(PASSWORD))

    got = at_once(house, *[open_account] * 4)
    assert sum(not isinstance(one, PortalError) for one in got) == 1
    assert count(house, Membership) == 2


def test_an_invitation_is_accepted_once(house: Flask, invitation_id: int) -> None:
    user_id = person(house, "Ivy", email="ivy@example.org")

    def accept() -> object:
        row = db.session.get_one(Invitation, invitation_id)
        return accept_invitation(invitation=row, user=of(user_id))

    got = at_once(house, *[accept] * 4)
    assert sum(not isinstance(one, PortalError) for one in got) == 1


def test_a_confirmation_counts_once(house: Flask) -> None:
    user_id = person(house, confirmed_at=None)
    got = at_once(house, *[lambda: confirm(user=of(user_id))] * AT_ONCE)
    assert sorted(map(bool, got)) == [False] * 5 + [True]


def test_a_used_confirmation_link_is_dead(house: Flask) -> None:
    user_id = person(house, confirmed_at=None)
    with house.app_context():
        token = generate_confirmation_token(of(user_id))
    client = house.test_client()
    assert client.get(f"/account/confirm/{token}").status_code == 200
    with house.app_context():
        confirm(user=of(user_id))
        db.session.commit()
    assert client.get(f"/account/confirm/{token}").status_code == 404


def test_a_reset_link_sets_one_password(house: Flask) -> None:
    user_id = person(house)

    def choose(password: str) -> Callable[[], object]:
        def try_it() -> object:
            user = of(user_id)
            with house.test_request_context():
                return reset_password(user=user, stored=kept(password), known=user.fs_uniquifier)

        return try_it

    got = at_once(house, *[choose(f"{PASSWORD} {number}") for number in range(AT_ONCE)])
    assert sum(not isinstance(one, PortalError) for one in got) == 1


def two_leads(app: Flask, kind: OrganisationKind, role: Role) -> tuple[list[Actor], list[int]]:
    """Two people who lead one organisation, and the ids of their memberships."""
    with app.app_context():
        place = makers.organisation("The place", kind=kind)
        people = [makers.user(name) for name in ("Ann One", "Bob Two")]
        held = [makers.membership(one, place, role, is_lead=True) for one in people]
        db.session.commit()
        actors = [actor_of(one, row) for one, row in zip(people, held, strict=True)]
        return actors, [row.id for row in held]


def test_two_administrators_who_close_each_other_leave_one(house: Flask) -> None:
    actors, _ = two_leads(house, OrganisationKind.NATIONAL, Role.ADMINISTRATOR)
    ids = [actor.user_id for actor in actors]
    got = at_once(
        house,
        lambda: deactivate(user=of(ids[1]), by=actors[0]),
        lambda: deactivate(user=of(ids[0]), by=actors[1]),
    )
    assert sum(isinstance(one, PortalError) for one in got) == 1
    with house.app_context():
        assert len(administrators()) == 1


def test_two_leads_who_end_each_other_leave_one(house: Flask) -> None:
    actors, held = two_leads(house, OrganisationKind.COMPANY, Role.INNOVATOR)

    def end(number: int, by: Actor) -> Callable[[], object]:
        return lambda: end_membership(membership=db.session.get_one(Membership, number), by=by)

    got = at_once(house, end(held[1], actors[0]), end(held[0], actors[1]))
    assert sum(isinstance(one, PortalError) for one in got) == 1
    with house.app_context():
        place = db.session.get_one(Membership, held[0]).organisation_id
        assert len(leads_of(place)) == 1
        active = select(func.count()).where(Membership.state == MembershipState.ACTIVE)
        assert db.session.scalar(active) == 1


def test_what_two_administrators_agree_to_at_once_is_done_once(house: Flask) -> None:
    with house.app_context():
        nation = makers.organisation("The nation", kind=OrganisationKind.NATIONAL)
        held = [
            makers.membership(makers.user(name), nation, Role.ADMINISTRATOR)
            for name in ("Ada Price", "Bea Price", "Cat Price")
        ]
        ada, *others = [actor_of(row.user, row) for row in held]
        with house.test_request_context():
            ask_to_invite(
                email="ivy@example.org", organisation=nation, role=Role.ADMINISTRATOR, by=ada
            )
        number = db.session.scalars(select(Approval.id)).one()
        db.session.commit()

    def second(by: Actor) -> Callable[[], object]:
        def try_it() -> object:
            with house.test_request_context():
                return agree(approval=db.session.get_one(Approval, number), by=by)

        return try_it

    got = at_once(house, *[second(by) for by in others * 3])
    assert sum(not isinstance(one, PortalError) for one in got) == 1
    assert count(house, Invitation) == 1


def test_what_a_passkey_signed_lets_one_of_six_browsers_in(house: Flask) -> None:
    user_id, device = person(house), Device(origin="https://portal.example")
    site = Site("portal.example", "https://portal.example", "Portal")
    with house.app_context():
        made = Challenge.new()
        asked = json.loads(options_to_add(user=of(user_id), site=site, challenge=made))
        with house.test_request_context():
            add_passkey(
                user=of(user_id),
                name="Key",
                credential=device.make(asked),
                challenge=made,
                site=site,
            )
        db.session.commit()
    time.sleep(0.01)  # the challenge is given out after the passkey was made
    given = Challenge.new()
    with house.app_context():
        asked = json.loads(options_to_use(user=None, site=site, challenge=given))
    device.count = -1  # it does not count: only the challenge tells
    credential = device.use(asked)
    got = at_once(
        house,
        *[lambda: user_of_passkey(credential=credential, challenge=given, site=site)] * AT_ONCE,
    )
    assert sum(one is not None for one in got) == 1

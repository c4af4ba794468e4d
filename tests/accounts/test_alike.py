"""Statements that hang on who asks: built once for all who act alike."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import ColumnElement, Select, select

from portal.accounts.models import Actor, Role
from portal.accounts.queries.alike import built, shared_by, shared_key, values_of
from portal.clock import now, today
from portal.db import db
from portal.innovations.models import Innovation, Sharing

ONE = Actor(user_id=1, name="One", organisation_id=3, role=Role.HIN, hin_id=4)
OTHER = replace(ONE, user_id=2, name="Other", organisation_id=5)


def _own(actor: Actor) -> Select[int]:
    return select(Innovation.id).where(Innovation.owner_id == actor.user_id)


@pytest.mark.usefixtures("session")
def test_two_who_act_alike_share_a_statement_and_each_is_asked_for_alone() -> None:
    first, second = built(ONE, "own", _own), built(OTHER, "own", _own)
    assert first is second
    assert values_of(ONE)["actor_user_id"] == 1
    assert values_of(OTHER)["actor_user_id"] == 2
    assert db.session.execute(first, values_of(ONE)).all() == []


@pytest.mark.usefixtures("session")
def test_another_role_or_nobody_in_a_place_has_a_statement_of_its_own() -> None:
    mine = built(ONE, "own", _own)
    assert built(replace(ONE, role=Role.NATIONAL), "own", _own) is not mine
    assert built(replace(ONE, hin_id=None), "own", _own) is not mine


@pytest.mark.usefixtures("session")
def test_what_holds_a_moment_is_made_each_time_and_a_day_is_kept() -> None:
    def lately(_actor: Actor) -> Select[int]:
        return select(Innovation.id).where(Innovation.changed_at > now() - timedelta(days=1))

    def current(_actor: Actor) -> Select[int]:
        return select(Innovation.id).where(Innovation.is_proven_until >= today())

    assert built(ONE, "lately", lately) is not built(ONE, "lately", lately)
    assert built(ONE, "current", current) is built(ONE, "current", current)


@pytest.mark.usefixtures("session")
def test_python_cannot_compare_who_asks() -> None:
    def wrong(actor: Actor) -> Select[int]:
        return select(Innovation.id).where(Innovation.owner_id == (actor.user_id or 0))

    with pytest.raises(TypeError):
        built(ONE, "wrong", wrong)


@pytest.mark.usefixtures("session")
def test_what_asks_for_a_place_alone_is_shared_by_all_who_act_there() -> None:
    def of_network(actor: Actor) -> Select[int]:
        inner = select(Innovation.id).where(Innovation.hin_id == actor.hin_id)
        return select(Innovation.id).where(Innovation.id.in_(inner))

    def of_person(actor: Actor) -> Select[int]:
        inner = select(Innovation.id).where(Innovation.owner_id == actor.user_id)
        return select(Innovation.id).where(Innovation.id.in_(inner) | of_all())

    def of_all() -> ColumnElement[bool]:
        return Innovation.sharing == Sharing.PUBLIC

    def lately(_actor: Actor) -> Select[int]:
        return select(Innovation.id).where(Innovation.changed_at > now() - timedelta(days=1))

    assert shared_by(ONE, of_network)
    assert not shared_by(ONE, of_person)
    assert not shared_by(ONE, lately)
    colleague = replace(ONE, user_id=2, name="Two", membership_id=9)
    assert shared_key(ONE) == shared_key(replace(colleague, membership_id=None))
    assert shared_key(ONE) != shared_key(OTHER)

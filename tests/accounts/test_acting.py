"""Who acts for an organisation: the rule and its SQL are one, and nobody who left is told."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.accounts.models import Membership, MembershipState, Role, User
from portal.accounts.policy import is_acting
from portal.accounts.queries.acting import (
    acting,
    leads,
    leads_of,
    people,
    responsible,
    responsible_at,
    staff,
)
from portal.db import db
from portal.notifications.models import Email, Notification
from portal.notifications.outbox import tell
from tests import makers
from tests.examples import examples

EVERY = st.lists(st.tuples(st.booleans(), st.sampled_from(MembershipState)), max_size=6)


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=EVERY)
def test_the_rule_and_its_sql_say_the_same(session, rows):
    with session.begin_nested() as undone:
        organisation = makers.organisation("Example Works")
        for number, (active, state) in enumerate(rows):
            user = makers.user(f"Person {number}", active=active)
            makers.membership(user, organisation, state=state)
        here = Membership.organisation_id == organisation.id
        found = session.scalars(select(Membership).join(User, Membership.user).where(here))
        every = {row.id: is_acting(row) for row in found}
        acts = select(Membership.id).join(Membership.user).where(here, acting())
        assert set(session.scalars(acts)) == {key for key, value in every.items() if value}
        assert len(people(here)) == sum(every.values())
        undone.rollback()


def test_nobody_who_left_is_staff_or_leads_or_is_responsible(cast, session):
    hin = cast.hin.organisation
    colleague = makers.user("Wes Field")
    makers.membership(colleague, hin, Role.HIN)
    cast.hin.user.active = False
    session.flush()
    assert [person.name for person in staff(hin.hin_id)] == ["Wes Field"]
    assert list(leads(hin.hin_id)) == [colleague]
    assert list(leads_of(hin.id)) == []
    assert responsible(cast.hin.user.id, hin.hin_id) == [colleague]
    assert responsible_at(cast.hin.user.id, hin.id) == [colleague]


def test_a_closed_account_is_told_nothing_whoever_names_it(cast, session):
    cast.ics.user.active = False
    cast.hin.user.active = True
    tell(
        [cast.ics.user, cast.hin.user],
        "accounts/emails/membership_ended.txt",
        url="/account",
        person=cast.hin.user,
        organisation=cast.hin.organisation,
    )
    db.session.flush()
    told = session.scalars(select(Notification.user_id)).all()
    assert told == [cast.hin.user.id]
    assert session.scalars(select(Email.address)).all() == [cast.hin.user.email]

"""The rule in Python and the rule in SQL are one rule, for introductions and their messages."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.clock import now
from portal.db import db
from portal.introductions import policy, queries
from portal.introductions.models import Circle, Introduction, IntroductionMessage, State, Timescale
from portal.introductions.queries.listing import readable
from portal.support.models import EngagementState
from portal.support.queries import engagement_of
from tests import makers
from tests.cast import Cast
from tests.examples import examples

HINS = ("HI-WM", "HI-MAN")
introductions = st.fixed_dictionaries(
    {
        "ics": st.sampled_from(["ics", "other_ics"]),
        "maker": st.sampled_from(["innovator", "other_innovator", "hin", "ics"]),
        "owner": st.sampled_from(Cast.KINDS),
        "collaborators": st.sets(st.sampled_from(Cast.KINDS), max_size=2),
        "supporter": st.sampled_from(HINS),
        "is_supported": st.booleans(),
        "broker": st.sampled_from([None, *HINS]),
        "is_brokered": st.booleans(),
    }
)


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wanted=st.lists(introductions, min_size=1, max_size=3))
def test_the_policy_and_the_query_agree_about_every_introduction_message_and_person(
    session: Session, cast: Cast, wanted: list[dict[str, Any]]
) -> None:
    with session.begin_nested() as attempt:
        rows = [_introduction(cast, **values) for values in wanted]
        ids = [row.id for row in rows]
        session.expire_all()
        concerned = {row.id: queries.concerned_hin_ids(row) for row in rows}
        for actor in cast.every_actor():
            sides = {row.id: policy.sides_of(actor, row, concerned[row.id]) for row in rows}
            _compare_introductions(actor, ids, sides)
            _compare_messages(actor, ids, sides)
        attempt.rollback()


def _compare_introductions(actor: Actor, ids: list[int], sides: dict[int, policy.Sides]) -> None:
    found = db.session.scalars(
        select(Introduction.id).where(Introduction.id.in_(ids), queries.visible_to(actor))
    ).all()
    assert set(found) == {id_ for id_ in ids if sides[id_]}, f"for {actor}"


def _compare_messages(actor: Actor, ids: list[int], sides: dict[int, policy.Sides]) -> None:
    found = db.session.execute(
        select(Introduction.id, IntroductionMessage.circle)
        .join(IntroductionMessage, IntroductionMessage.thread_id == Introduction.id)
        .where(Introduction.id.in_(ids), readable(actor))
    ).all()
    expected = {(id_, circle) for id_ in ids for circle in policy.circles_read(sides[id_])}
    assert {(row[0], row[1]) for row in found} == expected, f"for {actor}"


def _introduction(
    cast: Cast,
    *,
    ics: str,
    maker: str,
    owner: str,
    collaborators: set[str],
    supporter: str,
    is_supported: bool,
    broker: str | None,
    is_brokered: bool,
) -> Introduction:
    hin = makers.hin(supporter)
    record = makers.innovation(of=getattr(cast, maker), owner=getattr(cast, owner).user, hin=hin)
    engagement = engagement_of(record.id, hin.id)
    if engagement and not is_supported:
        engagement.state = EngagementState.CLOSED
    for kind in collaborators:
        makers.collaborator(record, getattr(cast, kind).user)
    person = getattr(cast, ics)
    introduction = makers.put(
        Introduction(
            innovation=record,
            organisation=person.organisation,
            ics_id=person.organisation.ics_id,
            asked_by=person.user,
            purpose="To talk.",
            timescale=Timescale.MONTH,
            takes_part="Us",
            state=State.BROKERED if is_brokered else State.REQUESTED,
            broker_hin=makers.hin(broker) if broker else None,
            brokered_at=now() - timedelta(days=1) if is_brokered else None,
        )
    )
    for circle in Circle:
        makers.put(
            IntroductionMessage(
                thread_id=introduction.id,
                circle=circle,
                by=person.user,
                organisation=person.organisation,
                body=circle.value,
            )
        )
    return introduction

"""Logging what was done with whom: hours, corrections, and what a spent level asks."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import Audience, AuditEvent
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.reference.models import Vocabulary
from portal.support import policy, queries
from portal.support.models import (
    BudgetAnswer,
    BudgetAsk,
    Engagement,
    EngagementState,
    InteractionEvent,
    InteractionKind,
)
from portal.support.queries import interactions as reading
from portal.support.rules.interactions import allowed_quarters, hours_words, shares
from portal.support.services import engagements
from portal.support.services.interactions import Contact, correct, edit, log
from tests import makers
from tests.cast import Cast, Person
from tests.support.conftest import THURSDAY, close, engage, inbox

DAY = THURSDAY.date()
NEXT_QUARTER = datetime(2026, 7, 1, 9, tzinfo=UTC)
SECRET = "Their chief executive is about to leave"


def contact(**values: Any) -> Contact:
    kinds = [makers.term(Vocabulary.SUPPORT_KIND, "EVIDENCE").id]
    told = {"kind": InteractionKind.CALL, "on": DAY, "quarters": 4, "kind_ids": kinds}
    return Contact(**{**told, **values})


def logged(engagement: Engagement, cast: Cast, *, at: datetime = THURSDAY, **values: Any) -> Any:
    return log(engagements=[engagement], contact=contact(**values), by=cast.hin.actor, at=at)


def asks(session: Session, engagement: Engagement) -> list[BudgetAsk]:
    rows = select(BudgetAsk).where(BudgetAsk.engagement_id == engagement.id)
    return list(session.scalars(rows.order_by(BudgetAsk.id)))


@pytest.fixture
def at_level_1(clock: Callable[..., None], picked_up: Engagement, cast: Cast) -> Engagement:
    return engage(picked_up, cast.hin, level=1)


def second_case(cast: Cast, name: str = "Walk Well") -> Engagement:
    record = makers.innovation(name, of=cast.other_innovator)
    found = queries.engagement_of(record.id, cast.hin.actor.hin_id)
    assert found is not None
    return found


# Logging


def test_a_contact_has_its_people_kinds_and_hours(at_level_1: Engagement, cast: Cast) -> None:
    trust = makers.organisation("Coventry Hospitals")
    event = logged(
        at_level_1,
        cast,
        note="They will send the protocol",
        people=["Dr Ann Lee, respiratory consultant"],
        organisations=["coventry hospitals", "A patient group"],
        next_step="Read the protocol",
        next_on=date(2026, 4, 20),
    )
    assert [(p.name, p.is_organisation) for p in event.participants] == [
        ("Hana West", False),
        ("Dr Ann Lee, respiratory consultant", False),
        ("coventry hospitals", True),
        ("A patient group", True),
    ]
    assert [p.organisation_id for p in event.participants][2:] == [trust.id, None]
    assert [kind.code for kind in event.kinds] == ["EVIDENCE"]
    assert reading.spent(at_level_1.id) == 4


def test_one_event_with_three_companies_is_one_contact(at_level_1: Engagement, cast: Cast) -> None:
    others = [second_case(cast), second_case(cast, "Sleep Sound")]
    told = contact(kind=InteractionKind.EVENT, title="Evidence day", quarters=8)
    event = log(engagements=[at_level_1, *others], contact=told, by=cast.hin.actor, at=THURSDAY)
    assert [share.quarters for share in event.shares] == [3, 3, 2]
    assert sum(share.quarters for share in event.shares) == event.quarters


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"quarters": 0}, "quarters"),
        ({"quarters": 49}, "quarters"),
        ({"on": DAY + timedelta(days=1)}, "on"),
        ({"kind_ids": []}, "kinds"),
        ({"next_on": DAY}, "next_step"),
    ],
)
def test_what_cannot_be_is_refused(
    at_level_1: Engagement, cast: Cast, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        logged(at_level_1, cast, **values)
    assert refusal.value.field == field


def test_an_event_with_many_companies_needs_its_name(at_level_1: Engagement, cast: Cast) -> None:
    told = contact(kind=InteractionKind.EVENT)
    with pytest.raises(Invalid, match="what the event was called"):
        log(
            engagements=[at_level_1, second_case(cast)],
            contact=told,
            by=cast.hin.actor,
            at=THURSDAY,
        )


def test_a_term_of_another_vocabulary_is_no_kind_of_support(
    at_level_1: Engagement, cast: Cast
) -> None:
    stage = makers.term(Vocabulary.DEVELOPMENT_STAGE, "READY")
    with pytest.raises(NotFound):
        logged(at_level_1, cast, kind_ids=[stage.id])


@pytest.mark.parametrize("person", ["innovator", "other_hin", "national", "ics", "administrator"])
def test_only_the_hins_own_people_log(at_level_1: Engagement, cast: Cast, person: str) -> None:
    by: Person = getattr(cast, person)
    with pytest.raises(Forbidden):
        log(engagements=[at_level_1], contact=contact(), by=by.actor, at=THURSDAY)


def test_people_of_another_network_are_no_colleagues(at_level_1: Engagement, cast: Cast) -> None:
    with pytest.raises(Invalid, match="people of your network"):
        logged(at_level_1, cast, colleague_ids=[cast.other_hin.user.id])


# Editing and correcting


def test_it_can_be_changed_while_its_quarter_lasts(
    at_level_1: Engagement, cast: Cast, session: Session
) -> None:
    event = logged(at_level_1, cast)
    last = datetime(2026, 6, 30, 22, 59, tzinfo=UTC)  # one minute to midnight in England
    edit(event=event, version=1, contact=contact(quarters=2), by=cast.hin.actor, at=last)
    assert (event.quarters, reading.spent(at_level_1.id)) == (2, 2)
    with pytest.raises(Conflict, match="changed after you opened"):
        edit(event=event, version=1, contact=contact(), by=cast.hin.actor, at=last)


def test_after_the_quarter_it_is_corrected_by_another_entry(
    at_level_1: Engagement, cast: Cast
) -> None:
    event = logged(at_level_1, cast)
    midnight = datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    with pytest.raises(Conflict, match="quarter is over"):
        edit(event=event, version=1, contact=contact(quarters=2), by=cast.hin.actor, at=midnight)
    entry = correct(
        event=event,
        contact=contact(quarters=6),
        why="It was longer",
        by=cast.hin.actor,
        at=midnight,
    )
    assert (event.quarters, entry.quarters, entry.corrects_id) == (4, 6, event.id)
    assert event.corrected_by is entry
    assert reading.spent(at_level_1.id) == 6, "only what corrects it counts"
    with pytest.raises(Conflict, match="corrected already"):
        correct(event=event, contact=contact(), why="Again", by=cast.hin.actor, at=midnight)
    correct(event=entry, contact=contact(quarters=1), why="No", by=cast.hin.actor, at=midnight)
    assert reading.spent(at_level_1.id) == 1


def test_a_correction_needs_a_closed_quarter_and_a_reason(
    at_level_1: Engagement, cast: Cast
) -> None:
    event = logged(at_level_1, cast)
    with pytest.raises(Conflict, match="still lasts"):
        correct(event=event, contact=contact(), why="x", by=cast.hin.actor, at=THURSDAY)
    with pytest.raises(Invalid, match="why it is corrected"):
        correct(event=event, contact=contact(), why="", by=cast.hin.actor, at=NEXT_QUARTER)


def test_a_day_cannot_be_moved_into_a_quarter_that_is_over(
    at_level_1: Engagement, cast: Cast
) -> None:
    event = logged(at_level_1, cast)
    told = contact(on=date(2026, 3, 31))
    with pytest.raises(Invalid, match="quarter of today"):
        edit(event=event, version=1, contact=told, by=cast.hin.actor, at=THURSDAY)


def test_what_was_withdrawn_counts_nowhere(at_level_1: Engagement, cast: Cast) -> None:
    event = logged(at_level_1, cast)
    edit(event=event, version=1, contact=contact(), is_void=True, by=cast.hin.actor, at=THURSDAY)
    assert reading.spent(at_level_1.id) == 0


def test_another_network_changes_nothing(at_level_1: Engagement, cast: Cast) -> None:
    event = logged(at_level_1, cast)
    with pytest.raises(Forbidden):
        edit(event=event, version=1, contact=contact(), by=cast.other_hin.actor, at=THURSDAY)
    with pytest.raises(Forbidden):
        correct(event=event, contact=contact(), why="x", by=cast.national.actor, at=NEXT_QUARTER)
    with pytest.raises(NotFound):
        reading.interaction_for(cast.other_hin.actor, event.id)


# Levels are budgets


def test_the_hours_of_a_level_may_be_used_up_but_not_passed(
    at_level_1: Engagement, cast: Cast, session: Session
) -> None:
    logged(at_level_1, cast, quarters=16)
    assert asks(session, at_level_1) == []
    logged(at_level_1, cast, quarters=1)
    logged(at_level_1, cast, quarters=1)
    (ask,) = asks(session, at_level_1)
    assert (ask.level, ask.allowed, ask.spent, ask.answer) == (1, 16, 17, None)
    told = [s for s in inbox(session, cast.hin.user) if s.startswith("The hours of level 1")]
    assert told == ["The hours of level 1 are spent: Breathe Easy"], "the lead is told once"


def test_moving_up_answers_and_the_next_level_asks_again(
    at_level_1: Engagement, cast: Cast, session: Session
) -> None:
    logged(at_level_1, cast, quarters=17)
    engagements.change_level(
        engagement=at_level_1,
        version=at_level_1.version,
        level=2,
        why="They need an evaluation plan",
        by=cast.hin.actor,
    )
    (ask,) = asks(session, at_level_1)
    assert (ask.answer, ask.why) == (BudgetAnswer.LEVEL, "They need an evaluation plan")
    logged(at_level_1, cast, quarters=31)
    assert len(asks(session, at_level_1)) == 1, "twelve hours in all fit level 2"
    logged(at_level_1, cast, quarters=1)
    assert asks(session, at_level_1)[1].allowed == 48


def test_levels_3_and_4_never_ask(at_level_1: Engagement, cast: Cast, session: Session) -> None:
    at_level_1.level = 3
    for _ in range(5):
        logged(at_level_1, cast, quarters=48)
    assert asks(session, at_level_1) == []


def test_carrying_on_is_dated_with_its_reason_and_asks_again_later(
    at_level_1: Engagement, cast: Cast, session: Session
) -> None:
    logged(at_level_1, cast, quarters=18)
    with pytest.raises(Invalid, match="why it carries on"):
        _carry_on(at_level_1, cast, "")
    _carry_on(at_level_1, cast, "One more call will do")
    (ask,) = asks(session, at_level_1)
    assert (ask.answer, ask.why, ask.spent) == (
        BudgetAnswer.CARRIED_ON,
        "One more call will do",
        18,
    )
    assert ask.answered_at is not None
    assert ask.answered_by_id == cast.hin.user.id
    with pytest.raises(Conflict):
        _carry_on(at_level_1, cast, "Nothing is asked now")
    logged(at_level_1, cast, quarters=16)
    assert len(asks(session, at_level_1)) == 1
    logged(at_level_1, cast, quarters=1)
    assert asks(session, at_level_1)[1].allowed == 34


def _carry_on(engagement: Engagement, cast: Cast, why: str) -> None:
    engagements.carry_on(
        engagement=engagement, version=engagement.version, why=why, by=cast.hin.actor
    )


def test_closing_answers(at_level_1: Engagement, cast: Cast, session: Session) -> None:
    logged(at_level_1, cast, quarters=17)
    close(at_level_1, cast.hin)
    (ask,) = asks(session, at_level_1)
    assert ask.answer is BudgetAnswer.CLOSED
    assert at_level_1.state is EngagementState.CLOSED


def test_hours_put_right_take_the_question_back(
    at_level_1: Engagement, cast: Cast, session: Session
) -> None:
    event = logged(at_level_1, cast, quarters=40)
    edit(event=event, version=1, contact=contact(quarters=4), by=cast.hin.actor, at=THURSDAY)
    (ask,) = asks(session, at_level_1)
    assert ask.answer is BudgetAnswer.FITS


def test_hours_logged_before_engaging_count_when_the_level_is_set(
    clock: Callable[..., None], picked_up: Engagement, cast: Cast, session: Session
) -> None:
    logged(picked_up, cast, quarters=20)
    assert asks(session, picked_up) == []
    engage(picked_up, cast.hin, level=1)
    assert [ask.spent for ask in asks(session, picked_up)] == [20]


# Words and shares


def test_hours_in_words() -> None:
    words = [hours_words(n) for n in (0, 1, 4, 5, 10, 48)]
    assert words == [
        "0 minutes",
        "15 minutes",
        "1 hour",
        "1 hour 15 minutes",
        "2 hours 30 minutes",
        "12 hours",
    ]


def test_shares_always_add_up() -> None:
    for quarters in range(49):
        for count in range(1, 25):
            found = shares(quarters, count)
            assert sum(found) == quarters
            assert max(found) - min(found) <= 1


def test_a_level_without_hours_allows_any() -> None:
    assert allowed_quarters(None, 40) is None
    assert allowed_quarters(16, None) == 16
    assert allowed_quarters(16, 20) == 36


# Who may read


def test_the_rule_of_reading_is_the_same_in_sql(
    at_level_1: Engagement, cast: Cast, session: Session
) -> None:
    for is_private in (True, False):
        logged(at_level_1, cast, is_private=is_private)
    events = session.scalars(select(InteractionEvent)).all()
    for actor in cast.every_actor():
        found = set(session.scalars(select(InteractionEvent).where(reading.readable_by(actor))))
        assert found == {e for e in events if policy.can_read_interaction(actor, e)}, actor


def test_the_audit_trail_never_holds_the_words(
    at_level_1: Engagement, cast: Cast, session: Session
) -> None:
    told = contact(note=SECRET, next_step=SECRET, people=[SECRET], organisations=[SECRET])
    event = log(engagements=[at_level_1], contact=told, by=cast.hin.actor, at=THURSDAY)
    edit(event=event, version=1, contact=told, by=cast.hin.actor, at=THURSDAY)
    correct(event=event, contact=told, why=SECRET, by=cast.hin.actor, at=NEXT_QUARTER)
    told_of = AuditEvent.action.startswith("interaction.")
    lines = session.scalars(select(AuditEvent).where(told_of).order_by(AuditEvent.id)).all()
    assert [line.summary for line in lines] == [
        "logged a call of 1 hour",
        "changed a call of 1 hour",
        "corrected a call of 1 hour",
    ]
    assert {line.audience for line in lines} == {Audience.PRIVATE}
    assert SECRET not in repr([line.changes for line in session.scalars(select(AuditEvent))])

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
    Interaction,
    InteractionKind,
)
from portal.support.queries import interactions as reading
from portal.support.rules.interactions import allowed_minutes, hours_words, shares
from portal.support.services import engagements
from portal.support.services.interactions import InteractionDetails, correct, edit, log
from tests import makers
from tests.cast import Cast, Person
from tests.support.conftest import THURSDAY, close, engage, inbox

DAY = THURSDAY.date()
NEXT_QUARTER = datetime(2026, 7, 1, 9, tzinfo=UTC)
SECRET = "Their chief executive is about to leave"


def details(**values: Any) -> InteractionDetails:
    kinds = [makers.term(Vocabulary.SUPPORT_KIND, "EVIDENCE").id]
    told = {"kind": InteractionKind.CALL, "on": DAY, "minutes": 60, "kind_ids": kinds}
    return InteractionDetails(**{**told, **values})


def logged(engagement: Engagement, cast: Cast, *, at: datetime = THURSDAY, **values: Any) -> Any:
    return log(engagements=[engagement], details=details(**values), by=cast.hin.actor, at=at)


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
    interaction = logged(
        at_level_1,
        cast,
        note="They will send the protocol",
        people=["Dr Ann Lee, respiratory consultant"],
        organisations=["coventry hospitals", "A patient group"],
        next_step="Read the protocol",
        next_on=date(2026, 4, 20),
    )
    assert [(p.name, p.is_organisation) for p in interaction.participants] == [
        ("Hana West", False),
        ("Dr Ann Lee, respiratory consultant", False),
        ("coventry hospitals", True),
        ("A patient group", True),
    ]
    assert [p.organisation_id for p in interaction.participants][2:] == [trust.id, None]
    assert [kind.code for kind in interaction.kinds] == ["EVIDENCE"]
    assert reading.spent(at_level_1.id) == 60


def test_one_event_with_three_companies_is_one_interaction(
    at_level_1: Engagement, cast: Cast
) -> None:
    others = [second_case(cast), second_case(cast, "Sleep Sound")]
    told = details(kind=InteractionKind.EVENT, title="Evidence day", minutes=120)
    interaction = log(
        engagements=[at_level_1, *others], details=told, by=cast.hin.actor, at=THURSDAY
    )
    assert [share.minutes for share in interaction.shares] == [45, 45, 30]
    assert sum(share.minutes for share in interaction.shares) == interaction.minutes


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 735}, "minutes"),
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
    told = details(kind=InteractionKind.EVENT)
    with pytest.raises(Invalid, match="what the event was called"):
        log(
            engagements=[at_level_1, second_case(cast)],
            details=told,
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
        log(engagements=[at_level_1], details=details(), by=by.actor, at=THURSDAY)


def test_people_of_another_network_are_no_colleagues(at_level_1: Engagement, cast: Cast) -> None:
    with pytest.raises(Invalid, match="people of your network"):
        logged(at_level_1, cast, colleague_ids=[cast.other_hin.user.id])


# Editing and correcting


def test_it_can_be_changed_while_its_quarter_lasts(
    at_level_1: Engagement, cast: Cast, session: Session
) -> None:
    interaction = logged(at_level_1, cast)
    last = datetime(2026, 6, 30, 22, 59, tzinfo=UTC)  # one minute to midnight in England
    edit(
        interaction=interaction, version=1, details=details(minutes=30), by=cast.hin.actor, at=last
    )
    assert (interaction.minutes, reading.spent(at_level_1.id)) == (30, 30)
    with pytest.raises(Conflict, match="changed after you opened"):
        edit(interaction=interaction, version=1, details=details(), by=cast.hin.actor, at=last)


def test_after_the_quarter_it_is_corrected_by_another_entry(
    at_level_1: Engagement, cast: Cast
) -> None:
    interaction = logged(at_level_1, cast)
    midnight = datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    with pytest.raises(Conflict, match="quarter is over"):
        edit(
            interaction=interaction,
            version=1,
            details=details(minutes=30),
            by=cast.hin.actor,
            at=midnight,
        )
    correction = correct(
        interaction=interaction,
        details=details(minutes=90),
        why="It was longer",
        by=cast.hin.actor,
        at=midnight,
    )
    assert (interaction.minutes, correction.minutes, correction.corrects_id) == (
        60,
        90,
        interaction.id,
    )
    assert interaction.corrected_by is correction
    assert reading.spent(at_level_1.id) == 90, "only what corrects it counts"
    with pytest.raises(Conflict, match="corrected already"):
        correct(
            interaction=interaction, details=details(), why="Again", by=cast.hin.actor, at=midnight
        )
    correct(
        interaction=correction,
        details=details(minutes=15),
        why="No",
        by=cast.hin.actor,
        at=midnight,
    )
    assert reading.spent(at_level_1.id) == 15


def test_a_correction_needs_a_closed_quarter_and_a_reason(
    at_level_1: Engagement, cast: Cast
) -> None:
    interaction = logged(at_level_1, cast)
    with pytest.raises(Conflict, match="still lasts"):
        correct(interaction=interaction, details=details(), why="x", by=cast.hin.actor, at=THURSDAY)
    with pytest.raises(Invalid, match="why it is corrected"):
        correct(
            interaction=interaction, details=details(), why="", by=cast.hin.actor, at=NEXT_QUARTER
        )


def test_a_day_cannot_be_moved_into_a_quarter_that_is_over(
    at_level_1: Engagement, cast: Cast
) -> None:
    interaction = logged(at_level_1, cast)
    told = details(on=date(2026, 3, 31))
    with pytest.raises(Invalid, match="quarter of today"):
        edit(interaction=interaction, version=1, details=told, by=cast.hin.actor, at=THURSDAY)


def test_what_was_withdrawn_counts_nowhere(at_level_1: Engagement, cast: Cast) -> None:
    interaction = logged(at_level_1, cast)
    edit(
        interaction=interaction,
        version=1,
        details=details(),
        is_void=True,
        by=cast.hin.actor,
        at=THURSDAY,
    )
    assert reading.spent(at_level_1.id) == 0


def test_another_network_changes_nothing(at_level_1: Engagement, cast: Cast) -> None:
    interaction = logged(at_level_1, cast)
    with pytest.raises(Forbidden):
        edit(
            interaction=interaction,
            version=1,
            details=details(),
            by=cast.other_hin.actor,
            at=THURSDAY,
        )
    with pytest.raises(Forbidden):
        correct(
            interaction=interaction,
            details=details(),
            why="x",
            by=cast.national.actor,
            at=NEXT_QUARTER,
        )
    with pytest.raises(NotFound):
        reading.interaction_for(cast.other_hin.actor, interaction.id)


# Levels are budgets


def test_the_hours_of_a_level_may_be_used_up_but_not_passed(
    at_level_1: Engagement, cast: Cast, session: Session
) -> None:
    logged(at_level_1, cast, minutes=240)
    assert asks(session, at_level_1) == []
    logged(at_level_1, cast, minutes=15)
    logged(at_level_1, cast, minutes=15)
    (ask,) = asks(session, at_level_1)
    assert (ask.level, ask.allowed, ask.spent, ask.answer) == (1, 240, 255, None)
    told = [s for s in inbox(session, cast.hin.user) if s.startswith("The hours of level 1")]
    assert told == ["The hours of level 1 are spent: Breathe Easy"], "the lead is told once"


def test_moving_up_answers_and_the_next_level_asks_again(
    at_level_1: Engagement, cast: Cast, session: Session
) -> None:
    logged(at_level_1, cast, minutes=255)
    engagements.change_level(
        engagement=at_level_1,
        version=at_level_1.version,
        level=2,
        why="They need an evaluation plan",
        by=cast.hin.actor,
    )
    (ask,) = asks(session, at_level_1)
    assert (ask.answer, ask.why) == (BudgetAnswer.LEVEL, "They need an evaluation plan")
    logged(at_level_1, cast, minutes=465)
    assert len(asks(session, at_level_1)) == 1, "twelve hours in all fit level 2"
    logged(at_level_1, cast, minutes=15)
    assert asks(session, at_level_1)[1].allowed == 720


def test_levels_3_and_4_never_ask(at_level_1: Engagement, cast: Cast, session: Session) -> None:
    at_level_1.level = 3
    for _ in range(5):
        logged(at_level_1, cast, minutes=720)
    assert asks(session, at_level_1) == []


def test_carrying_on_is_dated_with_its_reason_and_asks_again_later(
    at_level_1: Engagement, cast: Cast, session: Session
) -> None:
    logged(at_level_1, cast, minutes=270)
    with pytest.raises(Invalid, match="why it carries on"):
        _carry_on(at_level_1, cast, "")
    _carry_on(at_level_1, cast, "One more call will do")
    (ask,) = asks(session, at_level_1)
    assert (ask.answer, ask.why, ask.spent) == (
        BudgetAnswer.CARRIED_ON,
        "One more call will do",
        270,
    )
    assert ask.answered_at is not None
    assert ask.answered_by_id == cast.hin.user.id
    with pytest.raises(Conflict):
        _carry_on(at_level_1, cast, "Nothing is asked now")
    logged(at_level_1, cast, minutes=240)
    assert len(asks(session, at_level_1)) == 1
    logged(at_level_1, cast, minutes=15)
    assert asks(session, at_level_1)[1].allowed == 510


def _carry_on(engagement: Engagement, cast: Cast, why: str) -> None:
    engagements.carry_on(
        engagement=engagement, version=engagement.version, why=why, by=cast.hin.actor
    )


def test_closing_answers(at_level_1: Engagement, cast: Cast, session: Session) -> None:
    logged(at_level_1, cast, minutes=255)
    close(at_level_1, cast.hin)
    (ask,) = asks(session, at_level_1)
    assert ask.answer is BudgetAnswer.CLOSED
    assert at_level_1.state is EngagementState.CLOSED


def test_hours_put_right_take_the_question_back(
    at_level_1: Engagement, cast: Cast, session: Session
) -> None:
    interaction = logged(at_level_1, cast, minutes=600)
    edit(
        interaction=interaction,
        version=1,
        details=details(minutes=60),
        by=cast.hin.actor,
        at=THURSDAY,
    )
    (ask,) = asks(session, at_level_1)
    assert ask.answer is BudgetAnswer.FITS


def test_hours_logged_before_engaging_count_when_the_level_is_set(
    clock: Callable[..., None], picked_up: Engagement, cast: Cast, session: Session
) -> None:
    logged(picked_up, cast, minutes=300)
    assert asks(session, picked_up) == []
    engage(picked_up, cast.hin, level=1)
    assert [ask.spent for ask in asks(session, picked_up)] == [300]


# Words and shares


def test_hours_in_words() -> None:
    words = [hours_words(n) for n in (0, 15, 60, 75, 150, 720)]
    assert words == [
        "0 minutes",
        "15 minutes",
        "1 hour",
        "1 hour 15 minutes",
        "2 hours 30 minutes",
        "12 hours",
    ]


def test_shares_always_add_up() -> None:
    for minutes in range(0, 721, 15):
        for count in range(1, 25):
            found = shares(minutes, count)
            assert sum(found) == minutes
            assert max(found) - min(found) <= 15


def test_a_level_without_hours_allows_any() -> None:
    assert allowed_minutes(None, 600) is None
    assert allowed_minutes(240, None) == 240
    assert allowed_minutes(240, 300) == 540


# Who may read


def test_the_rule_of_reading_is_the_same_in_sql(
    at_level_1: Engagement, cast: Cast, session: Session
) -> None:
    for is_private in (True, False):
        logged(at_level_1, cast, is_private=is_private)
    interactions = session.scalars(select(Interaction)).all()
    for actor in cast.every_actor():
        found = set(session.scalars(select(Interaction).where(reading.readable_by(actor))))
        assert found == {e for e in interactions if policy.can_read_interaction(actor, e)}, actor


def test_the_audit_trail_never_holds_the_words(
    at_level_1: Engagement, cast: Cast, session: Session
) -> None:
    told = details(note=SECRET, next_step=SECRET, people=[SECRET], organisations=[SECRET])
    event = log(engagements=[at_level_1], details=told, by=cast.hin.actor, at=THURSDAY)
    edit(interaction=event, version=1, details=told, by=cast.hin.actor, at=THURSDAY)
    correct(interaction=event, details=told, why=SECRET, by=cast.hin.actor, at=NEXT_QUARTER)
    told_of = AuditEvent.action.startswith("interaction.")
    lines = session.scalars(select(AuditEvent).where(told_of).order_by(AuditEvent.id)).all()
    assert [line.summary for line in lines] == [
        "logged a call of 1 hour",
        "changed a call of 1 hour",
        "corrected a call of 1 hour",
    ]
    assert {line.audience for line in lines} == {Audience.PRIVATE}
    assert SECRET not in repr([line.changes for line in session.scalars(select(AuditEvent))])

"""Due dates: who is reminded of them, when they do not hold, and how their length is set."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.audit.models import AuditEvent
from portal.clock import today
from portal.errors import Conflict, Forbidden, Invalid
from portal.jobs import TASKS
from portal.reference.models import DeadlineKind
from portal.reference.queries import bank_holidays, due_on
from portal.reference.rules import working_days_after
from portal.support.models import DueDateReminder, Engagement, EngagementState, InteractionKind
from portal.support.models.due_dates import Exemption, ReminderKind
from portal.support.queries.due_dates import to_remind
from portal.support.rules.due_dates import reminders_due
from portal.support.services.due_dates import exempt
from portal.support.services.engagements import change_level
from portal.support.services.interactions import InteractionDetails, edit, log
from tests import makers
from tests.cast import Cast, Person
from tests.support.conftest import inbox


@pytest.fixture
def colleague(cast: Cast) -> Person:
    """Wes Field of West Midlands, who leads nothing and is no lead."""
    user = makers.user("Wes Field")
    return Person(user, makers.membership(user, cast.hin.organisation, Role.HIN))


def _remind(session: Session) -> None:
    TASKS["support.remind"](lambda *_: None)
    session.flush()


def _due(engagement: Engagement, session: Session, day: date) -> None:
    engagement.due_on = day
    session.flush()


def _weekdays_ago(count: int) -> date:
    """The newest day with so many working days after it, up to today."""
    day = today()
    while working_days_after(day, count, bank_holidays()) > today():
        day -= timedelta(days=1)
    return day


def test_the_owner_is_reminded_the_working_day_before_and_never_twice(
    session: Session, picked_up: Engagement, cast: Cast
) -> None:
    _due(picked_up, session, working_days_after(today(), 1, bank_holidays()))
    for _ in range(3):
        _remind(session)
    found = [s for s in inbox(session, cast.hin.user) if s.startswith("Decide by")]
    assert len(found) == 1


def test_nobody_is_reminded_earlier(session: Session, picked_up: Engagement, cast: Cast) -> None:
    before = inbox(session, cast.hin.user)
    _due(picked_up, session, working_days_after(today(), 3, bank_holidays()))
    _remind(session)
    assert inbox(session, cast.hin.user) == before


def test_after_the_day_first_the_owner_is_told_and_then_the_lead(
    session: Session, picked_up: Engagement, cast: Cast, colleague: Person
) -> None:
    picked_up.lead = colleague.user
    leads_before = inbox(session, cast.hin.user)
    _due(picked_up, session, _weekdays_ago(1))
    _remind(session)
    assert [s for s in inbox(session, colleague.user) if s.startswith("Overdue since")]
    assert inbox(session, cast.hin.user) == leads_before
    _due(picked_up, session, _weekdays_ago(4))
    _remind(session)
    _remind(session)
    escalated = [s for s in inbox(session, cast.hin.user) if s.startswith("Still overdue")]
    assert len(escalated) == 1
    assert not [s for s in inbox(session, colleague.user) if s.startswith("Still overdue")]


def test_nobody_leads_it_so_the_leads_are_reminded(
    session: Session, engagement: Engagement, cast: Cast, colleague: Person
) -> None:
    _due(engagement, session, _weekdays_ago(1))
    _remind(session)
    assert [s for s in inbox(session, cast.hin.user) if s.startswith("Overdue since")]
    assert inbox(session, colleague.user) == []


def test_who_left_the_network_is_not_reminded(
    session: Session, picked_up: Engagement, cast: Cast, colleague: Person
) -> None:
    picked_up.lead = colleague.user
    session.delete(colleague.membership)
    _due(picked_up, session, _weekdays_ago(1))
    _remind(session)
    assert inbox(session, colleague.user) == []
    assert [s for s in inbox(session, cast.hin.user) if s.startswith("Overdue since")]


def test_a_new_day_is_reminded_of_anew(session: Session, picked_up: Engagement, cast: Cast) -> None:
    for shift in (1, 2):
        _due(picked_up, session, _weekdays_ago(shift))
        _remind(session)
    rows = session.scalars(select(DueDateReminder.due_on)).all()
    assert len(set(rows)) == 2


def test_the_same_reminder_cannot_be_stored_twice(
    session: Session, picked_up: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker wrote the row after this one had looked."""
    _due(picked_up, session, _weekdays_ago(1))
    wanted = to_remind(today())
    _remind(session)
    monkeypatch.setattr("portal.support.tasks.to_remind", lambda _day: wanted)
    before = session.scalar(select(func.count(DueDateReminder.id)))
    _remind(session)
    assert session.scalar(select(func.count(DueDateReminder.id))) == before


def test_closed_cases_and_cases_without_a_day_are_left_alone(
    session: Session, picked_up: Engagement
) -> None:
    _due(picked_up, session, _weekdays_ago(4))
    picked_up.state = EngagementState.CLOSED
    session.flush()
    assert to_remind(today()) == []


@pytest.mark.parametrize(
    ("shift", "kinds"),
    [
        (-6, set()),
        (-5, {ReminderKind.BEFORE}),
        (0, {ReminderKind.BEFORE}),
        (2, {ReminderKind.AFTER}),
        (3, {ReminderKind.AFTER, ReminderKind.LEAD}),
    ],
)
def test_an_update_is_reminded_of_a_week_before(shift: int, kinds: set[ReminderKind]) -> None:
    holidays = {date(2026, 12, 25)}
    due, days = date(2026, 6, 10), [date(2026, 6, 1) + timedelta(days=n) for n in range(20)]
    working = [day for day in days if day.weekday() < 5]
    day = working[working.index(due) + shift]
    assert set(reminders_due(EngagementState.ENGAGING, due, day, holidays)) == kinds


# Updates


def _call(days_ago: int) -> InteractionDetails:
    kind = makers.term_of_support().id
    on = today() - timedelta(days=days_ago)
    return InteractionDetails(kind=InteractionKind.CALL, on=on, minutes=30, kind_ids=[kind])


def test_a_contact_moves_the_due_date_of_an_update(
    session: Session, engaging: Engagement, cast: Cast
) -> None:
    for change in (*engaging.changes, *engaging.levels):
        change.at -= timedelta(days=100)
    engaging.opened_at -= timedelta(days=120)
    session.flush()
    version = engaging.version
    log(engagements=[engaging], details=_call(20), by=cast.hin.actor)
    older = due_on(DeadlineKind.UPDATE, today() - timedelta(days=20))
    assert engaging.due_on == older
    interaction = log(engagements=[engaging], details=_call(0), by=cast.hin.actor)
    assert engaging.due_on == due_on(DeadlineKind.UPDATE, today())
    edit(
        interaction=interaction,
        version=interaction.version,
        details=_call(0),
        is_void=True,
        by=cast.hin.actor,
    )
    session.refresh(engaging)
    assert (engaging.due_on, engaging.version) == (older, version), "a log overtakes no decision"


def test_a_new_level_is_an_update(engaging: Engagement, cast: Cast, session: Session) -> None:
    engaging.due_on = today() - timedelta(days=9)
    session.flush()
    change_level(
        engagement=engaging, version=engaging.version, level=3, why="More", by=cast.hin.actor
    )
    assert engaging.due_on == due_on(DeadlineKind.UPDATE, today())


# Exemptions


def _exempt(engagement: Engagement, person: Person, **words: object) -> Exemption:
    told = {"why": "Their clinical lead is away", "version": engagement.version, **words}
    return exempt(engagement=engagement, by=person.actor, **told)


def test_an_exemption_is_dated_audited_shown_and_told(
    as_, session: Session, picked_up: Engagement, cast: Cast
) -> None:
    promised, until = picked_up.due_on, today() + timedelta(days=40)
    found = _exempt(picked_up, cast.hin, until=until)
    assert (found.due_on, found.until, picked_up.due_on) == (promised, until, until)
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "engagement.exempted")
    ).one()
    assert event.actor_id == cast.hin.user.id
    assert event.changes["due_on"] == [promised.isoformat(), until.isoformat()]
    assert inbox(session, cast.innovator.user)[-1].startswith("A new date for")
    page = as_(cast.innovator).get(f"/innovations/{picked_up.innovation_id}/support").text
    assert "Their clinical lead is away" in page


def test_what_is_exempted_is_neither_overdue_nor_reminded_of(
    as_, session: Session, picked_up: Engagement, cast: Cast
) -> None:
    _due(picked_up, session, _weekdays_ago(4))
    _exempt(picked_up, cast.hin)
    assert to_remind(today()) == []
    assert "Breathe Easy" not in as_(cast.hin).get("/support?queue=overdue").text


def test_only_a_lead_of_the_network_exempts(
    picked_up: Engagement, cast: Cast, colleague: Person
) -> None:
    for person in (colleague, cast.other_hin, cast.national, cast.innovator):
        with pytest.raises(Forbidden):
            _exempt(picked_up, person)


def test_an_exemption_needs_a_reason_a_future_and_a_due_date(
    session: Session, picked_up: Engagement, cast: Cast
) -> None:
    with pytest.raises(Invalid, match="why"):
        _exempt(picked_up, cast.hin, why="")
    with pytest.raises(Invalid, match="future"):
        _exempt(picked_up, cast.hin, until=today())
    _due(picked_up, session, None)
    with pytest.raises(Conflict, match="There is no due date"):
        _exempt(picked_up, cast.hin)


def test_two_leads_at_once_the_second_reads_what_the_first_did_and_loses_no_text(
    as_, session: Session, picked_up: Engagement, cast: Cast
) -> None:
    seen = picked_up.version
    _exempt(picked_up, cast.hin)
    session.commit()
    page = as_(cast.hin).post(
        f"/innovations/{picked_up.innovation_id}/support/exempt",
        data={"version": seen, "why": "My own long reason"},
    )
    assert page.status_code == 409
    assert "Hana West" in page.text
    assert "Exempted from the due date" in page.text
    assert "My own long reason" in page.text

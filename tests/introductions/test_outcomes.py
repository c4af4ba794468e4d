"""They meet, what came of it is asked for, and a trial or adoption shows on the record."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.clock import now, today
from portal.errors import Forbidden, Invalid
from portal.innovations.models import Innovation, Section, SectionCopy, Use
from portal.innovations.sections.answers import version_of, version_of_all
from portal.innovations.services.drafts import save_draft
from portal.innovations.services.submission import submit
from portal.introductions.models import Ending, Introduction, Outcome, Reminder, State
from portal.introductions.rules import next_ask
from portal.introductions.services import outcomes
from portal.introductions.tasks import remind_all
from portal.notifications.models import Notification
from portal.proof.queries import facts
from portal.proof.rules.proven import in_use
from tests.cast import Cast
from tests.introductions.conftest import at, end, inbox

ASKED = "What came of it?"


def test_either_party_or_the_broker_says_when_they_met(
    as_, cast: Cast, agreed: Introduction, session: Session
) -> None:
    path = f"/introductions/{agreed.id}/met"
    day = today()
    data = {"version": agreed.version, "on-day": day.day, "on-month": day.month}
    answer = as_(cast.innovator).post(path, data={**data, "on-year": day.year})
    assert answer.status_code == 302
    session.refresh(agreed)
    assert (agreed.state, agreed.met_on) == (State.MET, day)
    assert agreed.due_on == day + timedelta(days=30)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_meeting_lies_between_the_agreement_and_today(
    cast: Cast, agreed: Introduction, days: int
) -> None:
    with pytest.raises(Invalid):
        outcomes.meet(
            introduction=agreed,
            version=agreed.version,
            on=today() + timedelta(days=days),
            by=cast.ics.actor,
        )


def test_a_trial_shows_on_the_record_as_confirmed_by_the_ics(
    as_, cast: Cast, met: Introduction, record: Innovation, session: Session
) -> None:
    day = today()
    data = {
        "version": met.version,
        "outcome": "trial",
        "organisation": cast.ics.organisation.id,
        "site": "Ward 7",
        "from_on-day": day.day,
        "from_on-month": day.month,
        "from_on-year": day.year,
    }
    answer = as_(cast.ics).post(f"/introductions/{met.id}/outcome", data=data)
    assert answer.status_code == 302
    page = as_(cast.innovator).get(f"/innovations/{record.id}/use").text
    assert "Ward 7" in page
    assert "Trial" in page
    assert f"by {cast.ics.organisation.name} after an introduction" in page
    session.refresh(met)
    assert (met.state, met.ending, met.outcome) == (State.ENDED, Ending.OUTCOME, Outcome.TRIAL)
    told = "Trial started: "
    assert any(line.startswith(told) for line in inbox(session, cast.innovator.user))


def test_a_trial_that_becomes_adoption_changes_its_line_and_then_counts_towards_proven(
    cast: Cast, met: Introduction, record: Innovation, session: Session
) -> None:
    end(met, cast.ics, Outcome.TRIAL)
    assert not in_use(facts(record, today())).is_met
    end(met, cast.ics, Outcome.ADOPTION)
    assert in_use(facts(record, today())).is_met
    (use,) = session.scalars(select(Use)).all()
    assert (use.is_trial, use.confirmed_on) == (False, today())


def test_the_line_stays_when_a_draft_that_was_begun_before_is_submitted(
    cast: Cast, met: Introduction, record: Innovation, session: Session
) -> None:
    mine = {"organisation": cast.other_ics.organisation.id, "site": "", "from_on": "2026-01-05"}
    record.copies.append(SectionCopy(section=Section.USE))
    session.flush()
    save_draft(
        innovation=record,
        section=Section.USE,
        answers={"items": [{"id": None, "until_on": None, **mine}]},
        version=version_of(record, Section.USE),
        by=cast.innovator.actor,
    )
    end(met, cast.ics, Outcome.ADOPTION)
    submit(innovation=record, version=version_of_all(record), by=cast.innovator.actor)
    names = {use.organisation.name for use in record.uses}
    assert names == {cast.ics.organisation.name, cast.other_ics.organisation.name}
    confirmed = {use.organisation.name for use in record.uses if use.confirmed_by_id}
    assert confirmed == {cast.ics.organisation.name}


def test_a_line_that_the_innovator_changes_is_no_longer_confirmed(
    cast: Cast, met: Introduction, record: Innovation, session: Session
) -> None:
    record.copies.append(SectionCopy(section=Section.USE))
    end(met, cast.ics, Outcome.ADOPTION)
    use = record.uses[0]
    line = {"id": use.id, "organisation": use.organisation_id, "site": "The whole county"}
    save_draft(
        innovation=record,
        section=Section.USE,
        answers={"items": [{**line, "from_on": use.from_on.isoformat(), "until_on": None}]},
        version=version_of(record, Section.USE),
        by=cast.innovator.actor,
    )
    submit(innovation=record, version=version_of_all(record), by=cast.innovator.actor)
    assert (use.site, use.confirmed_by_id) == ("The whole county", None)


def test_the_record_tells_on_its_timeline_who_confirmed_it(
    cast: Cast, met: Introduction, record: Innovation, session: Session
) -> None:
    end(met, cast.ics, Outcome.ADOPTION)
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "innovation.use_confirmed")
    ).one()
    assert event.noun_id == record.id
    assert event.organisation_id == cast.ics.organisation.id


@pytest.mark.parametrize("outcome", [Outcome.NOT_NOW, Outcome.NOTHING_SUITABLE])
def test_a_no_needs_its_reason(cast: Cast, met: Introduction, outcome: Outcome) -> None:
    with pytest.raises(Invalid, match="Enter why"):
        end(met, cast.ics, outcome)
    end(met, cast.ics, outcome, why="The budget is spent.")
    assert met.outcome is outcome


@pytest.mark.parametrize(
    ("missing", "error"),
    [
        ({"organisation": None}, "Select the organisation"),
        ({"from_on": None}, "Enter the day"),
        ({"from_on": date(2999, 1, 1)}, "today or in the past"),
    ],
)
def test_a_trial_needs_its_place_and_its_day(
    cast: Cast, met: Introduction, session: Session, missing: dict[str, object], error: str
) -> None:
    with pytest.raises(Invalid, match=error):
        end(met, cast.ics, Outcome.TRIAL, **missing)
    assert session.scalar(select(func.count(Use.id))) == 0


def test_the_innovator_does_not_record_the_outcome(as_, cast: Cast, met: Introduction) -> None:
    assert as_(cast.innovator).get(f"/introductions/{met.id}/outcome").status_code == 403
    with pytest.raises(Forbidden):
        end(met, cast.innovator, Outcome.ADOPTION)


def test_the_network_that_brokered_may_record_it_in_place_of_the_ics(
    cast: Cast, met: Introduction, record: Innovation
) -> None:
    end(met, cast.hin, Outcome.ADOPTION, organisation=cast.ics.organisation)
    assert record.uses[0].confirmed_by_id == cast.hin.organisation.id


# What the job asks and reminds of

MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)


def run(moment: datetime, session: Session) -> None:
    with at(moment, session):
        remind_all(lambda *_: None)


def asked(session: Session, cast: Cast) -> int:
    return len([line for line in inbox(session, cast.ics.user) if line.startswith(ASKED)])


@pytest.fixture
def met_in_march(agreed: Introduction, cast: Cast, session: Session) -> Introduction:
    with at(MARCH, session):
        agreed.agreed_at = now()
        session.flush()
        outcomes.meet(introduction=agreed, version=agreed.version, on=today(), by=cast.ics.actor)
    return agreed


def test_what_came_of_it_is_asked_after_30_and_90_days_and_closed_after_both(
    cast: Cast, met_in_march: Introduction, session: Session
) -> None:
    counts = []
    for days in (29, 30, 31, 89, 90, 119):
        run(MARCH + timedelta(days=days), session)
        counts.append(asked(session, cast))
    assert counts == [0, 1, 1, 1, 2, 2]
    run(MARCH + timedelta(days=120), session)
    assert met_in_march.outcome is Outcome.NO_REPLY
    # Better late than never: it may still be said what came of it.
    end(met_in_march, cast.ics, Outcome.NOT_NOW, why="Next year.")
    assert met_in_march.outcome is Outcome.NOT_NOW


def test_nothing_is_asked_once_it_is_known(
    cast: Cast, met_in_march: Introduction, session: Session
) -> None:
    end(met_in_march, cast.ics, Outcome.NOT_NOW, why="Next year.")
    run(MARCH + timedelta(days=90), session)
    assert asked(session, cast) == 0


def test_without_a_meeting_the_days_count_from_the_agreement(
    cast: Cast, agreed: Introduction
) -> None:
    assert agreed.due_on == next_ask(today(), ())


def test_a_due_date_that_passed_is_reminded_of_once(
    cast: Cast, requested: Introduction, session: Session
) -> None:
    day = requested.due_on
    assert day is not None
    for days in (0, 1, 2):
        run(datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + timedelta(days=days), session)
    told = [line for line in inbox(session, cast.hin.user) if line.startswith("Overdue: ")]
    assert len(told) == 1


def test_an_innovator_who_does_not_answer_is_reminded_and_so_is_the_network(
    cast: Cast, brokered: Introduction, session: Session
) -> None:
    run(now() + timedelta(days=30), session)
    for person in (cast.innovator, cast.hin):
        assert any(line.startswith("An answer is wanted") for line in inbox(session, person.user))


def test_the_job_run_twice_says_nothing_twice(
    cast: Cast, brokered: Introduction, session: Session
) -> None:
    run(now() + timedelta(days=30), session)
    before = session.scalar(select(func.count(Notification.id)))
    run(now() + timedelta(days=31), session)
    assert session.scalar(select(func.count(Notification.id))) == before
    assert session.scalar(select(func.count()).select_from(Reminder)) == 1

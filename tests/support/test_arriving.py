"""A submission lands on a desk, with a due date and a message."""

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.audit.models import AuditEvent
from portal.clock import now, today
from portal.innovations import outbox
from portal.innovations.models import Innovation, RecordStatus, Section, SectionCopy
from portal.innovations.queries.supporters import supporting_hin_ids
from portal.innovations.sections.answers import Answers, version_of, version_of_all
from portal.innovations.services.drafts import register, save_draft
from portal.innovations.services.ownership import archive, restore
from portal.innovations.services.submission import submit
from portal.reference.models import Term, Vocabulary
from portal.support import queries
from portal.support.models import Engagement, EngagementState
from portal.support.services import outcomes
from portal.support.services.engagements import pick_up
from tests import makers
from tests.cast import Cast
from tests.support.conftest import inbox


def test_the_first_submission_opens_an_engagement_of_its_hin(
    clock, record: Innovation, cast: Cast
) -> None:
    (found,) = queries.engagements(record.id)
    assert (found.hin.code, found.is_first, found.state) == ("HI-WM", True, EngagementState.NEW)


def test_it_must_be_picked_up_within_two_working_days(clock, engagement: Engagement) -> None:
    assert engagement.due_on == date(2026, 4, 8), "Good Friday and Easter Monday do not count"


def test_a_draft_opens_nothing(cast: Cast) -> None:
    draft = makers.innovation(of=cast.innovator, status=RecordStatus.DRAFT)
    assert queries.engagements(draft.id) == []


def test_the_leads_of_the_hin_are_told_and_its_other_people_are_not(
    session: Session, cast: Cast
) -> None:
    other = makers.user("Hugo Junior")
    makers.membership(other, cast.hin.organisation, Role.HIN)
    makers.innovation(of=cast.innovator)
    session.flush()
    assert inbox(session, cast.hin.user) == ["New on your desk: Breathe Easy"]
    assert inbox(session, other) == []
    assert inbox(session, cast.other_hin.user) == []


def test_it_is_on_the_audit_trail(session: Session, record: Innovation) -> None:
    session.flush()
    actions = session.scalars(
        select(AuditEvent.action).where(AuditEvent.noun_id == record.id)
    ).all()
    assert "engagement.opened" in actions


def test_a_record_brought_back_from_the_archive_is_not_opened_twice(
    record: Innovation, cast: Cast
) -> None:
    archive(innovation=record, why="Sold.", by=cast.innovator.actor)
    restore(innovation=record, by=cast.innovator.actor)
    assert len(queries.engagements(record.id)) == 1


def test_a_hin_chosen_in_the_same_flush_is_the_one_that_gets_it(
    session: Session, cast: Cast
) -> None:
    draft = makers.innovation(of=cast.innovator, status=RecordStatus.DRAFT, hin=None)
    draft.hin = makers.hin("HI-MAN")
    with session.no_autoflush:
        outbox.submitted.send(draft, at=now(), is_first=True)
    session.flush()
    assert [e.hin.code for e in queries.engagements(draft.id)] == ["HI-MAN"]


def test_history_is_dated_and_tells_nobody(session: Session, cast: Cast) -> None:
    past = datetime(2025, 3, 3, 10, tzinfo=UTC)
    draft = makers.innovation(of=cast.innovator, status=RecordStatus.DRAFT)
    outbox.submitted.send(draft, at=past, is_first=True)
    session.flush()
    (found,) = queries.engagements(draft.id)
    assert (found.opened_at, found.due_on) == (past, date(2025, 3, 5))
    assert inbox(session, cast.hin.user) == []
    events = select(AuditEvent.at).where(AuditEvent.action == "engagement.opened")
    assert session.scalars(events).one() == past


def test_the_hins_that_work_with_it_may_read_what_is_in_confidence(
    session: Session, engagement: Engagement, cast: Cast
) -> None:
    assert supporting_hin_ids(engagement.innovation_id) == {cast.hin.actor.hin_id}
    engagement.state = EngagementState.CLOSED
    session.flush()
    assert supporting_hin_ids(engagement.innovation_id) == frozenset()


def _changes_wanted(engagement: Engagement, cast: Cast, *sections: Section) -> None:
    outcomes.request_changes(
        engagement=engagement,
        version=engagement.version,
        wanted=dict.fromkeys(sections, "Say more."),
        by=cast.hin.actor,
    )


def _submit_again(session: Session, record: Innovation, section: Section) -> None:
    copy = session.scalars(
        select(SectionCopy).where(
            SectionCopy.innovation_id == record.id, SectionCopy.section == section
        )
    ).one()
    copy.change_wanted, copy.submitted_at = "", now()
    outbox.submitted.send(record, at=copy.submitted_at, is_first=False)
    session.flush()


def test_it_comes_back_only_when_every_change_was_submitted(
    session: Session, picked_up: Engagement, record: Innovation, cast: Cast
) -> None:
    _changes_wanted(picked_up, cast, Section.NEED, Section.COSTS)
    _submit_again(session, record, Section.NEED)
    assert picked_up.state is EngagementState.CHANGES
    _submit_again(session, record, Section.COSTS)
    assert picked_up.state is EngagementState.ASSESSING


def test_changes_that_came_in_are_due_a_reply_in_five_working_days_and_told_to_the_lead(
    clock, session: Session, picked_up: Engagement, record: Innovation, cast: Cast
) -> None:
    _changes_wanted(picked_up, cast, Section.NEED)
    clock(datetime(2026, 4, 10, 9, tzinfo=UTC))
    _submit_again(session, record, Section.NEED)
    assert picked_up.due_on == date(2026, 4, 17)
    assert inbox(session, cast.hin.user)[-1] == "The changes you asked for came in: Breathe Easy"


def test_archiving_closes_the_engagement_and_bringing_back_opens_it_again(
    session: Session, engaging: Engagement, record: Innovation, cast: Cast
) -> None:
    archive(innovation=record, why="No longer made.", by=cast.innovator.actor)
    assert (engaging.state, engaging.due_on) == (EngagementState.CLOSED, None)
    assert engaging.changes[-1].message == "The innovation was archived. No longer made."
    assert inbox(session, cast.hin.user)[-1] == "Archived by its owner: Breathe Easy"
    restore(innovation=record, by=cast.innovator.actor)
    assert engaging.state is EngagementState.NEW
    assert engaging.due_on is not None
    assert engaging.due_on > today()


def test_a_hin_chosen_later_gets_the_record_too(
    session: Session, engaging: Engagement, record: Innovation, cast: Cast
) -> None:
    record.hin = makers.hin("HI-MAN")
    outbox.submitted.send(record, at=now(), is_first=False)
    session.flush()
    first, second = queries.engagements(record.id)
    assert (first.id, first.state) == (engaging.id, EngagementState.ENGAGING)
    assert (second.hin.code, second.state) == ("HI-MAN", EngagementState.NEW)
    assert not second.is_first
    assert inbox(session, cast.other_hin.user) == ["New on your desk: Breathe Easy"]


def test_from_the_innovators_draft_to_changes_and_back(session: Session, cast: Cast) -> None:
    by = cast.innovator.actor
    record = register(name="Steady Steps", summary="Fewer falls at home.", by=by)
    about = {"category": "MEDICAL_DEVICE", "stage": "READY", "ics": "QWU"}
    need = {"need": "Older people fall.", "care_settings": [_care_setting(session)]}
    _draft(record, Section.ABOUT, about, cast)
    _draft(record, Section.NEED, need, cast)
    submit(innovation=record, version=version_of_all(record), by=by)
    (found,) = queries.engagements(record.id)
    assert (found.hin.code, found.state) == ("HI-WM", EngagementState.NEW)
    pick_up(engagement=found, version=found.version, by=cast.hin.actor)
    _changes_wanted(found, cast, Section.NEED)
    _draft(record, Section.NEED, {"need": "Who falls, where and why."}, cast)
    submit(innovation=record, version=version_of_all(record), by=by)
    assert found.state is EngagementState.ASSESSING


def _draft(record: Innovation, section: Section, answers: Answers, cast: Cast) -> None:
    save_draft(
        innovation=record,
        section=section,
        answers=answers,
        version=version_of(record, section),
        by=cast.innovator.actor,
    )


def _care_setting(session: Session) -> str:
    found = select(Term.code).where(Term.vocabulary == Vocabulary.CARE_SETTING).limit(1)
    return session.scalars(found).one()

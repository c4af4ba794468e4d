"""Each outcome is dated, told and followed by its due date; nobody decides for another HIN."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.audit.models import Audience, AuditEvent
from portal.clock import today
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Innovation, Section
from portal.notifications.models import Email
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_on
from portal.support import queries
from portal.support.models import Engagement, EngagementState
from portal.support.queries.record import support_rows
from portal.support.services import engagements, outcomes
from tests import makers
from tests.cast import Cast
from tests.support.conftest import close, engage, inbox


def test_picking_up_names_the_lead_and_promises_a_decision_in_ten_working_days(
    clock, session: Session, picked_up: Engagement, cast: Cast
) -> None:
    assert (picked_up.state, picked_up.lead_id) == (EngagementState.ASSESSING, cast.hin.user.id)
    assert picked_up.due_on == date(2026, 4, 20)
    assert inbox(session, cast.innovator.user)[-1].endswith("is reading Breathe Easy")


def test_a_new_case_is_read_before_it_is_decided(engagement: Engagement, cast: Cast) -> None:
    with pytest.raises(Conflict):
        engage(engagement, cast.hin)


def test_a_case_is_picked_up_once(picked_up: Engagement, cast: Cast) -> None:
    with pytest.raises(Conflict, match="Hana West set it to “Assessing”"):
        engagements.pick_up(engagement=picked_up, version=picked_up.version, by=cast.hin.actor)


def test_engaging_sets_the_level_and_tells_the_owner_who_leads(
    session: Session, engaging: Engagement, cast: Cast
) -> None:
    assert (engaging.state, engaging.level) == (EngagementState.ENGAGING, 2)
    assert engaging.due_on == due_on(DeadlineKind.UPDATE, today())
    assert [change.level for change in engaging.levels] == [2]
    email = session.scalars(
        select(Email.body).where(
            Email.address == cast.innovator.user.email, Email.subject.contains("engaging")
        )
    ).one()
    assert "at level 2. " in email
    assert "Your lead person is Hana West" in email
    assert "We would like to help with your evidence." in email


def test_collaborators_are_told_as_well(
    session: Session, record: Innovation, picked_up: Engagement, cast: Cast
) -> None:
    makers.collaborator(record, cast.other_innovator.user)
    engage(picked_up, cast.hin)
    assert inbox(session, cast.other_innovator.user) == [
        f"{cast.hin.organisation.name} is engaging with Breathe Easy"
    ]


def test_the_lead_person_must_be_of_the_hin(picked_up: Engagement, cast: Cast) -> None:
    with pytest.raises(Invalid, match="Select a person of your network"):
        outcomes.engage(
            engagement=picked_up,
            version=picked_up.version,
            level=1,
            lead_id=cast.other_hin.user.id,
            message="",
            by=cast.hin.actor,
        )
    assert picked_up.state is EngagementState.ASSESSING


def test_a_colleague_made_lead_is_told(session: Session, engaging: Engagement, cast: Cast) -> None:
    colleague = makers.user("Hugo Junior")
    makers.membership(colleague, cast.hin.organisation, Role.HIN)
    engagements.assign(
        engagement=engaging, version=engaging.version, lead_id=colleague.id, by=cast.hin.actor
    )
    assert inbox(session, colleague) == ["You are the lead person for Breathe Easy"]


def test_waiting_says_for_what_and_is_due_on_that_day(
    session: Session, picked_up: Engagement, cast: Cast
) -> None:
    until = today() + timedelta(days=40)
    outcomes.wait(
        engagement=picked_up,
        version=picked_up.version,
        waiting_for="the result of your trial",
        until=until,
        by=cast.hin.actor,
    )
    assert (picked_up.state, picked_up.due_on) == (EngagementState.WAITING, until)
    assert "is waiting before going on" in inbox(session, cast.innovator.user)[-1]


def test_one_cannot_wait_until_today(picked_up: Engagement, cast: Cast) -> None:
    with pytest.raises(Invalid, match="in the future"):
        outcomes.wait(
            engagement=picked_up,
            version=picked_up.version,
            waiting_for="nothing",
            until=today(),
            by=cast.hin.actor,
        )


def test_changes_are_asked_for_section_by_section(
    session: Session, record: Innovation, picked_up: Engagement, cast: Cast
) -> None:
    outcomes.request_changes(
        engagement=picked_up,
        version=picked_up.version,
        wanted={Section.NEED: "Who is it for?", Section.COSTS: "Per patient?", Section.USE: ""},
        by=cast.hin.actor,
    )
    wanted = {copy.section: copy.change_wanted for copy in record.copies}
    assert wanted == {Section.NEED: "Who is it for?", Section.COSTS: "Per patient?"}
    body = session.scalars(
        select(Email.body).where(Email.subject == "Changes are asked for: Breathe Easy")
    ).one()
    assert "Who is it for?" in body
    assert "Per patient?" in body


def test_changes_need_at_least_one_comment(picked_up: Engagement, cast: Cast) -> None:
    with pytest.raises(Invalid, match="at least one section"):
        outcomes.request_changes(
            engagement=picked_up,
            version=picked_up.version,
            wanted={Section.NEED: ""},
            by=cast.hin.actor,
        )


def test_unsuitable_says_why_and_where_to_go_instead(
    session: Session, picked_up: Engagement, cast: Cast
) -> None:
    outcomes.find_unsuitable(
        engagement=picked_up,
        version=picked_up.version,
        reason="It is not for health or care.",
        elsewhere="Your local growth hub.",
        by=cast.hin.actor,
    )
    assert (picked_up.state, picked_up.due_on) == (EngagementState.UNSUITABLE, None)
    body = session.scalars(select(Email.body).where(Email.subject.contains("cannot take on"))).one()
    assert "It is not for health or care." in body
    assert "Your local growth hub." in body


def test_what_was_closed_can_be_picked_up_again(engaging: Engagement, cast: Cast) -> None:
    close(engaging, cast.hin)
    assert engaging.state is EngagementState.CLOSED
    engagements.pick_up(engagement=engaging, version=engaging.version, by=cast.hin.actor)
    assert engaging.state is EngagementState.ASSESSING


def test_another_level_needs_its_reason_and_keeps_the_history(
    engaging: Engagement, cast: Cast
) -> None:
    change = {"engagement": engaging, "by": cast.hin.actor}
    with pytest.raises(Invalid, match="Enter why the level changes"):
        engagements.change_level(level=3, why="", version=engaging.version, **change)
    engagements.change_level(
        level=3, why="They need an evaluation.", version=engaging.version, **change
    )
    assert [(c.level, c.why) for c in engaging.levels] == [
        (2, ""),
        (3, "They need an evaluation."),
    ]
    assert engaging.level == 3


def test_why_the_level_changed_stays_with_staff(
    session: Session, engaging: Engagement, cast: Cast
) -> None:
    engagements.change_level(
        engagement=engaging, version=engaging.version, level=1, why="Slow.", by=cast.hin.actor
    )
    bodies = session.scalars(select(Email.body).where(Email.subject.contains("level"))).all()
    assert bodies
    assert not [body for body in bodies if "Slow." in body]
    told = session.execute(
        select(AuditEvent.audience, AuditEvent.summary).where(AuditEvent.summary.contains("Slow."))
    ).all()
    assert [audience for audience, _ in told] == [Audience.HIN]


def test_the_second_of_two_deciding_at_once_is_told_who_decided_what_and_when(
    picked_up: Engagement, cast: Cast
) -> None:
    seen = picked_up.version
    engage(picked_up, cast.hin)
    with pytest.raises(Conflict, match=r"Hana West set it to “Support level 2” on \d+ \w+ \d{4}"):
        outcomes.find_unsuitable(
            engagement=picked_up,
            version=seen,
            reason="No",
            elsewhere="There",
            by=cast.hin.actor,
        )
    assert picked_up.state is EngagementState.ENGAGING


@pytest.mark.parametrize("person", ["innovator", "ics", "other_hin", "national", "administrator"])
def test_nobody_decides_for_another_hin(picked_up: Engagement, cast: Cast, person: str) -> None:
    with pytest.raises(Forbidden):
        engage(picked_up, getattr(cast, person))
    assert picked_up.state is EngagementState.ASSESSING


def test_another_hin_joins_knowing_who_is_there_and_they_are_told(
    session: Session, engaging: Engagement, record: Innovation, cast: Cast
) -> None:
    joined = engagements.join(innovation=record, known={engaging.hin_id}, by=cast.other_hin.actor)
    assert (joined.state, joined.is_first) == (EngagementState.ASSESSING, False)
    assert len(queries.engagements(record.id)) == 2
    assert inbox(session, cast.hin.user)[-1] == f"{joined.hin.name} joined you on Breathe Easy"


def test_a_hin_that_was_not_shown_who_is_there_cannot_join(
    engaging: Engagement, record: Innovation, cast: Cast
) -> None:
    with pytest.raises(Conflict, match="West Midlands began working with it"):
        engagements.join(innovation=record, known=set(), by=cast.other_hin.actor)
    assert len(queries.engagements(record.id)) == 1


def test_a_hin_joins_once(engaging: Engagement, record: Innovation, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        engagements.join(innovation=record, known={engaging.hin_id}, by=cast.hin.actor)


def test_the_timeline_has_every_outcome_newest_first(
    engaging: Engagement, record: Innovation, cast: Cast
) -> None:
    found = support_rows(cast.hin.actor, record, queries.engagements(record.id))
    titles = [moment.title for moment in found.outcomes]
    assert titles[-2:] == ["Assessing", "New"]
    assert set(titles[:2]) == {"Engaging", "Support level 2"}

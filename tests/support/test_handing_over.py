"""Who leads with a record, before and after a handover; and what the owner is asked."""

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import OrganisationKind, Role
from portal.audit.models import AuditEvent
from portal.clock import clock_at
from portal.figures.queries import live_values
from portal.innovations.models import Innovation
from portal.innovations.services.ownership import archive, restore
from portal.pipeline.queries.records import hins_of
from portal.reference.models import Hin
from portal.reference.rules import Quarter
from portal.support import queries
from portal.support.models import (
    Closing,
    ClosingReason,
    Engagement,
    EngagementState,
    LeadChange,
    ProposalKind,
    Survey,
)
from portal.support.queries.surveys import surveys_waiting
from portal.support.services import engagements, proposals
from portal.support.services.interactions import InteractionDetails, log
from tests import makers
from tests.cast import Cast, Person
from tests.support.conftest import engage, inbox
from tests.support.test_logging_hours import details

MAY = datetime(2026, 5, 15, 23, 30, tzinfo=UTC)
"""Half past midnight on 16 May in England: the day of the handover."""


def _hand_over(record: Innovation, giver: Person, taker: Person) -> Engagement:
    proposal = proposals.propose(
        innovation=record,
        kind=ProposalKind.HANDOVER,
        to_hin_id=taker.actor.hin_id or 0,
        words="They have moved to your region.",
        by=giver.actor,
    )
    return proposals.accept(
        proposal=proposal, version=proposal.version, known=(), by=taker.actor, answer="Gladly"
    )


def _hins(cast: Cast) -> list[int]:
    return [person.actor.hin_id or 0 for person in (cast.hin, cast.other_hin)]


def _leaders(record: Innovation) -> list[int]:
    return [e.hin_id for e in queries.engagements(record.id) if e.is_leading]


def test_who_takes_it_over_leads_from_then_on(
    session: Session, engaging: Engagement, record: Innovation, cast: Cast
) -> None:
    assert _leaders(record) == [cast.hin.actor.hin_id]
    ours = _hand_over(record, cast.hin, cast.other_hin)
    assert _leaders(record) == [cast.other_hin.actor.hin_id]
    assert (engaging.is_first, ours.is_first) == (True, False)
    rows = session.scalars(select(LeadChange).order_by(LeadChange.id)).all()
    assert [(row.engagement_id, row.by_id) for row in rows] == [
        (engaging.id, None),
        (ours.id, cast.other_hin.user.id),
    ]
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "engagement.leads")).one()
    assert event.changes == {"leading network": [engaging.hin.name, ours.hin.name]}


def test_who_only_joined_hands_over_no_lead(
    session: Session, engaging: Engagement, record: Innovation, cast: Cast
) -> None:
    engagements.join(innovation=record, known={engaging.hin_id}, by=cast.other_hin.actor)
    third = makers.organisation("East", kind=OrganisationKind.HIN)
    third.hin = session.scalars(select(Hin).where(Hin.id.not_in(_hins(cast)))).first()
    user = makers.user("Elin Ash")
    east = Person(user, makers.membership(user, third, Role.HIN))
    session.flush()
    proposal = proposals.propose(
        innovation=record,
        kind=ProposalKind.HANDOVER,
        to_hin_id=east.actor.hin_id or 0,
        words="You know the wards.",
        by=cast.other_hin.actor,
    )
    known = {cast.hin.actor.hin_id or 0}
    proposals.accept(proposal=proposal, version=proposal.version, known=known, by=east.actor)
    assert _leaders(record) == [cast.hin.actor.hin_id]


def test_the_pages_say_who_leads_and_since_when(
    as_, engaging: Engagement, record: Innovation, cast: Cast
) -> None:
    page = f"/innovations/{record.id}/support"
    assert "Another network leads" not in as_(cast.hin).get("/support").text
    _hand_over(record, cast.hin, cast.other_hin)
    text = as_(cast.innovator).get(page).text
    assert "Leads with the innovation from now on" in text
    assert text.index(">Leads<") > text.index("Manchester")
    browser = as_(cast.other_hin)
    assert "Another network leads" not in browser.get("/support").text
    theirs = as_(cast.hin).get("/support?queue=all&state=closed").text
    assert "Another network leads" in theirs
    row = browser.get("/support/download.csv").text.splitlines()
    assert row[0].endswith("Leads with it")
    assert row[1].endswith("Yes")


def test_every_past_day_has_its_own_leader_and_its_own_figures(
    session: Session, cast: Cast
) -> None:
    with clock_at(datetime(2026, 4, 20, 9, tzinfo=UTC)):
        record = makers.innovation(of=cast.innovator)
        first = queries.engagement_of(record.id, cast.hin.actor.hin_id)
        assert first is not None
        engagements.pick_up(engagement=first, version=first.version, by=cast.hin.actor)
        engage(first, cast.hin, level=3)
        log(engagements=[first], details=_on(date(2026, 4, 20)), by=cast.hin.actor)
    with clock_at(MAY):
        ours = _hand_over(record, cast.hin, cast.other_hin)
        log(engagements=[ours], details=_on(date(2026, 5, 16)), by=cast.other_hin.actor)
    with clock_at(datetime(2026, 7, 2, 9, tzinfo=UTC)):
        ids = [record.id]
        for on, leader in ((date(2026, 5, 15), first), (date(2026, 5, 16), ours)):
            rows = hins_of(cast.national.actor, ids, on)[record.id]
            assert [(e.id, leads) for e, _, leads in rows] == [(leader.id, True)]
        figures = {
            (f.code, f.hin_id, f.group): f.value
            for f in live_values(Quarter(date(2026, 4, 1)), date(2026, 7, 2))
        }
    for person in (cast.hin, cast.other_hin):
        hin = person.actor.hin_id
        assert figures["interactions", hin, ""] == 1
        assert figures["companies", hin, "3"] == 1
        assert figures["engagements", hin, ""] == 1
    assert figures["companies", None, ""] == 1
    assert figures["closed", cast.hin.actor.hin_id, ""] == 1
    # Who takes it over decided nothing anew: there is no wait of no days.
    assert ("decide", cast.other_hin.actor.hin_id, "") not in figures


def _on(day: date) -> InteractionDetails:
    return details(on=day)


def test_who_was_helped_is_asked_about_the_network_that_handed_over_once(
    session: Session, engaging: Engagement, record: Innovation, cast: Cast
) -> None:
    ours = _hand_over(record, cast.hin, cast.other_hin)
    [survey] = surveys_waiting(cast.innovator.actor)
    assert survey.closing.engagement_id == engaging.id
    assert survey.closing.reason is ClosingReason.HANDED_OVER
    subject = f"How was the support of {engaging.hin.name} for {record.name}?"
    assert inbox(session, cast.innovator.user).count(subject) == 1
    archive(innovation=record, why="We sold it.", by=cast.innovator.actor)
    about = [one.closing.engagement_id for one in surveys_waiting(cast.innovator.actor)]
    assert sorted(about) == sorted([engaging.id, ours.id])


def test_who_was_only_read_about_is_not_asked(
    session: Session, picked_up: Engagement, record: Innovation, cast: Cast
) -> None:
    _hand_over(record, cast.hin, cast.other_hin)
    archive(innovation=record, why="We sold it.", by=cast.innovator.actor)
    assert session.scalars(select(Closing)).all() == []
    assert session.scalars(select(Survey)).all() == []


def test_archiving_asks_at_home_how_the_support_was(
    as_, session: Session, engaging: Engagement, record: Innovation, cast: Cast
) -> None:
    archive(innovation=record, why="We sold it.", by=cast.innovator.actor)
    [survey] = surveys_waiting(cast.innovator.actor)
    assert (survey.closing.reason, survey.closing.by_id) == (ClosingReason.ARCHIVED, None)
    browser = as_(cast.innovator)
    assert f"/support/surveys/{survey.id}" in browser.get("/home").text
    marks = {"reach": "4", "use": "5", "gain": "3"}
    assert browser.post(f"/support/surveys/{survey.id}", data=marks).status_code == 302


def test_what_is_brought_back_goes_to_the_network_that_led_last(
    engaging: Engagement, record: Innovation, cast: Cast
) -> None:
    ours = _hand_over(record, cast.hin, cast.other_hin)
    archive(innovation=record, why="We sold it.", by=cast.innovator.actor)
    restore(innovation=record, by=cast.innovator.actor)
    assert (engaging.state, ours.state) == (EngagementState.CLOSED, EngagementState.NEW)


def test_nobody_closes_support_as_handed_over_by_hand(
    as_, engaging: Engagement, cast: Cast
) -> None:
    told = {
        "version": engaging.version,
        "reason": "handed_over",
        "summary": "Done.",
        "next_step": "Go on.",
    }
    page = as_(cast.hin).post(f"/innovations/{engaging.innovation_id}/support/close", data=told)
    assert "Error: Close the support" in page.text
    assert engaging.state is EngagementState.ENGAGING

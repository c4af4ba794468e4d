"""Everybody's home page counts what waits for them, and each number leads to its list."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.challenges.models import Challenge, Readers
from portal.clock import today
from portal.innovations.models import (
    Collaborator,
    Innovation,
    RecordStatus,
    Section,
    SectionCopy,
    Sharing,
    Use,
)
from portal.matching.models import MatchRun, NewMatch, Readership, Suggestion
from portal.pipeline.queries.stages import standing
from portal.reference.models import Vocabulary
from portal.reference.queries import terms
from portal.support.models import (
    Assignee,
    Engagement,
    EngagementChange,
    EngagementState,
    Proposal,
    ProposalKind,
    Task,
)
from portal.support.queries import engagement_of
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.statements import Statements, end_transaction

Browser = Callable[[Person], PageClient]


def number(page: str, label: str) -> str:
    """The number on the card with this label."""
    cards = re.findall(
        r'app-stat__number">([^<]+)</span>\s*<a class="nhsuk-card__link" href="[^"]+">([^<]+)', page
    )
    return {words: found for found, words in cards}[label]


def task(record: Innovation, cast: Cast, title: str, due_on: date) -> Task:
    """A task that the HIN of the cast asks of the innovator."""
    engagement = engagement_of(record.id, cast.hin.actor.hin_id)
    assert engagement is not None
    return makers.put(
        Task(
            engagement=engagement,
            title=title,
            assignee=Assignee.INNOVATOR,
            due_on=due_on,
            opened_by_id=cast.hin.user.id,
        )
    )


def test_an_innovator_sees_their_own_records_only(
    session: Session, cast: Cast, as_: Browser
) -> None:
    makers.innovation("Ours", of=cast.innovator)
    makers.innovation("Our draft", of=cast.innovator, status=RecordStatus.DRAFT)
    makers.innovation("Theirs", of=cast.other_innovator)
    page = as_(cast.innovator).get("/home").text
    assert number(page, "Our innovations") == "1"
    assert number(page, "Drafts") == "1"


def test_an_ics_counts_proven_records_that_it_may_open(
    session: Session, cast: Cast, as_: Browser
) -> None:
    for sharing in Sharing:
        makers.proven(makers.innovation(sharing.value, of=cast.innovator, sharing=sharing))
    makers.challenge("Ours", of=cast.ics)
    page = as_(cast.ics).get("/home").text
    assert number(page, "Proven innovations") == "2"
    assert number(page, "Our challenges") == "1"


def test_a_hin_sees_what_waits_on_its_desk(session: Session, cast: Cast, as_: Browser) -> None:
    makers.innovation("New", of=cast.innovator)
    assert number(as_(cast.hin).get("/home").text, "New, to pick up") == "1"
    assert number(as_(cast.other_hin).get("/home").text, "New, to pick up") == "0"


def test_the_nation_counts_the_whole_pipeline(session: Session, cast: Cast, as_: Browser) -> None:
    makers.innovation("One", of=cast.innovator)
    makers.innovation("Two", of=cast.other_innovator)
    makers.innovation("Draft", of=cast.innovator, status=RecordStatus.DRAFT)
    page = as_(cast.national).get("/home").text
    assert number(page, "Innovations on the pipeline") == "2"


def test_stages_tell_national_totals_and_what_the_reader_may_open(
    session: Session, cast: Cast
) -> None:
    makers.innovation("HINs only", of=cast.innovator, sharing=Sharing.HINS)
    makers.innovation("Public", of=cast.innovator, sharing=Sharing.PUBLIC)
    makers.innovation("Draft", of=cast.innovator, status=RecordStatus.DRAFT)
    ready = next(s for s in standing(cast.ics.actor, today()).stages if s.stage.code == "READY")
    assert (ready.total, ready.readable) == (2, 1)
    ready = next(s for s in standing(cast.hin.actor, today()).stages if s.stage.code == "READY")
    assert (ready.total, ready.readable) == (2, 2)


@pytest.mark.parametrize("name", Cast.KINDS)
@pytest.mark.parametrize("path", ["/home", "/pipeline"])
def test_a_page_of_figures_takes_few_statements(
    cast: Cast, as_: Browser, statements: Statements, name: str, path: str
) -> None:
    browser = as_(getattr(cast, name))
    with statements.at_most(8):  # one of them reads what is announced
        assert browser.get(path).status_code == 200


def test_what_is_asked_stands_in_order_of_its_day_and_the_rest_is_counted(
    session: Session, cast: Cast, as_: Browser
) -> None:
    record = makers.innovation("Breathe Easy", of=cast.innovator)
    for days in range(11, 0, -1):
        task(record, cast, f"Task {days:02}", today() + timedelta(days=days))
    makers.put(
        SectionCopy(innovation_id=record.id, section=Section.COSTS, change_wanted="Say per patient")
    )
    page = as_(cast.innovator).get("/home").text
    asked = re.findall(r"Task \d\d, about", page)
    assert asked == [f"Task {day:02}, about" for day in range(1, 11)]
    assert "And 2 more" in page
    assert "Say per patient" not in page


def test_an_innovator_reads_what_is_asked_who_helps_and_what_may_fit(
    session: Session, cast: Cast, as_: Browser
) -> None:
    record = makers.innovation("Breathe Easy", of=cast.innovator)
    makers.put(
        SectionCopy(innovation_id=record.id, section=Section.COSTS, change_wanted="Say per patient")
    )
    challenge = makers.challenge("Asthma at night", of=cast.ics, readers=Readers.PUBLIC)
    suggestion(challenge, record, Readership.INNOVATOR)
    page = as_(cast.innovator).get("/home").text
    assert number(page, "With changes wanted") == "1"
    assert "Say per patient" in page
    assert "Health Innovation West Midlands" in page
    assert "Asthma at night" in page
    assert "Asthma at night" not in as_(cast.other_innovator).get("/home").text


def test_an_ics_reads_its_new_matches_and_what_neighbours_use(
    session: Session, cast: Cast, as_: Browser
) -> None:
    record = makers.proven(
        makers.innovation("Falls Watch", of=cast.innovator, sharing=Sharing.PUBLIC)
    )
    challenge = makers.challenge("Falls", of=cast.ics)
    suggestion(challenge, record, Readership.ICS)
    makers.put(
        NewMatch(challenge_id=challenge.id, innovation_id=record.id, readership=Readership.ICS)
    )
    neighbour = makers.organisation("A neighbour", ics=makers.ics("QHL"))
    makers.put(Use(innovation_id=record.id, organisation=neighbour, from_on=date(2026, 1, 1)))
    page = as_(cast.ics).get("/home").text
    assert "Falls Watch" in page
    assert number(page, "In use by our neighbours") == "1"
    other = as_(cast.other_ics).get("/home").text
    assert "Falls Watch" not in other
    assert number(other, "In use by our neighbours") == "0"


def test_unmet_needs_are_challenges_of_our_area_without_a_proven_match(
    session: Session, cast: Cast, as_: Browser
) -> None:
    makers.challenge("Nobody answers this", of=cast.ics)
    met = makers.challenge("Somebody answers this", of=cast.ics)
    record = makers.proven(makers.innovation("Answer", of=cast.innovator))
    suggestion(met, record, Readership.STAFF)
    for challenge in session.scalars(select(Challenge)):
        makers.put(MatchRun(challenge_id=challenge.id, engine_version="test"))
    page = as_(cast.hin).get("/home").text
    assert "Unmet needs in our area: 1" in page
    assert "Nobody answers this" in page
    assert "Nobody answers this" not in as_(cast.other_hin).get("/home").text


def test_a_gap_is_closed_by_a_proven_innovation(session: Session, cast: Cast, as_: Browser) -> None:
    setting = terms(Vocabulary.CARE_SETTING)[0]
    makers.challenge("Wanted", of=cast.ics, terms=[setting])
    assert f"{setting.label}: <a" in as_(cast.national).get("/home").text
    record = makers.innovation("Answer", of=cast.innovator, terms=[setting])
    assert f"{setting.label}: <a" in as_(cast.national).get("/home").text
    makers.proven(record)
    assert f"{setting.label}: <a" not in as_(cast.national).get("/home").text


def test_what_is_asked_stands_first_with_who_asks_and_by_when(
    session: Session, cast: Cast, as_: Browser
) -> None:
    record = makers.innovation("Breathe Easy", of=cast.innovator)
    task(record, cast, "Send us the price list", today() - timedelta(days=1))
    page = as_(cast.innovator).get("/home").text
    asked = page.index("What is asked of you")
    assert asked < page.index("Send us the price list") < page.index("app-stat__number")
    assert "overdue since" in page
    assert "Send us the price list" not in as_(cast.other_innovator).get("/home").text


def test_a_hin_sees_its_decisions_and_proposals_first(
    session: Session, cast: Cast, as_: Browser
) -> None:
    record = makers.innovation("Lamp", of=cast.innovator)
    engagement = engagement_of(record.id, cast.hin.actor.hin_id)
    assert engagement is not None
    engagement.state, engagement.lead_id = EngagementState.ASSESSING, cast.hin.user.id
    makers.put(
        Proposal(
            kind=ProposalKind.JOINT,
            innovation_id=record.id,
            from_hin_id=cast.other_hin.actor.hin_id,
            to_hin_id=cast.hin.actor.hin_id,
            words="We see the same trusts",
            proposed_by_id=cast.other_hin.user.id,
        )
    )
    page = as_(cast.hin).get("/home").text
    assert "Decide on Lamp" in page
    assert "Work together on Lamp" in page
    assert "Lamp" not in as_(cast.other_hin).get("/home").text


def test_also_with_another_network_counts_all_that_we_work_with(
    session: Session, cast: Cast, as_: Browser
) -> None:
    record = makers.innovation("Shared", of=cast.innovator)
    ours = engagement_of(record.id, cast.hin.actor.hin_id)
    assert ours is not None
    ours.state = EngagementState.ENGAGING
    makers.put(
        Engagement(
            innovation_id=record.id,
            hin_id=cast.other_hin.actor.hin_id,
            state=EngagementState.ENGAGING,
        )
    )
    for row in (ours, engagement_of(record.id, cast.other_hin.actor.hin_id)):
        assert row is not None
        makers.put(EngagementChange(engagement_id=row.id, state=EngagementState.ENGAGING))
    page = as_(cast.hin).get("/home").text
    assert number(page, "Also with another network") == "1"
    listed = as_(cast.hin).get(f"/pipeline/records?on={today()}&ours_and_others=yes").text
    assert "Shared" in listed
    assert "that your network and another one work with" in listed


def suggestion(challenge: Challenge, innovation: Innovation, whom: Readership) -> Suggestion:
    """A match of a readership, as the job stores it."""
    return makers.put(
        Suggestion(
            challenge=challenge,
            innovation=innovation,
            readership=whom,
            rank=1,
            score=0.5,
            reasons={"likeness": 0.31},
            engine_version="test",
        )
    )


def test_what_only_one_may_open_counts_for_them_alone(
    session: Session, cast: Cast, as_: Browser
) -> None:
    own = makers.proven(makers.innovation("Own", of=cast.innovator, sharing=Sharing.HINS))
    makers.put(Collaborator(innovation_id=own.id, user_id=cast.ics.user.id))
    for place in (makers.organisation("Neighbour", ics=makers.ics("QHL")), cast.ics.organisation):
        makers.put(Use(innovation_id=own.id, organisation=place, from_on=date(2026, 1, 1)))
    user = makers.user("Ivy Moss")
    colleague = Person(user, makers.membership(user, cast.ics.organisation, Role.ICS))
    end_transaction(session)  # from here on what all of them share is kept
    for person, found in ((cast.ics, "1"), (colleague, "0"), (cast.ics, "1")):
        page = as_(person).get("/home").text
        assert number(page, "Proven innovations") == found
        assert number(page, "In use by our neighbours") == found
        assert number(page, "Innovations in use in your ICS") == found


def test_what_an_organisation_shares_is_kept_until_it_changes(
    session: Session, cast: Cast, as_: Browser, statements: Statements
) -> None:
    def new(person: Person) -> str:
        return number(as_(person).get("/home").text, "New, to pick up")

    end_transaction(session)
    assert new(cast.hin) == "0"
    statements.ran.clear()
    assert new(cast.hin) == "0"
    assert not [one for one in statements.ran if "AS desk_new" in one]
    makers.innovation("New", of=cast.innovator)
    end_transaction(session)
    assert (new(cast.hin), new(cast.other_hin), new(cast.hin)) == ("1", "0", "1")

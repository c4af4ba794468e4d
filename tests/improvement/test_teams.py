"""Recruit teams, keep their cycles, and let a change idea's stage move."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.clock import today
from portal.errors import Conflict, Forbidden, Invalid
from portal.figures.rules import Period, RowsQuery
from portal.improvement.models import (
    Cycle,
    Decision,
    TeamKind,
    TeamStatus,
    WithdrawalReason,
)
from portal.improvement.queries.diagrams import nodes_to_choose
from portal.improvement.queries.figure_counts import count, rows_behind
from portal.improvement.queries.teams import cycles_of, stayed, taking_part, teams_on
from portal.improvement.rules.figures import CYCLES, PLACES, TEAMS
from portal.improvement.services import copying, teams
from portal.reference.models import SiteKind
from portal.reference.rules import Quarter
from tests.adoption.conftest import Field, place
from tests.cast import Cast, Person
from tests.improvement import makers
from tests.pages import PageClient
from tests.statements import Statements

As = Callable[[Person], PageClient]
AGO = today() - timedelta(days=30)


def test_fifty_three_wards_of_twenty_nine_trusts(session: Session, cast: Cast) -> None:
    """As many wards at as many trusts as the source tells of; sites of a trust are the trust."""
    programme = makers.programme(by=cast.national)
    trusts = [place(f"RT{n}") for n in range(28)]
    branch = place("RT00B", kind=SiteKind.TRUST_SITE, parent_id=trusts[0].id)
    lone = place("RT99")
    homes = [*trusts, branch, lone]
    for number in range(53):
        site = homes[number % len(homes)]
        makers.team(f"Ward {number}", of=programme, by=cast.hin, site=site)
    rows = teams_on(today(), programme_ids=[programme.id])
    assert taking_part(rows, TeamKind.WARD).words == "53 teams at 29 places"
    assert taking_part(rows, TeamKind.LD_WARD).words == "No team"
    assert teams_on(AGO - timedelta(days=1)) == []


def test_who_withdraws_says_why_and_stays_in_the_count(session: Session, cast: Cast) -> None:
    programme = makers.programme(by=cast.national)
    found = [makers.team(f"Ward {n}", of=programme, by=cast.hin) for n in range(3)]
    step = {"team": found[0], "on": today(), "by": cast.hin.actor}
    with pytest.raises(Invalid, match="Select why"):
        teams.change_status(version=found[0].version, status=TeamStatus.WITHDRAWN, **step)
    teams.change_status(
        version=found[0].version,
        status=TeamStatus.WITHDRAWN,
        reason=WithdrawalReason.STAFFING,
        **step,
    )
    with pytest.raises(Invalid, match="cannot become"):
        teams.change_status(version=found[0].version, status=TeamStatus.FINISHED, **step)
    with pytest.raises(Forbidden):
        teams.change_status(
            team=found[1],
            version=found[1].version,
            status=TeamStatus.ACTIVE,
            on=today(),
            by=cast.other_hin.actor,
        )
    now = stayed(teams_on(today()))
    assert (now.recruited, now.taking_part, now.kept.words) == (3, 2, "2 of 3 (67%)")
    before = stayed(teams_on(today() - timedelta(days=1)))
    assert before.kept.words == "3 of 3 (100%)"
    with pytest.raises(Conflict):
        makers.team("ward 1", of=programme, by=cast.hin)


def test_cycles_form_a_ramp_and_close_when_they_are_decided_on(
    session: Session, cast: Cast
) -> None:
    diagram = makers.diagram(by=cast.national)
    idea = makers.node("Huddle", into=diagram, by=cast.national, idea=True)
    team = makers.team(of=diagram.programme, by=cast.hin)
    first = makers.cycle(of=team, about=idea, by=cast.hin)
    with pytest.raises(Conflict, match="not decided"):
        makers.cycle(of=team, about=idea, by=cast.hin)
    with pytest.raises(Invalid, match="Write down first"):
        teams.decide(
            cycle=first,
            version=first.version,
            decision=Decision.ADOPT,
            why="",
            on=today(),
            by=cast.hin.actor,
        )
    makers.decided(first, Decision.ADAPT, by=cast.hin)
    second = makers.decided(
        makers.cycle(of=team, about=idea, by=cast.hin), Decision.ADOPT, by=cast.hin
    )
    assert [one.number for one in cycles_of(team_ids=[team.id])] == [1, 2]
    with pytest.raises(Conflict, match="changes no more"):
        makers.decided(second, Decision.ABANDON, by=cast.hin)
    with pytest.raises(Forbidden):
        makers.cycle(of=team, about=idea, by=cast.other_hin)


def test_figures_count_teams_places_and_decisions(session: Session, cast: Cast) -> None:
    diagram = makers.diagram(by=cast.national)
    idea = makers.node("Huddle", into=diagram, by=cast.national, idea=True)
    trust = place("RT1")
    one = makers.team("One", of=diagram.programme, by=cast.hin, site=trust)
    makers.team("Two", of=diagram.programme, by=cast.hin, site=trust)
    makers.team("Home", of=diagram.programme, by=cast.other_hin, kind=TeamKind.CARE_HOME)
    makers.decided(makers.cycle(of=one, about=idea, by=cast.hin), Decision.ADAPT, by=cast.hin)
    period = Period(Quarter.of(today()), today())
    found = {(v.code, v.hin_id, v.group): v.value for v in count(period)}
    hin_id = cast.hin.actor.hin_id
    assert found[TEAMS.code, None, ""] == 3
    assert found[TEAMS.code, hin_id, "ward"] == 2
    assert found[PLACES.code, None, ""] == 1
    assert found[CYCLES.code, hin_id, "adapt"] == 1
    assert (CYCLES.code, cast.other_hin.actor.hin_id, "") not in found
    for figure in (TEAMS, PLACES, CYCLES):
        rows = rows_behind(RowsQuery(figure, period, None, "")).rows
        assert len(rows) == {TEAMS: 3, PLACES: 2, CYCLES: 1}[figure]


def test_a_lead_recruits_a_ward_and_its_three_cycles_move_the_stage(
    session: Session, cast: Cast, field: Field, as_: As
) -> None:
    """The journey by forms: recruit, plan, write down, decide three times; then the stage of the
    change idea's record at the trust, and what the pages show."""
    model = makers.diagram(by=cast.national)
    copying.link_record(
        node=makers.node("Huddle", into=model, by=cast.national, idea=True),
        innovation=field.innovation,
        by=cast.national.actor,
    )
    browser = as_(cast.hin)
    path = browser.post(f"/improvement/diagrams/{model.id}/copy", data={"name": "Wards"}).location
    diagram_id = int(path.split("/")[-2])
    idea = next(
        one for one in makers.branches(diagram_id) if one.row.words == "Huddle"
    )  # copied, with its record
    recruit = {
        "name": "Rowan ward",
        "kind": "ward",
        "site": field.places[0].code,
        "programme": makers.programme_of(diagram_id),
        "node": idea.id,
        "wave": "2",
        **makers.day("on", AGO),
    }
    team = browser.post("/improvement/teams/new", data=recruit).location
    assert team, browser.post("/improvement/teams/new", data=recruit).text
    assert "Rowan ward" in browser.get("/improvement/teams?whose=ours").text
    active = {"version": 1, "stands": "active", **makers.day("on", AGO)}
    assert "At present: recruited." in browser.get(f"{team}/status").text
    assert browser.post(f"{team}/status", data=active).location == team
    for number, decision in enumerate(("adapt", "adapt", "adopt"), start=1):
        plan = {
            "node": idea.id,
            "question": f"Question {number}",
            "plan": "One shift",
            "prediction": "Fewer falls",
            **makers.day("from_on", AGO + timedelta(days=number)),
        }
        cycle = browser.post(f"{team}/cycles/new", data=plan).location
        assert "Decided on once it is written down" in browser.get(cycle).text
        wrote = {"version": 1, "did": "Done", "studied": "Found"}
        wrote |= makers.day("to_on", AGO + timedelta(days=number + 1))
        assert browser.post(f"{cycle}/write", data=wrote).location == cycle
        act = {"version": 2, "decision": decision, **makers.day("on", today())}
        assert browser.post(f"{cycle}/decide", data=act).location == cycle
        assert browser.post(f"{cycle}/decide", data={**act, "why": "again"}).status_code == 404
    page = browser.get(cycle).text
    address = f"/innovations/{field.innovation.id}/sites/{field.places[0].id}"
    assert address in page
    said = {"state": "STAGE_5", "source": "hin", **makers.day("on", today())}
    assert browser.post(address, data=said).status_code == 302
    shown = browser.get(f"/improvement/diagrams/{diagram_id}").text
    assert "stage 5 or above <strong>1 of 5 (20%)" in shown
    assert "Question 3" in browser.get(f"/improvement/drivers/{idea.id}").text
    quarter = browser.get("/improvement/quarter").text
    assert "1 of 1 (100%) teams" in quarter
    glance = browser.get("/improvement").text
    assert "1 team at 1 place" in glance
    model_page = as_(cast.ics).get(f"/improvement/drivers/{makers.leaf(model.id)}").text
    assert "Question 1" in model_page  # who tried the copy tried the model


def test_a_page_of_many_teams_takes_few_statements(
    session: Session, cast: Cast, as_: As, statements: Statements
) -> None:
    diagram = makers.diagram(by=cast.national)
    idea = makers.node("Huddle", into=diagram, by=cast.national, idea=True)
    for number in range(12):
        team = makers.team(f"Ward {number}", of=diagram.programme, by=cast.hin)
        makers.cycle(of=team, about=idea, by=cast.hin)
    browser = as_(cast.hin)
    for path, most in (
        ("/improvement/teams", 14),
        (f"/improvement/programmes/{diagram.programme_id}", 30),
        (f"/improvement/drivers/{idea.id}", 20),
        ("/improvement", 25),
        ("/improvement/quarter", 20),
    ):
        browser.get(path)
        with statements.at_most(most):
            assert browser.get(path).status_code == 200


def test_what_may_be_tested_is_read_at_once_however_many_diagrams_there_are(
    session: Session, cast: Cast, statements: Statements
) -> None:
    made = [makers.programme(f"Programme {number}", by=cast.national) for number in range(4)]
    for number, one in enumerate(made):
        makers.node(
            f"Idea {number}", into=makers.diagram(by=cast.national, of=one), by=cast.national
        )
    session.flush()
    with statements.at_most(2):
        found = nodes_to_choose([one.id for one in made], today())
    assert [(name, [one.row.words for one in nodes]) for name, nodes in found] == [
        (f"Programme {number}", [f"Idea {number}"]) for number in range(4)
    ]


def test_a_cycle_of_another_team_is_not_found(session: Session, cast: Cast, as_: As) -> None:
    diagram = makers.diagram(by=cast.national)
    idea = makers.node("Huddle", into=diagram, by=cast.national, idea=True)
    one = makers.team("One", of=diagram.programme, by=cast.hin)
    other = makers.team("Other", of=diagram.programme, by=cast.hin)
    cycle = makers.cycle(of=one, about=idea, by=cast.hin)
    path = f"/improvement/teams/{other.id}/cycles/{cycle.id}"
    assert as_(cast.hin).get(path).status_code == 404
    assert session.get_one(Cycle, cycle.id).number == 1
    assert as_(cast.innovator).get(f"/improvement/teams/{one.id}").status_code == 403


def test_forms_of_teams_offer_today(session: Session, cast: Cast, as_: As) -> None:
    idea = makers.node("Huddle", into=makers.diagram(by=cast.national), by=cast.national)
    team = makers.team(of=idea.diagram.programme, by=cast.hin, node=idea)
    for address in ("/improvement/teams/new", f"/improvement/teams/{team.id}/cycles/new"):
        page = as_(cast.hin).get(address).text
        for name in ("day", "month", "year"):
            field = re.search(rf'<input[^>]*name="(on|from_on)-{name}"[^>]*>', page)
            assert field, address
            assert f'value="{getattr(today(), name)}"' in field[0], (address, field[0])

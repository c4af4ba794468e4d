"""What programs read: the same as pages show, in parts, by number."""

from datetime import date, timedelta

import pytest

from portal.challenges.models import ChallengeState, Readers
from portal.clock import now, today
from portal.figures.services import freeze_figures
from portal.innovations.models import RecordStatus, Sharing
from portal.reference.models import IcsName
from portal.reference.rules import Quarter
from portal.support.models import InteractionKind
from portal.support.queries import engagement_of
from portal.support.services.interactions import InteractionDetails, log
from tests import makers


@pytest.fixture
def three(cast, session):
    rows = {
        "public": makers.innovation("Breath counter", of=cast.innovator, sharing=Sharing.PUBLIC),
        "icss": makers.innovation("Breath alarm", of=cast.innovator, sharing=Sharing.HINS_AND_ICSS),
        "hins": makers.innovation("Breath atlas", of=cast.innovator, sharing=Sharing.HINS),
        "draft": makers.innovation(
            "Breath draft", of=cast.innovator, status=RecordStatus.DRAFT, sharing=Sharing.PUBLIC
        ),
    }
    session.commit()
    return {name: row.id for name, row in rows.items()}


def ids(items):
    return {item["id"] for item in items}


def test_the_search_finds_what_each_reader_may_see_and_says_why(app, three, anybody, by, cast):
    app.test_cli_runner().invoke(args=["search", "rebuild"])
    found = anybody.get("/innovations?q=breath")
    assert ids(found["items"]) == {three["public"]}
    assert found["said"] == "1 result for “breath”"
    assert found["items"][0]["matched_fields"][0] == "name"
    stage = next(one for one in found["facets"] if one["name"] == "stage")
    assert [(v["value"], v["count"]) for v in stage["values"]] == [("READY", 1)]
    assert ids(by(cast.ics).get("/innovations?q=breath")["items"]) == {
        three["public"],
        three["icss"],
    }
    assert len(by(cast.hin).get("/innovations?q=breath&stage=READY")["items"]) == 3


def test_a_long_search_goes_on_from_its_cursor(app, anybody, cast, session):
    for number in range(25):
        makers.innovation(f"Falls {number}", of=cast.innovator, sharing=Sharing.PUBLIC, opens=False)
    session.commit()
    app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert len(ids(anybody.every("/innovations?sort=name"))) == 25
    assert len(ids(anybody.every("/innovations?q=falls"))) == 25


def test_a_whole_record_is_what_its_export_has(three, anybody, by, as_, cast):
    number = three["public"]
    program = by(cast.hin).get(f"/innovations/{number}")
    exported = as_(cast.hin).get(f"/innovations/{number}/export.json").get_json()
    exported.pop("exported_at")
    assert program == exported
    first = anybody.ask(f"/innovations/{number}")
    known = {"If-None-Match": first.headers["ETag"]}
    assert anybody.ask(f"/innovations/{number}", headers=known).status_code == 304
    assert "people" not in anybody.get(f"/innovations/{number}")
    for hidden in ("icss", "hins", "draft"):
        assert anybody.ask(f"/innovations/{three[hidden]}").status_code == 404


def test_the_list_of_records_is_that_of_the_page_in_parts(three, by, cast):
    assert ids(by(cast.innovator).every("/records?limit=1")) == set(three.values())
    staff = by(cast.hin).every("/records?limit=2")
    assert ids(staff) == {three["public"], three["icss"], three["hins"]}
    assert ids(by(cast.other_innovator).every("/records")) == set()
    assert {one["sharing"] for one in staff} == {"public", "hins_and_icss", "hins"}
    assert {one["sharing"] for one in by(cast.ics).every("/records")} == {None}


def test_challenges_are_those_that_the_reader_may_see(anybody, by, cast, session):
    nhs = makers.challenge("For the NHS", of=cast.ics, contact_email="few@example.org")
    out = makers.challenge("For all", of=cast.ics, readers=Readers.PUBLIC)
    makers.challenge("Drafted", of=cast.ics, state=ChallengeState.DRAFT, readers=Readers.PUBLIC)
    session.commit()
    assert ids(anybody.every("/challenges")) == {out.id}
    assert ids(by(cast.innovator).every("/challenges")) == {out.id}
    program = by(cast.other_ics)
    assert ids(program.every("/challenges?limit=1")) == {nhs.id, out.id}
    assert "few@example.org" not in program.ask(f"/challenges/{nhs.id}").text
    assert anybody.ask(f"/challenges/{nhs.id}").status_code == 404


def test_private_interactions_are_their_networks_alone(three, by, cast, session):
    case = engagement_of(three["public"], cast.hin.actor.hin_id)
    told = {"kind": InteractionKind.CALL, "on": today(), "minutes": 30}
    for is_private in (True, False):
        details = InteractionDetails(
            **told,
            kind_ids=[makers.term_of_support().id],
            note=f"private: {is_private}",
            is_private=is_private,
        )
        log(engagements=[case], details=details, by=cast.hin.actor)
    session.commit()
    about = f"/interactions?innovation={three['public']}"

    def notes(who):
        return {one["note"] for one in by(who).every(about)}

    assert notes(cast.hin) == {"private: True", "private: False"}
    for who in (cast.other_hin, cast.national, cast.innovator):
        assert notes(who) == {"private: False"}
    for who in (cast.ics, cast.other_innovator):
        assert notes(who) == set()
    assert {one["hin"]["code"] for one in by(cast.innovator).every("/engagements")} == {"HI-WM"}
    assert by(cast.ics).every("/engagements") == []


def test_matches_are_for_staff_and_tell_their_reasons(by, cast, session):
    from tests.world import _matched

    challenge = makers.challenge("Falls at home", of=cast.ics)
    one = makers.innovation("Rail", of=cast.innovator, sharing=Sharing.PUBLIC)
    _matched(cast, challenge, one)
    session.commit()
    found = by(cast.ics).get(f"/challenges/{challenge.id}/matches")["items"]
    assert [(row["innovation"]["name"], row["is_proven"]) for row in found] == [("Rail", False)]
    assert by(cast.innovator).ask(f"/challenges/{challenge.id}/matches").status_code == 404


def test_the_nations_figures_are_for_everybody_once_they_are_settled(anybody, by, cast, session):
    quarter = Quarter.of(today()).previous
    path = f"/figures/national?quarter={quarter.code}"
    assert anybody.ask(path).status_code == 404
    makers.innovation("Counted", of=cast.innovator, submitted_at=now() - timedelta(days=100))
    freeze_figures(quarter=quarter, by=cast.national.actor)
    session.commit()
    assert anybody.get("/figures/quarters")["items"] == [
        {"quarter": quarter.code, "label": quarter.label}
    ]
    for value in anybody.get(path)["values"]:
        assert value["network"] is None
    live = by(cast.hin).get(f"/figures?quarter={Quarter.of(today()).code}")
    assert {one["network"] for one in live["values"]} <= {None, "HI-WM"}
    assert any(one["network"] == "HI-WM" for one in live["values"])
    assert by(cast.ics).ask(f"/figures?quarter={Quarter.of(today()).code}").status_code == 404


def test_the_pipeline_by_stage_counts_the_nation(three, anybody, as_, cast):
    found = anybody.get("/figures/pipeline")
    assert found["total"] == 3
    ready = next(one for one in found["stages"] if one["stage"]["code"] == "READY")
    assert ready["innovations"] == 3
    rows = as_(cast.ics).get("/pipeline.csv").text
    assert f"{ready['stage']['label']},3" in rows.replace('"', "")
    assert anybody.ask(f"/figures/pipeline?day={today() + timedelta(days=1)}").status_code == 422


def test_reference_data_has_its_days(anybody):
    icss = {one["code"]: one for one in anybody.get("/reference/icss")["items"]}
    ended = [one for one in icss.values() if one["valid_to"]]
    assert all(one["valid_from"] < one["valid_to"] for one in ended)
    assert all(later["code"] in icss for one in ended for later in one["became"])
    hins = anybody.get("/reference/hins")["items"]
    assert len(hins) == 15
    assert all(one["serves"] for one in hins)
    terms = anybody.get("/reference/terms?vocabulary=development_stage")["items"]
    assert {"READY"} < {one["code"] for one in terms}
    assert len(anybody.get("/reference/bank-holidays")["items"]) > 8


def test_lists_cost_no_statement_for_each_row(by, cast, session, statements):
    def count(path):
        statements.ran.clear()
        program.get(path)
        return len(statements.ran)

    program = by(cast.hin)
    paths = ("/records", "/engagements", "/challenges", "/interactions")
    program.get("/me")

    def more(times):
        for number in range(times):
            one = makers.innovation(f"Many {number} of {times}", of=cast.innovator)
            makers.challenge(f"Many {number} of {times}", of=cast.ics)
            case = engagement_of(one.id, cast.hin.actor.hin_id)
            kinds = [makers.term_of_support().id]
            details = InteractionDetails(
                kind=InteractionKind.CALL, on=today(), minutes=30, kind_ids=kinds
            )
            log(engagements=[case], details=details, by=cast.hin.actor)
        session.commit()

    more(2)
    few = {path: count(path) for path in paths}
    more(4)
    assert {path: count(path) for path in paths} == few
    assert max(few.values()) < 12, few


def test_a_cursor_of_another_list_is_refused(by, cast, session):
    for number in range(2):
        makers.innovation(f"One {number}", of=cast.innovator, sharing=Sharing.HINS)
    session.commit()
    program = by(cast.hin)
    cursor = program.get("/records?limit=1")["next"].rpartition("cursor=")[2]
    for path in ("/challenges", "/changes", "/engagements", "/interactions", "/innovations"):
        answer = program.ask(f"{path}?cursor={cursor}")
        assert answer.status_code in (400, 422), path
        assert "as this list gave it" in answer.get_json()["detail"]


def test_the_names_that_systems_and_networks_had_are_told_with_their_days(anybody, cast, session):
    system = cast.ics.organisation.ics
    session.add(IcsName(ics=system, name="Old Shires", valid_to=date(2024, 3, 31)))
    session.add(IcsName(ics=system, name=system.name, valid_from=date(2024, 4, 1)))
    session.commit()
    found = {one["code"]: one for one in anybody.get("/reference/icss")["items"]}
    assert found[system.code]["names"] == [
        {"name": "Old Shires", "valid_from": None, "valid_to": "2024-03-31"},
        {"name": system.name, "valid_from": "2024-04-01", "valid_to": None},
    ]
    assert all("names" in one for one in anybody.get("/reference/hins")["items"])

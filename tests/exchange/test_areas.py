"""The public pages of integrated care systems: what they say, to whom, whose word it is."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from sqlalchemy import select

from portal.challenges.models import ChallengeState, Readers
from portal.clock import PartialDate, Precision, today
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, Outdated
from portal.exchange.forms.areas import form_for
from portal.exchange.models import ContentKind
from portal.exchange.models.areas import AreaFact, FactKind
from portal.exchange.queries.areas import area_called, facts_of, may_edit, speaks_for
from portal.exchange.rules.areas import (
    FactText,
    number_words,
    said_by,
    shown_day,
    with_those_before,
)
from portal.exchange.services import areas as services
from portal.exchange.services.areas_loading import FILE, load
from portal.innovations.models import Adoption, AdoptionState, Sharing, Use
from portal.innovations.models.adoption import AdoptionSource
from portal.matching.models import UnmetNeed
from portal.matching.services.judging import publish_unmet, unpublish_unmet
from portal.reference.models import Ics
from portal.reference.rules.tiles import TILES
from tests import makers
from tests.adoption.conftest import place
from tests.exchange.makers import draft, published

MIDLANDS = {"QT1", "QWU", "QJM", "QUA", "QHL", "QK1", "QPM", "QJ2", "QGH", "QOC", "QNC"}
AREA = "/exchange/ics/QWU"


@pytest.fixture
def facts(session):
    """The facts that come with the product."""
    load()
    return session.scalars(select(AreaFact)).all()


def words_of(page) -> str:
    """What a page says, without its markup."""
    return " ".join(html.fromstring(page.text).text_content().split())


def strategy(code: str = "QWU") -> AreaFact:
    return next(one for one in facts_of(makers.ics(code)) if one.kind is FactKind.STRATEGY)


# What comes with the product -----------------------------------------------------------------


def test_eleven_systems_come_with_sources_days_and_how_sure_it_is(facts):
    assert {one.ics.code for one in facts} == MIDLANDS
    assert all(one.source and one.published and one.confidence for one in facts)
    assert all(one.counts and one.unit for one in facts if one.value is not None)
    for code in MIDLANDS:
        kinds = {one.kind for one in facts if one.ics.code == code}
        assert {FactKind.STRATEGY, FactKind.PRIORITY} <= kinds, code


def test_no_need_that_we_derived_stands_among_them():
    """What a source's facts imply is no post of that system."""
    with FILE.open(encoding="utf-8", newline="") as file:
        assert {row["kind"] for row in csv.DictReader(file)} == {kind.value for kind in FactKind}


def test_loading_again_changes_nothing_and_leaves_the_systems_own_word_alone(facts, cast):
    assert list(load().lines()) == []
    changed, gone = strategy(), facts_of(makers.ics("QWU"))[-1]
    said = FactText(words="Our new strategy", ends=PartialDate(date(2031, 1, 1), Precision.YEAR))
    services.change(fact=changed, said=said, version=changed.version, by=cast.ics.actor)
    services.withdraw(fact=gone, version=gone.version, by=cast.ics.actor)
    assert list(load().lines()) == []
    assert (changed.words, changed.until_on) == ("Our new strategy", date(2031, 12, 31))
    assert gone.withdrawn_at is not None


def test_a_file_that_changed_changes_what_nobody_touched(facts, tmp_path):
    text = FILE.read_text(encoding="utf-8").replace("Green services that last", "Green services")
    other = tmp_path / "facts.csv"
    other.write_text(text, encoding="utf-8")
    assert list(load(other).lines()) == ["area facts: 1 changed"]


# What a page says ----------------------------------------------------------------------------


def test_a_stranger_reads_strategy_priorities_and_work_with_their_source(facts, client):
    said = words_of(client.get("/exchange/ics/QUA"))
    assert "Initial integrated care strategy, 2023 to 2025. Initial" in said
    assert "Research and innovation, over five years" in said
    assert "Investment: £4,100,000 (March 2023)" in said
    assert "HTN, feature on the integrated care systems of the Midlands, 2023" in said
    assert "Health Innovation West Midlands" in said
    assert "Birmingham and Solihull" in said.split("Neighbours")[-1]
    assert "Derby and Derbyshire" in said.split("Neighbours")[-1]
    assert "Change what this page says" not in said


def test_a_number_says_what_it_counts_and_what_is_unsure(facts, client):
    said = words_of(client.get("/exchange/ics/QT1"))
    assert "Participants who wholly avoided admission: more than 60 %" in said
    assert "How many took part is not given." in said
    assert "(fairly sure)" in words_of(client.get("/exchange/ics/QHL"))


def test_a_system_of_which_nothing_is_said_says_so(facts, client):
    said = words_of(client.get("/exchange/ics/QVV"))
    assert "Nothing is published here yet" in said
    assert "Dorset has no open challenge that anybody may read." in said
    assert "Dorset has published no unmet need." in said
    assert "No published innovation is known to be in use here." in said


def test_only_public_open_challenges_stand_there_and_calls_first(client, cast, session):
    shown = makers.challenge("For industry", of=cast.ics, readers=Readers.PUBLIC)
    for title, values in {
        "For the NHS": {"readers": Readers.NHS},
        "For the registered": {"readers": Readers.REGISTERED},
        "A draft": {"readers": Readers.PUBLIC, "state": ChallengeState.DRAFT},
        "Closed": {"readers": Readers.PUBLIC, "state": ChallengeState.CLOSED},
    }.items():
        makers.challenge(title, of=cast.ics, **values)
    makers.challenge("Of others", of=cast.other_ics, readers=Readers.PUBLIC)
    part = words_of(client.get(AREA)).split("Open challenges and calls")[-1].split("Unmet needs")[0]
    assert shown.title in part
    for title in ("For the NHS", "For the registered", "A draft", "Closed", "Of others"):
        assert title not in part


def test_what_is_in_use_is_counted_by_stage_and_names_no_place(client, cast, session):
    public = makers.innovation("SteadyHome", of=cast.innovator, sharing=Sharing.PUBLIC)
    hidden = makers.innovation("FallSense", of=cast.innovator, sharing=Sharing.HINS_AND_ICSS)
    there = [place(f"RW{n}") for n in range(3)]
    for record in (public, hidden):
        for site, state in zip(there, ("STAGE_5", "STAGE_5", "STAGE_3"), strict=True):
            makers.put(
                Adoption(
                    innovation_id=record.id,
                    site_id=site.id,
                    state=AdoptionState(state),
                    on=today() - timedelta(days=9),
                    source=AdoptionSource.HIN,
                )
            )
        since = today() - timedelta(days=9)
        makers.put(Use(innovation_id=record.id, directory_site_id=there[0].id, from_on=since))
    said = words_of(client.get(AREA))
    assert "SteadyHome" in said
    assert "adopted: 2; training and preparation: 1" in said
    assert "FallSense" not in said
    assert "Trust RW0" not in said
    assert "SteadyHome" not in words_of(client.get("/exchange/ics/QOP"))


def test_an_unmet_need_stands_there_once_its_system_chose_to_say_so(client, cast, as_, session):
    challenge = makers.challenge("Too many falls", of=cast.ics, readers=Readers.PUBLIC)
    unmet = UnmetNeed(
        challenge_id=challenge.id, organisation_id=cast.ics.organisation.id, note="For colleagues"
    )
    makers.put(unmet)
    assert "has published no unmet need" in words_of(client.get(AREA))
    url = f"/challenges/{challenge.id}/matches/none/publish"
    assert "For colleagues" in as_(cast.ics).get(url).text
    assert "Enter what would fit" in as_(cast.ics).post(url, data={"words": " "}).text
    as_(cast.ics).post(url, data={"words": "One without broadband"})
    said = words_of(client.get(AREA))
    assert "One without broadband" in said
    assert "For colleagues" not in said
    challenge.readers = Readers.NHS
    session.flush()
    assert "One without broadband" not in words_of(client.get(AREA))
    with pytest.raises(Invalid, match="Publish the challenge first"):
        publish_unmet(unmet=unmet, words="Again", by=cast.ics.actor)
    challenge.readers = Readers.PUBLIC
    unpublish_unmet(unmet=unmet, by=cast.ics.actor)
    assert "One without broadband" not in words_of(client.get(AREA))
    assert unmet.public_words == ""


# Addresses, mergers, caches ------------------------------------------------------------------


def test_a_system_that_ended_shows_how_it_stood_and_what_followed(client):
    said = words_of(client.get("/exchange/ics/QM7"))
    assert "ended on 31 March 2026. This page says how it stood then." in said
    assert "Central East (Hertfordshire)" in said
    assert "Essex (West Essex)" in said
    after = words_of(client.get("/exchange/ics/X26-CENTRAL-EAST"))
    assert "1 April 2026, formed of" in after
    assert "Hertfordshire and West Essex (Hertfordshire)" in after


def test_what_one_that_ended_still_asks_for_stands_with_who_followed(client, cast, session):
    old = makers.ics("QHG")
    asks = makers.organisation("Bedfordshire ICS", kind="ics", ics=old)
    makers.challenge("Asked before", of=cast.ics, organisation=asks, readers=Readers.PUBLIC)
    said = words_of(client.get("/exchange/ics/X26-CENTRAL-EAST"))
    assert "Asked before" in said
    assert "stated by Bedfordshire ICS" in said
    rows = list(csv.DictReader(io.StringIO(client.get("/exchange/ics.csv").text.lstrip("\ufeff"))))
    found = {row["Code"]: row["Open challenges that anybody may read"] for row in rows}
    assert found["X26-CENTRAL-EAST"] == "1"
    assert "QHG" not in found


def test_other_ways_to_write_a_code_lead_to_the_one_address(client, cast, as_, session):
    makers.ics("X26-ESSEX").ods_code = "QES"
    session.flush()
    for written in ("x26-essex", "QES", "qes"):
        answer = client.get(f"/exchange/ics/{written}")
        assert (answer.status_code, answer.location) == (301, "/exchange/ics/X26-ESSEX")
    page = client.get("/exchange/ics/X26-ESSEX").text
    assert '<link rel="canonical" href="http://localhost/exchange/ics/X26-ESSEX">' in page
    assert as_(cast.ics).get("/exchange/ics/NOWHERE").status_code == 404


@pytest.mark.parametrize("path", ["/exchange/ics", AREA])
def test_strangers_get_no_cookie_and_what_they_have_is_not_sent_again(client, cast, as_, path):
    first = client.get(path)
    assert "Set-Cookie" not in first.headers
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    makers.challenge("New", of=cast.ics, readers=Readers.PUBLIC)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert "ETag" not in as_(cast.ics).get(path).headers


@pytest.mark.parametrize(("path", "limit"), [("/exchange/ics", 7), (AREA, 13)])
def test_a_page_asks_few_questions_however_much_it_shows(
    facts, client, cast, statements, path, limit
):
    for number in range(5):
        makers.challenge(f"Need {number}", of=cast.ics, readers=Readers.PUBLIC)
        makers.innovation(f"Thing {number}", of=cast.innovator, sharing=Sharing.PUBLIC)
    db.session.commit()
    with statements.at_most(limit):
        client.get(path)


def test_the_map_and_the_list_lead_to_every_system_of_today(client, session):
    page = html.fromstring(client.get("/exchange/ics").text)
    of_map = {one.get("href") for one in page.xpath("//svg//a")}
    of_list = {one.get("href") for one in page.xpath("//table//a")}
    there = session.scalars(select(Ics.code).where(Ics.valid_to.is_(None))).all()
    assert of_map == of_list == {f"/exchange/ics/{code}" for code in there}
    assert {one.get("tabindex") for one in page.xpath("//svg//a")} == {"-1"}
    assert len(TILES) == 42


def test_what_is_published_about_a_system_stands_on_its_page(client, cast, session):
    mine = {"ics_id": cast.ics.organisation.ics_id}
    published(
        ContentKind.CASE_STUDY, by=cast.hin, second=cast.national, title="Fewer falls", **mine
    )
    published(ContentKind.CASE_STUDY, by=cast.hin, second=cast.national, title="Elsewhere")
    draft(ContentKind.CASE_STUDY, by=cast.hin, title="Not yet", **mine)
    session.commit()
    page = client.get(AREA).text
    assert "Fewer falls" in page
    assert "Elsewhere" not in page
    assert "Not yet" not in page


# Whose word it is ----------------------------------------------------------------------------


def test_a_lead_changes_it_and_it_stands_as_the_systems_own_word(facts, cast, as_, client):
    fact = strategy()
    url = f"{AREA}/facts/{fact.id}"
    sent = {
        "words": "Care for all",
        "state": "",
        "note": "",
        "ends-year": "2031",
        "version": fact.version,
    }
    assert as_(cast.ics).post(url, data=sent).status_code == 302
    said = words_of(client.get(AREA))
    assert "Care for all, until 2031 (its own word, " in said
    history = words_of(as_(cast.hin).get(f"{AREA}/history"))
    assert "Isla Ward" in history
    assert "What it is called: from Integrated care strategy to Care for all" in history
    assert "Isla Ward" not in said


def test_only_its_own_leads_change_it(facts, cast, as_, session):
    ics = makers.ics("QWU")
    member = makers.user("Mia Member")
    makers.membership(member, cast.ics.organisation, cast.ics.membership.role)
    from tests.cast import Person

    colleague = Person(member, member.memberships[0])
    assert may_edit(cast.ics.actor, ics)
    for person in (colleague, cast.other_ics, cast.hin, cast.national, cast.administrator):
        assert not may_edit(person.actor, ics)
        with pytest.raises(Forbidden):
            services.add(
                ics=ics, kind=FactKind.PRIORITY, said=FactText(words="No"), by=person.actor
            )
    assert as_(colleague).get(f"{AREA}/history").status_code == 200
    assert "Change what this page says" not in as_(colleague).get(AREA).text
    assert "Change what this page says" in as_(cast.ics).get(AREA).text


def test_after_a_merger_its_leads_speak_for_the_one_that_followed(cast, session):
    old, parted = makers.ics("QHG"), makers.ics("QM7")
    of_old = makers.organisation("Bedfordshire ICS", kind="ics", ics=old)
    of_parted = makers.organisation("Hertfordshire ICS", kind="ics", ics=parted)
    lead, other = makers.user("Lea Old"), makers.user("Hal Parted")
    role = cast.ics.membership.role
    from tests.cast import Person

    one = Person(lead, makers.membership(lead, of_old, role, is_lead=True)).actor
    two = Person(other, makers.membership(other, of_parted, role, is_lead=True)).actor
    new = area_called("X26-CENTRAL-EAST")
    assert may_edit(one, new)
    assert not may_edit(one, old)
    assert speaks_for(two) == frozenset()


def test_the_second_of_two_to_save_is_told(facts, cast, as_):
    fact = strategy()
    seen = fact.version
    services.change(fact=fact, said=FactText(words="First"), version=seen, by=cast.ics.actor)
    with pytest.raises(Outdated):
        services.change(fact=fact, said=FactText(words="Second"), version=seen, by=cast.ics.actor)
    sent = {"words": "Second", "version": seen}
    answer = as_(cast.ics).post(f"{AREA}/facts/{fact.id}", data=sent)
    assert answer.status_code == 409
    assert 'value="Second"' in answer.text


def test_what_was_sent_as_it_stood_stays_the_sources_word(facts, app, cast, session):
    with app.test_request_context():
        for fact in facts:
            filled = form_for(fact.kind, fact)
            assert filled.said() == said_by(fact), fact.words
    fact = next(one for one in facts if one.ics.code == "QWU")
    services.change(fact=fact, said=said_by(fact), version=fact.version, by=cast.ics.actor)
    assert (fact.is_own, bool(fact.source)) == (False, True)


def test_what_is_taken_off_is_gone_from_the_page_and_kept_in_the_trail(
    facts, cast, as_, client, session
):
    fact = strategy()
    url = f"{AREA}/facts/{fact.id}/withdraw"
    assert "Nobody reads it on the page any more" in as_(cast.ics).get(url).text
    as_(cast.ics).post(url, data={"version": fact.version})
    session.refresh(fact)
    assert fact.withdrawn_at is not None
    assert as_(cast.ics).get(url).status_code == 404
    assert "Integrated care strategy" not in words_of(client.get(AREA))
    assert (
        "Took “Integrated care strategy” off the page" in as_(cast.ics).get(f"{AREA}/history").text
    )
    with pytest.raises(Conflict):
        services.withdraw(fact=fact, version=fact.version, by=cast.ics.actor)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"words": ""}, "Enter what the work is called"),
        ({"words": "Wards", "value": "12"}, "Enter what the number counts"),
        ({"words": "Wards", "value": "12", "counts": "Wards"}, "Enter the unit of the number"),
        ({"words": "Wards", "counts": "Wards"}, "Enter the number"),
        ({"words": "Wards", "value": "twelve"}, "number must be a number"),
        ({"words": "Wards", "link": "not an address"}, "Enter a website address"),
    ],
)
def test_a_number_without_its_meaning_is_refused_and_what_was_typed_stays(cast, as_, sent, said):
    answer = as_(cast.ics).post(f"{AREA}/facts/add/project", data=sent)
    assert said in words_of(answer)
    for value in filter(None, sent.values()):
        assert value in answer.text


def test_an_end_before_the_beginning_is_refused(cast, as_):
    sent = {"words": "Plan", "begins-year": "2030", "ends-year": "2029"}
    answer = as_(cast.ics).post(f"{AREA}/facts/add/strategy", data=sent)
    assert "The end must be after the beginning" in answer.text


def test_what_was_added_stands_at_the_end_of_its_kind(cast, as_, client):
    browser = as_(cast.ics)
    for words in ("Warm homes", "Fewer falls"):
        browser.post(f"{AREA}/facts/add/priority", data={"words": words})
    said = words_of(client.get(AREA))
    assert said.index("Warm homes") < said.index("Fewer falls")
    sent = {"words": "Wards", "value": "1500.5", "unit": "people", "counts": "People seen"}
    browser.post(f"{AREA}/facts/add/project", data=sent)
    assert "People seen: 1,500.5 people" in words_of(client.get(AREA))
    listed = browser.get(f"{AREA}/facts")
    assert "Fewer falls" in listed.text


# Rules ---------------------------------------------------------------------------------------


@given(st.sets(st.tuples(st.integers(1, 8), st.integers(1, 8)), max_size=20), st.integers(1, 8))
def test_those_before_are_all_from_which_a_way_leads_there(became, number):
    found = with_those_before(number, became)
    assert number in found
    assert {before for before, after in became if after in found} <= found
    step, steps = {number}, {number}
    for _ in range(9):
        step = {before for before, after in became if after in step}
        steps |= step
    assert found == steps


def test_an_area_is_shown_for_today_or_for_its_last_or_first_day():
    day, before, after = date(2026, 6, 1), date(2026, 3, 31), date(2026, 7, 1)
    assert shown_day(None, date(2022, 7, 1), day) == day
    assert shown_day(before, date(2022, 7, 1), day) == before
    assert shown_day(after, date(2022, 7, 1), day) == day
    assert shown_day(None, after, day) == after


@pytest.mark.parametrize(
    ("value", "said"), [("4100000.0000", "4,100,000"), ("60.0000", "60"), ("1500.5", "1,500.5")]
)
def test_a_number_is_said_without_zeros_that_nobody_typed(value, said):
    from decimal import Decimal

    assert number_words(Decimal(value)) == said

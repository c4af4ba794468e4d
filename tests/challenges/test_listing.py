"""Everybody finds the challenges that they may read, and only those."""

import io
import itertools

import openpyxl
import pytest
from sqlalchemy import select

from portal.accounts.models import ANONYMOUS
from portal.challenges.models import Challenge, ChallengeState, Readers
from portal.challenges.policy import can_see
from portal.challenges.queries import visible_to
from portal.reference.models import Vocabulary
from portal.reference.queries import terms
from tests import makers


@pytest.fixture
def several(cast, session):
    """Three open challenges of different places, settings and readers, one closed, one draft."""
    setting = terms(Vocabulary.CARE_SETTING)
    condition = terms(Vocabulary.CONDITION)
    found = {
        "falls": makers.challenge("Falls in care homes", of=cast.ics, readers=Readers.PUBLIC),
        "stroke": makers.challenge("Stroke at home", of=cast.other_ics, readers=Readers.REGISTERED),
        "nation": makers.challenge("Waiting for a scan", of=cast.national, is_national=True),
        "closed": makers.challenge("Answered", of=cast.ics, state=ChallengeState.CLOSED),
        "draft": makers.challenge("Not yet", of=cast.ics, state=ChallengeState.DRAFT),
    }
    found["falls"].terms = [setting[0], condition[0]]
    found["stroke"].terms = [setting[0], setting[1]]
    session.commit()
    return found


def test_policy_and_sql_agree_on_who_sees_what(cast, session):
    made = [
        makers.challenge(f"{state.value} {readers.value}", of=person, state=state, readers=readers)
        for person, state, readers in itertools.product(
            (cast.ics, cast.hin, cast.national), ChallengeState, Readers
        )
    ]
    for actor in (ANONYMOUS, *(getattr(cast, kind).actor for kind in cast.KINDS)):
        seen = set(session.scalars(select(Challenge.id).where(visible_to(actor))))
        assert seen == {row.id for row in made if can_see(actor, row)}, actor


def test_each_reader_finds_what_they_may_read(several, cast, as_, client):
    def titles(browser):
        page = browser.get("/challenges").text
        return {key for key, row in several.items() if row.title in page}

    assert titles(client) == {"falls"}
    assert titles(as_(cast.innovator)) == {"falls", "stroke"}
    assert titles(as_(cast.other_ics)) == {"falls", "stroke", "nation"}
    assert "Not yet" in as_(cast.ics).get("/challenges?state=mine").text
    assert "Not yet" not in as_(cast.other_ics).get("/challenges?state=mine").text
    assert "Answered" in as_(cast.ics).get("/challenges?state=closed").text


def test_filters_narrow_the_list_and_count_what_they_would_show(several, cast, as_):
    browser = as_(cast.hin)
    setting = terms(Vocabulary.CARE_SETTING)
    page = browser.get(f"/challenges?care_setting={setting[1].code}").text
    assert "Stroke at home" in page
    assert "Falls in care homes" not in page
    assert f'{setting[0].label} <span class="nhsuk-u-secondary-text-colour">(2)' in page
    group = terms(Vocabulary.CONDITION)[0].group
    page = browser.get("/challenges", query_string={"condition": group}).text
    assert "Falls in care homes" in page
    assert "Stroke at home" not in page
    page = browser.get("/challenges?ics=QOP").text
    assert "Stroke at home" in page
    assert "Falls in care homes" not in page
    region = cast.ics.organisation.ics.region.code
    page = browser.get(f"/challenges?region={region}").text
    assert "Falls in care homes" in page
    assert "Stroke at home" not in page


def test_an_unknown_filter_or_page_is_no_error(several, client):
    page = client.get("/challenges?care_setting=NONE&region=%00&state=odd&page=99&sort=-no").text
    assert "Falls in care homes" in page


def test_nothing_found_says_what_to_do(several, client):
    code = terms(Vocabulary.CARE_SETTING)[1].code
    assert "Clear the filters" in client.get(f"/challenges?care_setting={code}").text


def test_long_lists_come_in_pages_of_twenty(cast, as_):
    for number in range(23):
        makers.challenge(f"Challenge number {number:02}", of=cast.ics)
    page = as_(cast.hin).get("/challenges?sort=title&page=2").text
    assert "Showing 21 to 23 of 23 challenges" in page
    assert "Challenge number 20" in page
    assert "Challenge number 19" not in page


def test_the_list_can_be_sorted(several, cast, as_):
    page = as_(cast.hin).get("/challenges?sort=title").text
    places = [page.index(several[key].title) for key in ("falls", "stroke", "nation")]
    assert places == sorted(places)


@pytest.mark.parametrize("person", ["ics", "hin", "innovator"])
def test_the_list_takes_at_most_eight_statements(cast, as_, statements, person):
    for number in range(25):
        makers.challenge(f"Challenge {number}", of=cast.ics, readers=Readers.PUBLIC)
    browser = as_(getattr(cast, person))
    browser.get("/challenges")
    with statements.at_most(8):
        assert browser.get("/challenges").status_code == 200


def test_downloads_hold_what_the_reader_may_read(several, cast, as_, client):
    assert "Waiting for a scan" not in client.get("/challenges.csv").text
    assert "Waiting for a scan" in as_(cast.ics).get("/challenges.csv").text
    body = as_(cast.hin).get("/challenges.xlsx?ics=QOP").data
    book = openpyxl.load_workbook(io.BytesIO(body))
    rows = list(book["Data"].iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["Challenge", "Stroke at home"]
    assert ("Integrated care system", cast.other_ics.organisation.ics.name) in list(
        book["About"].iter_rows(values_only=True)
    )

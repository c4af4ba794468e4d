"""What looks close to a challenge while it is typed: quick, honest, and for its writer's eyes."""

import os
import random
import re
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete, func, not_, select

from portal.audit.models import AuditEvent
from portal.challenges.models import Challenge, ChallengeState
from portal.innovations.models import Innovation, RecordStatus, Sharing
from portal.innovations.queries import visible_to
from portal.matching import services
from portal.matching.engine import Asking, Catalogue, Matcher, Need, Solution
from portal.matching.engine.glance import StemCounts
from portal.reference.models import Vocabulary
from portal.stores import StoredFile
from tests import makers
from tests.matching.world import innovation, matched

URL = "/challenges/preview"
TYPED = {
    "title": "Too many falls of residents in care homes",
    "problem": "Nobody spots the risk of falls early.",
    "how_many": "many",
    "needed_by-day": "41",
    "readers": "public",
}


def close(page: str) -> str:
    """What the page says of what looks close."""
    return page[page.index("What looks close") :]


def test_the_button_on_the_form_keeps_all_that_was_typed(cast, as_, session):
    innovation(cast)
    makers.challenge(of=cast.ics, terms=[makers.term(Vocabulary.CARE_SETTING, "CARE_HOME")])
    matched(session)
    browser = as_(cast.other_ics)
    form = browser.get("/challenges/new").text
    assert 'formaction="/challenges/preview#close"' in form
    page = browser.post(URL, data={**TYPED, "area": "PATIENT_SAFETY"}).text
    for typed in ("Too many falls of residents", "Nobody spots the risk", 'value="many"'):
        assert typed in page
    assert 'value="41"' in page
    assert re.search(r'value="public"[^>]*checked', page)
    assert 'action="/challenges/new"' in page
    assert "There is a problem" not in page
    found = close(page)
    assert "1 proven solution looks close" in found
    assert "SteadyHome" in found
    assert "Most people add the care setting: 1 of 1 open challenges do." in found


@pytest.mark.parametrize("rot", [b"", b"no words", None])
def test_a_damaged_file_of_words_is_no_error_and_the_next_job_makes_it_anew(
    cast, as_, session, app, rot
):
    innovation(cast)
    makers.challenge(of=cast.ics)
    matched(session)
    file = Path(app.config["MATCHING_WORDS"])
    whole = file.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 0xFF]) + whole[middle + 1 :]
    file.write_bytes(flipped if rot is None else rot)
    os.utime(file, (1, 1))
    browser = as_(cast.other_ics)
    assert "SteadyHome" not in close(browser.post(URL, data=TYPED).text)
    services.ask_for_refresh()
    matched(session)
    assert "SteadyHome" in close(browser.post(URL, data=TYPED).text)


def test_words_kept_in_the_database_are_made_anew_when_they_change(
    cast, as_, session, app, monkeypatch
):
    monkeypatch.setitem(app.config, "MATCHING_WORDS", "database")
    browser = as_(cast.other_ics)
    assert "No record has been read" in close(browser.post(URL, data=TYPED).text)
    for name in ("SteadyHome", "FallSense"):
        innovation(cast, name)
        matched(session)
        assert name in close(browser.post(URL, data=TYPED).text)
        room = StoredFile.room == "matching-words"
        assert session.scalar(select(func.count()).where(room)) == 1


def test_pages_and_the_preview_are_answered_where_scikit_learn_cannot_be_loaded(
    cast, as_, session, monkeypatch
):
    row, challenge = innovation(cast), makers.challenge(of=cast.ics)
    matched(session)
    for name in [name for name in sys.modules if name.partition(".")[0] == "sklearn"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    there = f"/challenges/{challenge.id}/matches"
    browser = as_(cast.ics)
    assert "SteadyHome" in close(browser.post(URL, data=TYPED).text)
    for url in (there, f"{there}?also=promising", f"/challenges/{challenge.id}/similar", "/search"):
        assert browser.get(url).status_code == 200, url
    assert browser.post(f"{there}/{row.id}/shortlist").status_code == 302
    innovator = as_(cast.innovator)
    assert innovator.get(f"/innovations/{row.id}/challenges").status_code == 200
    with pytest.raises(ImportError):
        Matcher([Solution(1, {"name": "SteadyHome"})])


def test_what_the_challenge_names_already_is_not_asked_for(cast, as_, session):
    makers.challenge(of=cast.ics, terms=[makers.term(Vocabulary.CARE_SETTING, "CARE_HOME")])
    matched(session)
    page = as_(cast.ics).post(URL, data={**TYPED, "care_setting": "CARE_HOME"}).text
    assert "Most people add" not in page


def test_nothing_is_stored_and_nobody_is_told(cast, as_, session):
    innovation(cast)
    matched(session)
    before = session.scalar(select(func.count(AuditEvent.id)))
    as_(cast.ics).post(URL, data=TYPED)
    assert session.scalars(select(Challenge)).all() == []
    assert session.scalar(select(func.count(AuditEvent.id))) == before


def test_the_script_is_given_the_part_alone(cast, as_, session):
    innovation(cast)
    matched(session)
    part = as_(cast.ics).post(f"{URL}?part=1", data=TYPED).get_json()["part"]
    assert "1 proven solution looks close" in part
    assert "<form" not in part


def test_before_anything_is_typed_or_matched_it_says_so(cast, as_, session):
    browser = as_(cast.ics)
    assert "what looks close shows here" in browser.post(URL, data={"readers": "nhs"}).text
    assert "No record has been read" in browser.post(URL, data=TYPED).text


def test_only_what_is_proven_today_and_shared_with_the_writer_is_counted(cast, as_, session):
    innovation(cast)
    innovation(cast, "FallSense", sharing=Sharing.HINS)
    innovation(cast, "NotYet", proven=False)
    lapsed = innovation(cast, "Lapsed")
    matched(session)
    lapsed.is_proven_until = lapsed.is_proven_until.replace(year=2020)
    session.commit()
    assert "1 proven solution looks close" in as_(cast.ics).post(URL, data=TYPED).text
    page = as_(cast.hin).post(URL, data=TYPED).text
    assert "2 proven solutions look close" in page
    assert "FallSense" in page
    for name in ("NotYet", "Lapsed"):
        assert name not in page


def test_a_challenge_of_another_organisation_cannot_be_previewed(cast, as_, session):
    draft = makers.challenge(of=cast.ics, state=ChallengeState.DRAFT)
    session.commit()
    url = f"{URL}?challenge={draft.id}"
    page = as_(cast.ics).post(url, data=TYPED).text
    assert f'action="/challenges/{draft.id}/edit"' in page
    assert as_(cast.other_ics).post(url, data=TYPED).status_code == 404
    draft.state = ChallengeState.OPEN
    session.commit()
    assert as_(cast.other_ics).post(url, data=TYPED).status_code == 403
    assert as_(cast.innovator).post(URL, data=TYPED).status_code == 403


def test_the_preview_takes_few_statements(cast, as_, session, statements):
    for number in range(30):
        innovation(cast, f"Innovation {number:02}")
    matched(session)
    browser = as_(cast.ics)
    browser.post(URL, data=TYPED)
    with statements.at_most(8):
        page = browser.post(URL, data=TYPED).text
    assert "30 proven solutions look close" in page


PIECES = [
    "falls",
    "residents",
    "care homes",
    "heart failure",
    "A&E",
    "wards",
    "sensor",
    "emergency",
]


@pytest.mark.parametrize("seed", range(6))
def test_a_preview_is_what_it_would_be_if_hidden_records_did_not_exist(cast, as_, session, seed):
    draw = random.Random(seed)  # noqa: S311 - a repeatable lot, no secret
    for number in range(16):
        innovation(
            cast,
            f"Product {number}",
            proven=draw.random() < 0.8,
            of=draw.choice([cast.innovator, cast.other_innovator]),
            sharing=draw.choice(list(Sharing)),
            status=draw.choice(
                [RecordStatus.SUBMITTED, RecordStatus.SUBMITTED, RecordStatus.DRAFT]
            ),
            summary=", ".join(draw.choices(PIECES, k=4)),
        )
    matched(session)
    typed = {"title": " and ".join(draw.choices(PIECES, k=3)), "readers": "nhs"}
    browser = as_(cast.other_ics)
    before = close(browser.post(URL, data=typed).text)
    session.execute(delete(Innovation).where(not_(visible_to(cast.other_ics.actor))))
    assert close(browser.post(URL, data=typed).text) == before
    services.ask_for_refresh()
    matched(session)
    assert close(browser.post(URL, data=typed).text) == before


@pytest.mark.parametrize("seed", range(5))
def test_a_glance_finds_the_likeness_that_the_matcher_finds(seed):
    draw = random.Random(seed)  # noqa: S311 - a repeatable lot, no secret
    solutions = [
        Solution(number, {"need": " ".join(draw.choices(PIECES, k=5)), "name": draw.choice(PIECES)})
        for number in range(40)
    ]
    shown = solutions[:25]
    others = [Need(one, {"title": " ".join(draw.choices(PIECES, k=3))}) for one in range(6)]
    asking = Asking.of(others)
    packed = StemCounts.of(Catalogue(solutions), asking).packed()
    need = Need(0, {"title": " ".join(draw.choices(PIECES, k=4)), "tried": "wards"})
    ids = {one.id for one in shown}
    found = StemCounts.unpacked(packed).likeness(need, ids, ids)
    wanted = {
        pairing.solution_id: pairing.reasons.likeness
        for pairing in Matcher(shown, asking=asking).match(need, top=None)
    }
    assert found == pytest.approx(wanted, abs=1e-4)

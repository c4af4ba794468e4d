"""Shortlisting, rejecting and "none of these fit": private but for counts, and of effect."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from portal.audit.models import Audience, AuditEvent
from portal.clock import now
from portal.innovations.models import Sharing
from portal.matching.models import Feedback, Rejection, UnmetNeed, Verdict
from portal.matching.queries.judging import acceptance
from portal.matching.rules import learned
from portal.notifications.models import Notification
from tests import makers
from tests.matching.world import innovation, matched


@pytest.fixture
def world(cast, session):
    """A challenge with two matches."""
    first, second = innovation(cast, "SteadyHome"), innovation(cast, "FallSense")
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    return challenge, first, second


def url_of(challenge, innovation=None, verb=""):
    base = f"/challenges/{challenge.id}/matches"
    return f"{base}/{innovation.id}/{verb}" if innovation else base


def test_a_shortlisted_match_is_marked_and_can_be_taken_back(world, cast, as_, session):
    challenge, first, _ = world
    browser = as_(cast.ics)
    page = browser.post(url_of(challenge, first, "shortlist"), follow_redirects=True).text
    assert "On your shortlist" in page
    row = session.scalars(select(Feedback)).one()
    assert (row.verdict, row.organisation_id) == (Verdict.SHORTLISTED, cast.ics.organisation.id)
    assert row.rank in {1, 2}
    page = browser.post(url_of(challenge, first, "take-back"), follow_redirects=True).text
    assert "On your shortlist" not in page
    assert session.scalars(select(Feedback)).all() == []


def test_a_rejected_match_goes_last_with_its_reason(world, cast, as_):
    challenge, first, second = world
    browser = as_(cast.ics)
    page = browser.post(url_of(challenge, first, "reject"), data={}).text
    assert "Select why it is not for you" in page
    sent = {"reason": "cost", "note": "Twice our budget"}
    page = browser.post(url_of(challenge, first, "reject"), data=sent, follow_redirects=True).text
    assert page.index(f">{second.name}</a>") < page.index(f">{first.name}</a>")
    assert "It costs more than we can pay. Twice our budget" in page


def test_what_one_organisation_thinks_is_shown_to_no_other(world, cast, as_, session):
    challenge, first, _ = world
    others = [cast.other_ics, cast.hin, cast.national]
    before = [as_(person).get(url_of(challenge)).text for person in others]
    sent = {"reason": "evidence", "note": "Secret thought"}
    as_(cast.ics).post(url_of(challenge, first, "reject"), data=sent)
    for person, old in zip(others, before, strict=True):
        page = as_(person).get(url_of(challenge)).text
        assert "Secret thought" not in page
        assert "Not for you" not in page
        assert _order(page) == _order(old)
        assert "Secret" not in as_(person).get(f"/challenges/{challenge.id}").text
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "match.rejected")).all()
    assert [event.audience for event in events] == [Audience.PRIVATE]
    assert events[0].organisation_id == cast.ics.organisation.id


def _order(page):
    return [page.index(f">{name}</a>") for name in ("SteadyHome", "FallSense")]


def test_an_ics_that_joined_judges_for_itself(world, cast, as_, session):
    challenge, first, _ = world
    browser = as_(cast.other_ics)
    assert browser.post(url_of(challenge, first, "shortlist")).status_code == 403
    browser.post(f"/challenges/{challenge.id}/join")
    assert browser.post(url_of(challenge, first, "shortlist")).status_code == 302
    row = session.scalars(select(Feedback)).one()
    assert row.organisation_id == cast.other_ics.organisation.id
    assert "On your shortlist" not in as_(cast.ics).get(url_of(challenge)).text


def test_what_the_reader_may_not_see_cannot_be_judged(world, cast, as_, session):
    challenge, first, _ = world
    first.sharing = Sharing.HINS
    session.commit()
    browser = as_(cast.ics)
    for verb in ("shortlist", "take-back", "reject"):
        assert browser.post(url_of(challenge, first, verb)).status_code == 404
    unmatched = innovation(cast, "HeartLine")
    session.commit()
    assert browser.post(url_of(challenge, unmatched, "shortlist")).status_code == 404


def test_none_of_these_fit_is_an_unmet_need_that_a_hin_closes(world, cast, as_, session):
    challenge, *_ = world
    browser = as_(cast.ics)
    assert "None of these fit" in browser.get(url_of(challenge)).text
    assert "Enter what would fit" in browser.post(f"{url_of(challenge)}/none", data={}).text
    sent = {"note": "One for homes without broadband"}
    page = browser.post(f"{url_of(challenge)}/none", data=sent, follow_redirects=True).text
    assert "You said just now that none of these fits" in page
    again = browser.post(f"{url_of(challenge)}/none", data=sent).text
    assert "You said before that none fits" in again
    unmet = session.scalars(select(UnmetNeed)).one()
    assert unmet.by_id == cast.ics.user.id
    listed = as_(cast.hin).get("/matching/unmet-needs").text
    assert "One for homes without broadband" in listed
    assert "One for homes" in as_(cast.hin).get("/matching/unmet-needs.csv").text
    assert as_(cast.hin).get("/matching/unmet-needs.pdf").status_code == 404
    url = f"/matching/unmet-needs/{unmet.id}/close"
    as_(cast.hin).post(url, data={"note": "Passed to industry"})
    assert "One for homes" not in as_(cast.national).get("/matching/unmet-needs").text
    closed = as_(cast.national).get("/matching/unmet-needs?state=closed").text
    assert "Passed to industry" in closed


def test_the_hin_of_the_area_is_told_of_an_unmet_need(world, cast, as_, session):
    challenge, *_ = world
    as_(cast.ics).post(f"{url_of(challenge)}/none", data={"note": "Something quieter"})
    told = session.scalars(
        select(Notification).where(Notification.user_id == cast.hin.user.id)
    ).all()
    assert any("Nothing fits a challenge" in one.subject for one in told)


def test_unmet_needs_are_filtered_by_region_and_month(world, cast, as_, session, statements):
    challenge, *_ = world
    as_(cast.ics).post(f"{url_of(challenge)}/none", data={"note": "Something quieter"})
    month = now().strftime("%Y-%m")
    region = cast.ics.organisation.ics.region.code
    browser = as_(cast.hin)
    browser.get("/matching/unmet-needs")
    with statements.at_most(8):
        page = browser.get(f"/matching/unmet-needs?month={month}&region={region}").text
    assert "Something quieter" in page
    other = next(code for code in ("E40000003", "E40000005") if code != region)
    elsewhere = browser.get(f"/matching/unmet-needs?region={other}").text
    assert ("Something quieter" in elsewhere) is (f'value="{other}"' not in elsewhere)


def test_the_national_team_reads_counts_by_rank_region_and_month(world, cast, as_, session):
    challenge, first, second = world
    as_(cast.ics).post(url_of(challenge, first, "shortlist"))
    as_(cast.ics).post(url_of(challenge, second, "reject"), data={"reason": "cost", "note": "Hush"})
    as_(cast.ics).post(f"{url_of(challenge)}/none", data={"note": "Hush too"})
    found = acceptance()
    assert sum(row.shortlisted for row in found.by_rank[:2]) == 1
    assert sum(row.rejected for row in found.by_rank[:2]) == 1
    assert [(row.shortlisted, row.rejected, row.unmet) for row in found.by_month] == [(1, 1, 1)]
    assert len(found.by_region) == 1
    browser = as_(cast.national)
    page = browser.get("/matching/acceptance").text
    assert "50%" in page
    assert "Hush" not in page
    lines = browser.get("/matching/acceptance.csv").text.splitlines()
    assert lines[0].endswith("Counted by,Value,Shortlisted,Not for us,Acceptance,Unmet needs")
    assert [line.partition(",")[0] for line in lines[1:]] == [*["Rank"] * 5, "Region", "Month"]
    assert lines[-1] == f"Month,{now():%Y-%m},1,1,0.5,1"
    book = load_workbook(io.BytesIO(browser.get("/matching/acceptance.xlsx").data))
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    assert ("Month", f"{now():%Y-%m}", 1, 1, 0.5, 1) in rows


def test_what_is_liked_raises_what_resembles_it_and_what_is_not_lowers_it():
    shares = {
        1: {"falls": 1.0},
        2: {"falls": 0.5, "night": 0.5},
        3: {"night": 1.0},
        4: {"garden": 1.0},
    }
    factor = learned(shares, {1: Verdict.SHORTLISTED, 3: Verdict.REJECTED})
    assert factor[1] > factor[2] > factor[4] == 1 > factor[3]
    assert learned(shares, {}) == dict.fromkeys(shares, 1)


def test_every_reason_has_its_words():

    assert set(Rejection) == set(Rejection)

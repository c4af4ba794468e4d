"""Sharing, people, archive, activity, duplicates and export, as their pages show them."""

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.innovations.models import Innovation, RecordStatus, Sharing
from portal.innovations.queries.activity import told
from portal.innovations.services import ownership
from portal.innovations.services.drafts import register
from portal.reference.models import Vocabulary
from portal.support.queries import engagement_of
from tests import makers
from tests.cast import Cast, Person
from tests.statements import Statements, end_transaction

Browser = Callable[[Person], FlaskClient]
SECRET = "Half price for the first ten sites"


@pytest.fixture
def record(session: Session, cast: Cast) -> Innovation:
    return makers.innovation(of=cast.innovator, price_note=SECRET, sharing=Sharing.PUBLIC)


def at(record: Innovation, page: str) -> str:
    return f"/innovations/{record.id}/{page}"


def test_the_owner_sees_in_numbers_whom_each_level_means_and_changes_it(
    session: Session, cast: Cast, record: Innovation, as_: Browser
) -> None:
    browser = as_(cast.innovator)
    page = browser.get(at(record, "sharing")).text
    assert "2 people in 2 HINs and 1 person in the national team" in page
    assert "2 people in 2 ICSs" in page
    version = record.version
    answer = {"sharing": "hins", "version": str(version)}
    done = browser.post(at(record, "sharing"), data=answer, follow_redirects=True)
    assert "Saved who may see the record" in done.text
    session.expire_all()
    assert record.sharing is Sharing.HINS
    stale = browser.post(at(record, "sharing"), data=answer | {"sharing": "public"})
    assert stale.status_code == 409
    session.expire_all()
    assert record.sharing is Sharing.HINS


def test_nothing_chosen_and_an_unknown_level_are_refused(
    cast: Cast, record: Innovation, as_: Browser
) -> None:
    browser = as_(cast.innovator)
    empty = browser.post(at(record, "sharing"), data={"version": "1"})
    assert "Select who may see this record" in empty.text
    odd = browser.post(at(record, "sharing"), data={"version": "1", "sharing": "everybody"})
    assert "Select an option from the list" in odd.text


def test_an_address_is_invited_with_the_same_words_whether_it_has_an_account(
    cast: Cast, record: Innovation, as_: Browser
) -> None:
    browser = as_(cast.innovator)
    shown = []
    for address in ("omar.khan@example.org", "not.there@example.org"):
        page = browser.post(at(record, "people"), data={"email": address}, follow_redirects=True)
        shown.append(page.text.count("We have written to " + address))
        assert f"{address}, on " in page.text
    assert shown == [1, 1]
    assert "Omar Khan" not in browser.get(at(record, "people")).text


def test_a_wrong_address_is_said_beside_the_field_and_kept(
    cast: Cast, record: Innovation, as_: Browser
) -> None:
    page = as_(cast.innovator).post(at(record, "people"), data={"email": "omar at example"}).text
    assert "Enter an email address in the correct format" in page
    assert 'value="omar at example"' in page


def test_who_is_invited_accepts_and_may_edit(cast: Cast, record: Innovation, as_: Browser) -> None:
    email = cast.other_innovator.user.email
    as_(cast.innovator).post(at(record, "people"), data={"email": email})
    invited = as_(cast.other_innovator)
    assert "Work on Breathe Easy?" in invited.get(at(record, "invitation")).text
    assert "Select yes or no" in invited.post(at(record, "invitation"), data={}).text
    page = invited.post(at(record, "invitation"), data={"accept": "yes"}, follow_redirects=True)
    assert "Leave the record" in page.text
    assert invited.get(at(record, "edit")).status_code == 200
    assert invited.get(at(record, "invitation")).status_code == 404


def test_who_is_offered_the_record_is_told_where_it_goes_and_takes_it(
    session: Session, cast: Cast, record: Innovation, as_: Browser
) -> None:
    email = cast.other_innovator.user.email
    offered = as_(cast.innovator).post(
        at(record, "people/transfer"), data={"email": email}, follow_redirects=True
    )
    assert "not answered yet" in offered.text
    taker = as_(cast.other_innovator)
    assert "You are acting for Northgate Devices" in taker.get(at(record, "transfer")).text
    taker.post(at(record, "transfer"), data={"accept": "yes"})
    session.expire_all()
    assert record.organisation == cast.other_innovator.organisation
    assert as_(cast.innovator).get(at(record, "people")).status_code == 403


def test_an_archived_record_says_why_and_offers_the_way_back(
    session: Session, cast: Cast, record: Innovation, as_: Browser
) -> None:
    browser = as_(cast.innovator)
    assert "Enter why you archive it" in browser.post(at(record, "archive"), data={}).text
    answer = {"why": "The trial <b>ended</b>", "version": str(record.version)}
    page = browser.post(at(record, "archive"), data=answer, follow_redirects=True)
    assert "The trial &lt;b&gt;ended&lt;/b&gt;" in page.text
    assert "Bring this record back" in page.text
    assert as_(cast.ics).get(f"/innovations/{record.id}").status_code == 404
    seen = as_(cast.hin).get(f"/innovations/{record.id}").text
    assert "Archived on" in seen
    assert "Bring this record back" not in seen
    assert browser.get(at(record, "edit")).status_code == 403
    browser.post(at(record, "restore"), data={"why": ""})
    assert as_(cast.ics).get(f"/innovations/{record.id}").status_code == 200


def test_everybody_reads_on_the_timeline_what_is_for_them(
    session: Session, cast: Cast, record: Innovation, as_: Browser
) -> None:
    for summary, by, audience in (
        ("told everybody", cast.hin, Audience.EVERYONE),
        ("told the staff", cast.hin, Audience.STAFF),
        ("told its network and the nation", cast.hin, Audience.HIN),
        ("kept it to its network", cast.hin, Audience.PRIVATE),
        ("kept it to the company", cast.innovator, Audience.PRIVATE),
    ):
        audit.record(
            "innovation.noted",
            noun="innovation",
            noun_id=record.id,
            summary=summary,
            by=by.actor,
            audience=audience,
        )
    session.commit()
    expected = {
        "innovator": "Told everybody, Told the staff, Kept it to the company",
        "ics": "Told everybody",
        "other_innovator": "Told everybody",
        "hin": "Told everybody, Told the staff, Told its network and the nation, "
        "Kept it to its network",
        "other_hin": "Told everybody, Told the staff",
        "national": "Told everybody, Told the staff, Told its network and the nation",
    }
    everything = set(expected["hin"].split(", ")) | {"Kept it to the company"}
    for kind, sentences in expected.items():
        page = as_(getattr(cast, kind)).get(at(record, "activity")).text
        assert {one for one in everything if one in page} == set(sentences.split(", ")), kind


def test_the_timeline_says_what_became_what(session: Session, cast: Cast) -> None:
    def event(**changes: list[object]) -> str:
        row = audit.record(
            "innovation.updated",
            noun="innovation",
            noun_id=1,
            summary="submitted",
            by=Actor(name="Ida Brown", organisation_name="Brightwell Health"),
            changes=changes,
        )
        session.expunge(row)
        (one,) = told([row])
        assert (one.sentence, one.who) == ("Submitted", "Ida Brown, Brightwell Health")
        return "; ".join(f"{c.label}: {c.before} > {c.after}" for c in one.changes)

    ready = makers.term(Vocabulary.DEVELOPMENT_STAGE, "READY").label
    assert event(**{"about.stage": [None, "READY"]}) == f"Stage of development: nothing > {ready}"
    assert event(**{"costs.cost": ["12.50", None]}) == "Cost in pounds: £12.50 > nothing"
    assert event(**{"evidence.items": [[], [{"title": "A"}]]}) == "Evidence: nothing > 1 given"
    assert event(owner=["Ida Brown", "Omar Khan"]) == "Owner: Ida Brown > Omar Khan"
    assert event(**{"need.need": ["x" * 500, ""]}).startswith("What problem does it solve: xxx")
    assert len(event(**{"need.need": ["x" * 500, ""]})) < 220
    secret = "(commercial in confidence)"
    assert secret in event(**{"costs.price_note": [secret, secret]})


def test_the_timeline_is_cut_in_pages_of_few_statements(
    session: Session, cast: Cast, record: Innovation, as_: Browser, statements: Statements
) -> None:
    for number in range(25):
        audit.record(
            "innovation.noted",
            noun="innovation",
            noun_id=record.id,
            summary=f"wrote note {number}",
            by=cast.innovator.actor,
            changes={"about.stage": ["READY", None]},
        )
    browser = as_(cast.innovator)
    address = at(record, "activity")
    end_transaction(session)
    browser.get(address)
    session.expire_all()
    with statements.at_most(9):
        page = browser.get(address).text
    assert "Showing 1 to 20 of" in page
    assert "Wrote note 24" in page
    assert "Wrote note 1<" in browser.get(at(record, "activity?page=2")).text


def test_after_the_first_page_of_registration_likely_duplicates_are_shown(
    session: Session, cast: Cast, record: Innovation, as_: Browser
) -> None:
    browser = as_(cast.other_innovator)
    answer = {"name": "BreatheEasy", "summary": "Helps to breathe.", "version": "0"}
    page = browser.post("/innovations/register", data=answer, follow_redirects=True)
    assert "Similar records" in page.text
    assert "the name is the same" in page.text
    send = f"{page.request.path}/{record.id}"
    judged = browser.post(send, data={"verdict": "same"}, follow_redirects=True)
    assert "The HIN that looks after Breathe Easy is told" in judged.text
    assert "it is the same." in judged.text
    assert "Select whether it is the same or different" in browser.post(send, data={}).text


def test_a_name_that_nobody_has_leads_on_to_the_next_question(
    cast: Cast, record: Innovation, as_: Browser
) -> None:
    answer = {"name": "Wholly other", "summary": "Counts falls.", "version": "0"}
    page = as_(cast.innovator).post("/innovations/register", data=answer)
    assert page.location.endswith("/register/problem")


def test_of_an_invisible_record_the_pages_say_nothing(
    session: Session, cast: Cast, record: Innovation, as_: Browser
) -> None:
    record.sharing = Sharing.HINS
    answer = {"name": "BreatheEasy", "summary": "Helps to breathe.", "version": "0"}
    browser = as_(cast.other_innovator)
    page = browser.post("/innovations/register", data=answer, follow_redirects=True).text
    assert "Similar records" not in page
    draft = page.split("/innovations/")[1].split("/")[0]
    similar = browser.get(f"/innovations/{draft}/duplicates").text
    assert "No similar record found among those that you may see" in similar
    for words in ("Breathe Easy", "Brightwell"):
        assert words not in page + similar
    hidden = browser.post(f"/innovations/{draft}/duplicates/{record.id}", data={"verdict": "same"})
    assert hidden.status_code == 404


def test_whoever_registers_their_own_product_again_is_led_to_archive_the_draft(
    cast: Cast, record: Innovation, as_: Browser
) -> None:
    browser = as_(cast.innovator)
    answer = {"name": "BreatheEasy", "summary": "Helps to breathe.", "version": "0"}
    page = browser.post("/innovations/register", data=answer, follow_redirects=True)
    done = browser.post(f"{page.request.path}/{record.id}", data={"verdict": "same"})
    assert done.location.endswith("/archive")


def test_hin_staff_see_similar_records_on_the_record(
    session: Session, cast: Cast, record: Innovation, as_: Browser
) -> None:
    makers.innovation("BreatheEasy", of=cast.other_innovator, summary="", need="")
    path = f"/innovations/{record.id}"
    assert "1 similar record" in as_(cast.hin).get(path).text
    assert "similar record" not in as_(cast.ics).get(path).text


@pytest.mark.parametrize("kind", ["innovator", "ics", "hin", "other_hin", "national"])
def test_what_is_in_confidence_is_exported_only_to_its_side_and_the_supporting_hin(
    session: Session, cast: Cast, record: Innovation, as_: Browser, kind: str
) -> None:
    assert engagement_of(record.id, cast.hin.actor.hin_id) is not None
    browser = as_(getattr(cast, kind))
    file = browser.get(at(record, "export.json"))
    assert file.mimetype == "application/json"
    found = json.loads(file.text)
    may_read = kind in {"innovator", "hin"}
    assert (SECRET in file.text) is may_read
    assert (SECRET in browser.get(at(record, "print")).text) is may_read
    assert ("costs.price_note" in found["withheld"]) is not may_read
    assert ("people" in found) is (kind != "ics")
    assert ("drafts" in found) is (kind == "innovator")


def test_the_export_says_the_whole_record(
    session: Session, cast: Cast, record: Innovation, as_: Browser
) -> None:
    makers.evidence("Fewer admissions", of=record)
    ownership.change_sharing(
        innovation=record, sharing=Sharing.HINS_AND_ICSS, by=cast.innovator.actor
    )
    found = json.loads(as_(cast.innovator).get(at(record, "export.json")).text)
    assert found["format"] == "innovation-record/3"
    assert found["organisation"] == {"name": "Brightwell Health", "kind": "company"}
    assert found["sections"]["about"]["hin"]["code"] == "HI-WM"
    assert found["sections"]["evidence"][0]["title"] == "Fewer admissions"
    assert found["sections"]["need"]["care_settings"] == []
    assert found["stages"][0]["stage"]["code"] == "READY"
    assert found["people"]["owner"]["email"] == cast.innovator.user.email
    assert [row["sharing"] for row in found["sharing_changes"]] == ["hins_and_icss"]


def test_a_draft_is_exported_to_its_own_people_with_what_waits(
    session: Session, cast: Cast, as_: Browser
) -> None:
    draft = register(name="Only a draft", summary="Not yet.", by=cast.innovator.actor)
    found = json.loads(as_(cast.innovator).get(at(draft, "export.json")).text)
    assert found["status"] == RecordStatus.DRAFT.value
    assert found["drafts"]["about"]["summary"] == "Not yet."

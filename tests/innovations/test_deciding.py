"""The top of a record says what lets an adopter decide, and says where nothing is given."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.clock import now, today
from portal.innovations.models import Evidence, Innovation, ProvenStatus, Sharing, Use
from portal.innovations.rules import deciding
from portal.innovations.rules.standing import legal_words
from portal.reference.models import Vocabulary
from tests import makers
from tests.cast import Cast


def text_of(response) -> str:
    return response.get_data(as_text=True)


def test_the_best_result_has_a_number_is_published_and_new(session, cast: Cast) -> None:
    record = makers.innovation(of=cast.innovator)
    rct = makers.term(Vocabulary.EVIDENCE_TYPE, "RCT")
    makers.evidence("Words only", of=record, result="People liked it.", type=rct)
    makers.evidence("A reference", of=record, result="NICE looked at it in MTG37.", type=rct)
    makers.evidence("Unpublished", of=record, result="Falls fell by 30%.", on=date(2026, 1, 2))
    best = makers.evidence("Old", of=record, result="Falls fell by 20%.", type=rct)
    assert deciding.best_result(record.evidence or []) in {None, best}
    session.expire_all()
    assert deciding.best_result(record.evidence) is best
    assert deciding.best_result([Evidence(title="Empty", result=" ")]) is None


def test_a_result_without_a_number_is_not_shown_as_one(session, cast: Cast, as_) -> None:
    record = makers.innovation(of=cast.innovator, sharing=Sharing.HINS_AND_ICSS)
    words = makers.evidence(
        "A talk", of=record, result="Launched under NG12; no results are known."
    )
    assert not deciding.tells_number(words)
    session.commit()
    compared = f"/innovations/compare?ids={record.id}"
    for address in (f"/innovations/{record.id}", compared):
        page = text_of(as_(cast.ics).get(address))
        assert "No result in numbers is given. What is said:" in page, address
        assert "Launched under NG12" in page, address
    makers.evidence("A year", of=record, result="Stays fell by 2 days.")
    session.commit()
    session.expire_all()
    for address in (f"/innovations/{record.id}", compared):
        assert "No result in numbers" not in text_of(as_(cast.ics).get(address)), address


def test_guidance_is_found_by_its_reference(session, cast: Cast) -> None:
    link = "https://www.nice.org.uk/guidance/mtg37"
    items = [
        Evidence(title="NICE guidance MTG37", result="Read MTG 37.", link=link),
        Evidence(title="DG23 / DG49", result="", link=""),
        Evidence(title="A study of 37 trusts at TA", result="", link=""),
    ]
    assert deciding.guidance(items) == [("MTG37", link), ("DG23", ""), ("DG49", "")]


def test_the_price_is_said_or_on_request() -> None:
    assert deciding.price(Innovation(cost=None, cost_basis="")) == "Price on request"
    priced = Innovation(cost=Decimal("1200.00"), cost_basis="a site a year")
    assert deciding.price(priced) == "£1,200, a site a year"
    assert deciding.price(Innovation(cost=Decimal("0.50"), cost_basis="")) == "£0.50"


def test_the_box_says_all_of_it(session, cast: Cast, as_) -> None:
    record = makers.innovation(of=cast.innovator, sharing=Sharing.HINS_AND_ICSS, cost=Decimal(95))
    makers.evidence("A year of MTG37", of=record, result="Stays fell by 2 days.", link="")
    trust = cast.other_ics.organisation
    makers.put(Use(innovation_id=record.id, organisation=trust, from_on=date(2026, 1, 1)))
    trial = {"organisation_named": "Rose Court", "from_on": date(2026, 1, 1), "is_trial": True}
    makers.put(Use(innovation_id=record.id, **trial))
    makers.proven(record)
    findings = [
        {"code": "in_use", "rule": "In use somewhere", "is_met": True, "because": "At a trust"},
        {"code": "real_world", "rule": "Validated", "is_met": True, "because": "A secret question"},
    ]
    makers.put(
        ProvenStatus(
            innovation_id=record.id,
            hin=makers.hin(),
            verified_by=cast.hin.user,
            verified_at=now() - timedelta(days=1),
            valid_until=today() + timedelta(days=90),
            findings=findings,
        )
    )
    page = text_of(as_(cast.ics).get(f"/innovations/{record.id}"))
    assert "At a glance" in page
    assert "Stays fell by 2 days." in page
    assert ">1 organisation</a> in North West" in page
    assert "£95" in page
    assert "MTG37" in page
    assert "Checked by Health Innovation West Midlands on" in page
    assert f'<a href="/innovations/{record.id}/use">In use somewhere</a>: At a trust' in page
    assert "A secret question" not in page
    assert "which introduces you" in page


def test_what_is_missing_says_so(session, cast: Cast, as_) -> None:
    record = makers.innovation(of=cast.innovator, sharing=Sharing.PUBLIC, need="")
    page = text_of(as_(cast.ics).get(f"/innovations/{record.id}"))
    assert page.count("Not given") == 3
    assert "Price on request" in page
    assert "Not yet verified" in page


def test_what_it_does_is_not_what_is_wrong(session, cast: Cast, as_) -> None:
    record = makers.innovation(
        of=cast.innovator, sharing=Sharing.PUBLIC, need="Falls.", description="Reads gait."
    )
    page = text_of(as_(cast.ics).get(f"/innovations/{record.id}"))
    assert re.search(r"What it does\s*</dt>\s*<dd[^>]*>\s*<p>Reads gait.</p>", page)
    assert (page.count("Reads gait."), page.count("Falls.")) == (1, 1)


def test_nothing_is_said_of_the_law_that_nobody_knows(session, cast: Cast) -> None:
    record = makers.innovation(of=cast.innovator, category=makers.term(Vocabulary.CATEGORY, "AI"))
    assert legal_words(record) == (
        "None that the law asks for is recorded, and the category alone asks for none"
    )


@pytest.mark.parametrize("page", ["evidence", "standards", "use"])
def test_those_who_may_edit_a_list_are_led_to_it(session, cast: Cast, as_, page: str) -> None:
    record = makers.innovation(of=cast.innovator, sharing=Sharing.PUBLIC)
    link = f'href="/innovations/{record.id}/edit/{page}"'
    assert link in text_of(as_(cast.innovator).get(f"/innovations/{record.id}/{page}"))
    assert link not in text_of(as_(cast.ics).get(f"/innovations/{record.id}/{page}"))


def test_the_postcode_is_not_shown_to_other_readers(session, cast: Cast, as_) -> None:
    record = makers.innovation(of=cast.innovator, sharing=Sharing.PUBLIC, postcode="CV1 2WT")
    url = f"/innovations/{record.id}"
    assert "CV1 2WT" in text_of(as_(cast.innovator).get(url))
    for person in (cast.ics, cast.other_innovator, cast.other_hin):
        assert "CV1 2WT" not in text_of(as_(person).get(url))

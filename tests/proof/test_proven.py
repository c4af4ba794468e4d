"""Proven: verified against rules, by whom, until when; refused with what is missing."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Evidence, Innovation, StandardHeld, StandardStatus, Use
from portal.proof.models import ValidationState
from portal.proof.queries import facts
from portal.proof.rules.proven import proven_findings
from portal.proof.services import validations
from portal.proof.services.proven import NotProven, verify_proven, withdraw_proven
from portal.reference.models import Vocabulary
from portal.reference.queries import today
from portal.support import queries
from portal.support.models import Engagement
from portal.support.rules import months_after
from portal.support.services import engagements
from tests import makers
from tests.cast import Cast
from tests.support.conftest import engage, inbox

ALL = {"evidence", "real_world", "in_use", "stage", "standards"}


def _met(record: Innovation) -> set[str]:
    return {f.code for f in proven_findings(facts(record, today())) if f.is_met}


def _evidence(kind: str, type_: str) -> Evidence:
    return Evidence(
        kind=makers.term(Vocabulary.EVIDENCE_KIND, kind),
        type=makers.term(Vocabulary.EVIDENCE_TYPE, type_),
        title="Fewer falls in ten homes",
        on=date(2025, 5, 1),
    )


@pytest.fixture
def complete(record: Innovation, engaging: Engagement, cast: Cast, session: Session) -> Innovation:
    """A record that meets every rule, with West Midlands engaging."""
    record.stage = makers.term(Vocabulary.DEVELOPMENT_STAGE, "FIRST_SITES")
    record.evidence.append(_evidence("CLINICAL_CARE", "COMPARATIVE"))
    record.evidence.append(_evidence("REAL_WORLD", "UNPUBLISHED"))
    trust = makers.organisation("Coventry General")
    record.uses.append(Use(organisation=trust, from_on=date(2025, 1, 6)))
    session.flush()
    return record


def test_a_bare_record_meets_little_and_the_refusal_lists_what_is_missing(
    record: Innovation, engaging: Engagement, cast: Cast
) -> None:
    with pytest.raises(NotProven) as refusal:
        verify_proven(innovation=record, by=cast.hin.actor)
    assert {f.code for f in refusal.value.missing} == {"evidence", "real_world", "in_use"}
    assert "In use at one named organisation at least" in str(refusal.value)
    assert record.is_proven_until is None


def test_every_rule_names_the_row_that_meets_it(complete: Innovation) -> None:
    found = {f.code: f.because for f in proven_findings(facts(complete, today()))}
    assert _met(complete) == ALL
    assert found["evidence"].startswith("Fewer falls in ten homes (Comparative data")
    assert found["in_use"] == "Coventry General, since 6 January 2025"
    assert found["stage"] == "In use at first sites (Deploy)"


@pytest.mark.parametrize(
    ("kind", "type_", "counts"),
    [
        ("CLINICAL_CARE", "RCT", True),
        ("COST_IMPACT", "PUBLISHED", True),
        ("CLINICAL_CARE", "CONFERENCE", False),
        ("CLINICAL_CARE", "UNPUBLISHED", False),
        ("PRE_CLINICAL", "RCT", False),
        ("REAL_WORLD", "PUBLISHED", False),
    ],
)
def test_which_evidence_counts_as_a_published_result(
    record: Innovation, session: Session, kind: str, type_: str, counts: bool
) -> None:
    record.evidence.append(_evidence(kind, type_))
    session.flush()
    assert ("evidence" in _met(record)) is counts


@pytest.mark.parametrize(
    ("state", "is_positive", "counts"),
    [
        (ValidationState.COMPLETED, True, True),
        (ValidationState.COMPLETED, False, False),
        (ValidationState.RUNNING, None, False),
        (ValidationState.STOPPED, None, False),
    ],
)
def test_only_a_completed_validation_with_a_positive_result_counts(
    record: Innovation,
    engaging: Engagement,
    cast: Cast,
    state: ValidationState,
    is_positive: bool | None,
    counts: bool,
) -> None:
    validations.add_validation(
        innovation=record,
        by=cast.hin.actor,
        question="Do falls go down?",
        state=state,
        is_positive=is_positive,
        result="A third fewer." if is_positive is not None else "",
    )
    assert ("real_world" in _met(record)) is counts


@pytest.mark.parametrize(
    ("from_", "until", "counts"),
    [(-9, None, True), (-9, -1, False), (-9, 0, True), (3, None, False)],
)
def test_only_use_today_counts(
    record: Innovation, session: Session, from_: int, until: int | None, counts: bool
) -> None:
    record.uses.append(
        Use(
            organisation=makers.organisation("Coventry General"),
            from_on=today() + timedelta(days=from_),
            until_on=None if until is None else today() + timedelta(days=until),
        )
    )
    session.flush()
    assert ("in_use" in _met(record)) is counts


def test_a_device_needs_a_mark_that_hin_staff_checked_and_that_is_in_date(
    complete: Innovation, cast: Cast, session: Session
) -> None:
    complete.category = makers.term(Vocabulary.CATEGORY, "MEDICAL_DEVICE")
    session.flush()
    assert "standards" not in _met(complete), "a mark is needed and none is recorded"
    mark = StandardHeld(
        standard=makers.term(Vocabulary.STANDARD, "CE_UKCA_CLASS_I"),
        status=StandardStatus.WORKING_TOWARDS,
    )
    complete.standards.append(mark)
    session.flush()
    assert "standards" not in _met(complete), "it is not held yet"
    mark.status = StandardStatus.YES
    assert "standards" not in _met(complete), "self-declared is not enough"
    validations.check_standard(
        standard=mark, innovation=complete, valid_until=today(), by=cast.hin.actor
    )
    assert "standards" in _met(complete)
    assert mark.checked_by_id == cast.hin.user.id
    mark.valid_until = today() - timedelta(days=1)
    assert "standards" not in _met(complete), "it ran out"


def test_good_practice_that_is_still_missing_does_not_stop_it(
    complete: Innovation, session: Session
) -> None:
    dtac = makers.term(Vocabulary.STANDARD, "DTAC")
    complete.standards.append(StandardHeld(standard=dtac, status=StandardStatus.NOT_YET))
    session.flush()
    assert "standards" in _met(complete)


def test_a_standard_that_is_not_held_cannot_be_checked(
    complete: Innovation, cast: Cast, session: Session
) -> None:
    dtac = makers.term(Vocabulary.STANDARD, "DTAC")
    held = StandardHeld(standard=dtac, status=StandardStatus.NOT_YET)
    complete.standards.append(held)
    session.flush()
    with pytest.raises(Invalid):
        validations.check_standard(
            standard=held, innovation=complete, valid_until=None, by=cast.hin.actor
        )


def test_verifying_holds_for_24_months_and_keeps_what_was_found(
    complete: Innovation, cast: Cast, session: Session
) -> None:
    row = verify_proven(innovation=complete, by=cast.hin.actor)
    assert complete.is_proven_until == row.valid_until == months_after(today(), 24)
    assert {finding["code"] for finding in row.findings} == ALL
    assert all(finding["is_met"] for finding in row.findings)
    assert (row.verified_by_id, row.hin_id) == (cast.hin.user.id, cast.hin.actor.hin_id)
    assert inbox(session, cast.innovator.user)[-1] == "Breathe Easy is verified as proven"


def test_the_renewal_day_is_at_most_36_months_away(complete: Innovation, cast: Cast) -> None:
    limit = months_after(today(), 36)
    with pytest.raises(Invalid, match="within 36 months"):
        verify_proven(innovation=complete, by=cast.hin.actor, valid_until=limit + timedelta(days=1))
    verify_proven(innovation=complete, by=cast.hin.actor, valid_until=limit)
    assert complete.is_proven_until == limit


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    assert months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_after(date(2025, 12, 31), 2) == date(2026, 2, 28)
    assert months_after(date(2025, 11, 30), 1) == date(2025, 12, 30)


@pytest.mark.parametrize("person", ["innovator", "ics", "other_hin", "national"])
def test_only_staff_of_a_hin_that_is_engaging_verify(
    complete: Innovation, cast: Cast, person: str
) -> None:
    with pytest.raises(Forbidden):
        verify_proven(innovation=complete, by=getattr(cast, person).actor)
    assert complete.is_proven_until is None


def test_a_second_hin_may_verify_once_it_is_engaging(complete: Innovation, cast: Cast) -> None:
    first = queries.engagements(complete.id)[0].hin_id
    joined = engagements.join(innovation=complete, known={first}, by=cast.other_hin.actor)
    with pytest.raises(Forbidden):
        verify_proven(innovation=complete, by=cast.other_hin.actor)
    engage(joined, cast.other_hin, known={first})
    assert verify_proven(innovation=complete, by=cast.other_hin.actor)


def test_withdrawing_needs_a_standing_verification_and_tells_the_owner_why(
    complete: Innovation, cast: Cast, session: Session
) -> None:
    with pytest.raises(Conflict):
        withdraw_proven(innovation=complete, why="Recalled", by=cast.hin.actor)
    row = verify_proven(innovation=complete, by=cast.hin.actor)
    withdraw_proven(innovation=complete, why="Recalled", by=cast.hin.actor)
    assert complete.is_proven_until is None
    assert row.withdrawn_why == "Recalled"
    assert inbox(session, cast.innovator.user)[-1] == "Breathe Easy no longer counts as proven"


def test_the_page_shows_each_rule_and_refuses_with_the_list(
    as_, record: Innovation, engaging: Engagement, cast: Cast
) -> None:
    browser = as_(cast.hin)
    url = f"/innovations/{record.id}/proven"
    page = browser.get(url).text
    assert page.count(">Not met</strong>") == 3
    assert page.count(">Met</strong>") == 2
    day = months_after(today(), 24)
    answers = {f"valid_until-{part}": getattr(day, part) for part in ("day", "month", "year")}
    refused = browser.post(url, data=answers).text
    assert "It cannot be verified as proven yet" in refused
    assert "No organisation is named that uses it today" in refused


def test_verifying_and_withdrawing_on_the_pages(
    as_, complete: Innovation, cast: Cast, session: Session
) -> None:
    browser = as_(cast.hin)
    url = f"/innovations/{complete.id}/proven"
    day = today() + timedelta(days=100)
    answers = {f"valid_until-{part}": getattr(day, part) for part in ("day", "month", "year")}
    assert "It is verified as proven" in browser.post(url, data=answers, follow_redirects=True).text
    session.refresh(complete)
    assert complete.is_proven_until == day
    assert "Enter why" in browser.post(f"{url}/withdraw", data={}).text
    done = browser.post(f"{url}/withdraw", data={"why": "Recalled"}, follow_redirects=True)
    assert "It no longer counts as proven" in done.text
    session.refresh(complete)
    assert complete.is_proven_until is None


def test_the_innovator_reads_the_rules_and_cannot_verify(
    as_, complete: Innovation, cast: Cast
) -> None:
    browser = as_(cast.innovator)
    url = f"/innovations/{complete.id}/proven"
    page = browser.get(url).text
    assert page.count(">Met</strong>") == 5
    assert "Verify as proven" not in page
    day = today() + timedelta(days=100)
    answers = {f"valid_until-{part}": getattr(day, part) for part in ("day", "month", "year")}
    assert browser.post(url, data=answers).status_code == 403


def test_checking_a_standard_on_its_page(
    as_, record: Innovation, engaging: Engagement, cast: Cast, session: Session
) -> None:
    held = StandardHeld(
        standard=makers.term(Vocabulary.STANDARD, "DTAC"), status=StandardStatus.YES
    )
    record.standards.append(held)
    session.flush()
    browser = as_(cast.hin)
    tab = f"/innovations/{record.id}/support"
    assert "Self-declared" in browser.get(tab).text
    url = f"{tab}/standards/{held.id}"
    assert "Select that you have seen the proof" in browser.post(url, data={}).text
    page = browser.post(url, data={"is_seen": "y"}, follow_redirects=True)
    assert "marked as checked" in page.text
    assert "Verified" in page.text
    assert "by Hana West" in page.text

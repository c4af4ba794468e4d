"""Likely duplicates: found through keys, shown only as far as the reader may see."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import Audience, AuditEvent
from portal.errors import Forbidden, Invalid
from portal.innovations.models import (
    DuplicateDecision,
    Innovation,
    InnovationKey,
    RecordStatus,
    Section,
    Sharing,
)
from portal.innovations.queries.duplicates import likely_duplicates
from portal.innovations.rules.duplicates import SIMILAR_NAME, name_likeness
from portal.innovations.sections.answers import version_of
from portal.innovations.services import drafts
from portal.innovations.services.duplicates import judge
from portal.notifications.models import Email
from tests import makers
from tests.cast import Cast, Person
from tests.statements import Statements

CLAIMS = select(Email).where(Email.subject.contains("says that"))
UNLIKE = {"summary": "", "need": ""}


def draft(cast: Cast, name: str = "Kardia Mobile") -> Innovation:
    return drafts.register(name=name, summary="Hears the heart.", by=cast.innovator.actor)


def other(of: Person, name: str = "KardiaMobile", **values: object) -> Innovation:
    return makers.innovation(name, of=of, **{**UNLIKE, **values})


def names(found: object) -> list[str]:
    return [one.name for one in found.seen]


def test_a_public_record_with_a_similar_name_is_shown_with_its_reason(
    session: Session, cast: Cast
) -> None:
    there = other(cast.other_innovator, sharing=Sharing.PUBLIC)
    other(cast.other_innovator, "Falls Sense", sharing=Sharing.PUBLIC)
    found = likely_duplicates(cast.innovator.actor, draft(cast))
    assert [one.innovation_id for one in found.seen] == [there.id]
    assert found.seen[0].likeness.reasons == ("the name is the same",)
    assert found.undecided == 1


def test_nobody_learns_by_typing_a_name_that_a_hidden_record_has_it(
    as_, session: Session, cast: Cast
) -> None:
    browser, hidden = as_(cast.innovator), other(cast.other_innovator, sharing=Sharing.HINS)
    session.commit()
    led_to = set()
    for name in ("Nobody has this", hidden.name):
        sent = browser.post("/innovations/register", data={"name": name, "summary": "It hears."})
        led_to.add(re.sub(r"\d+", "N", sent.location))
    assert led_to == {"/innovations/N/register/problem"}
    mine = draft(cast, "Falls Sense")
    page, token = f"/innovations/{mine.id}/duplicates", re.compile(r'"csrf_token" value="[^"]*"')
    session.commit()
    before = token.sub("", browser.get(page).text)
    other(cast.other_innovator, "FallsSense", sharing=Sharing.HINS)
    session.commit()
    assert not likely_duplicates(cast.innovator.actor, mine)
    assert token.sub("", browser.get(page).text) == before


def test_not_even_that_is_told_of_a_draft_of_others(session: Session, cast: Cast) -> None:
    other(cast.other_innovator, status=RecordStatus.DRAFT)
    assert not likely_duplicates(cast.innovator.actor, draft(cast))


def test_hin_staff_see_fully_what_the_innovator_may_not(session: Session, cast: Cast) -> None:
    there = other(cast.other_innovator)
    mine = other(cast.innovator, "Kardia mobile")
    assert names(likely_duplicates(cast.hin.actor, mine)) == [there.name]
    assert names(likely_duplicates(cast.innovator.actor, mine)) == []


def test_a_website_typed_in_the_draft_counts(session: Session, cast: Cast) -> None:
    other(cast.other_innovator, "Pulse", website="https://kardia.example", sharing=Sharing.PUBLIC)
    mine = draft(cast, "Something else")
    assert not likely_duplicates(cast.innovator.actor, mine)
    drafts.save_draft(
        innovation=mine,
        section=Section.ABOUT,
        answers={"website": "https://www.kardia.example/home"},
        version=version_of(mine, Section.ABOUT),
        by=cast.innovator.actor,
    )
    found = likely_duplicates(cast.innovator.actor, mine)
    assert found.seen[0].likeness.reasons == ("it has the same website",)


def test_a_renamed_record_is_found_by_its_new_name_only(session: Session, cast: Cast) -> None:
    there = other(cast.other_innovator, sharing=Sharing.PUBLIC)
    there.name = "Wound View"
    session.flush()
    assert not likely_duplicates(cast.innovator.actor, draft(cast))
    assert names(likely_duplicates(cast.innovator.actor, draft(cast, "WoundView"))) == [
        "Wound View"
    ]


def test_the_keys_follow_the_organisations_name(session: Session, cast: Cast) -> None:
    there = other(cast.other_innovator)
    cast.other_innovator.organisation.name = "Renamed Devices Ltd"
    session.flush()
    keys = select(InnovationKey.key).where(InnovationKey.innovation_id == there.id)
    assert {key for key in session.scalars(keys) if key.startswith("o:")} == {"o:renameddevices"}


def test_a_word_that_many_share_does_not_bring_them_all(
    session: Session, cast: Cast, statements: Statements, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.innovations.queries.duplicates.MAX_RECORDS_OF_KEY", 5)
    for number in range(12):
        other(cast.other_innovator, f"Health tool {number}", sharing=Sharing.PUBLIC)
    there = other(cast.other_innovator, "Health Kardia", sharing=Sharing.PUBLIC)
    mine = draft(cast, "Kardia Health")
    session.commit()
    with statements.at_most(12):
        found = likely_duplicates(cast.innovator.actor, mine)
    assert names(found) == [there.name]


def test_a_decision_is_kept_shown_and_may_be_changed(session: Session, cast: Cast) -> None:
    there = other(cast.other_innovator, sharing=Sharing.PUBLIC)
    mine = other(cast.innovator)
    judge(innovation=mine, other=there, is_same=False, by=cast.innovator.actor)
    found = likely_duplicates(cast.innovator.actor, mine)
    assert found.undecided == 0
    assert found.seen[0].decision is not None
    assert found.seen[0].decision.is_same is False
    judge(innovation=there, other=mine, is_same=True, by=cast.hin.actor)
    assert session.scalars(select(DuplicateDecision)).one().is_same
    seen_from_there = likely_duplicates(cast.hin.actor, there)
    assert seen_from_there.seen[0].decision is not None
    audiences = session.scalars(
        select(AuditEvent.audience)
        .where(AuditEvent.action == "innovation.duplicate_judged")
        .order_by(AuditEvent.id)
    ).all()
    assert audiences == [Audience.PRIVATE, Audience.HIN]


def test_who_claims_the_record_of_others_is_helped_by_its_hin(session: Session, cast: Cast) -> None:
    there = other(cast.other_innovator, sharing=Sharing.PUBLIC, hin=makers.hin("HI-MAN"))
    judge(innovation=draft(cast), other=there, is_same=True, by=cast.innovator.actor)
    email = session.scalars(CLAIMS).one()
    assert email.address == cast.other_hin.user.email
    assert email.subject == "Ida Brown says that KardiaMobile is theirs"


def test_who_says_that_two_of_their_own_are_the_same_bothers_nobody(
    session: Session, cast: Cast
) -> None:
    judge(
        innovation=draft(cast), other=other(cast.innovator), is_same=True, by=cast.innovator.actor
    )
    assert session.scalars(CLAIMS).all() == []


def test_a_reader_does_not_judge_and_nothing_is_judged_against_itself(
    session: Session, cast: Cast
) -> None:
    mine, there = other(cast.innovator, sharing=Sharing.PUBLIC), other(cast.other_innovator)
    with pytest.raises(Forbidden):
        judge(innovation=mine, other=there, is_same=True, by=cast.ics.actor)
    with pytest.raises(Invalid):
        judge(innovation=mine, other=mine, is_same=True, by=cast.innovator.actor)


@pytest.mark.parametrize("reader", ["innovator", "hin"])
def test_the_page_of_many_likely_duplicates_takes_few_statements(
    session: Session, cast: Cast, as_, statements: Statements, reader: str
) -> None:
    for _ in range(30):
        other(cast.other_innovator, sharing=Sharing.PUBLIC)
    mine = other(cast.innovator, "Kardia Mobile")
    session.commit()
    browser, url = as_(getattr(cast, reader)), f"/innovations/{mine.id}/duplicates"
    browser.get(url)
    with statements.at_most(8):
        page = browser.get(url).text
    assert page.count("KardiaMobile") >= 20


def test_what_stands_in_brackets_after_both_names_tells_nothing() -> None:
    trust = "(University Hospitals Coventry and Warwickshire)"
    record, dictation = f"Electronic patient record {trust}", f"Digital dictation {trust}"
    assert name_likeness(record, dictation) < SIMILAR_NAME
    assert name_likeness(record, record) == 1.0
    assert name_likeness("Ward (beta)", "Ward (beta) (new)") >= SIMILAR_NAME
    assert name_likeness("(Kardia)", "(Kardia)") == 1.0

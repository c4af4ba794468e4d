"""A suggested level with its reasons; a person decides, and both are kept and counted."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.clock import today
from portal.innovations.models import Innovation, StandardHeld, StandardStatus, Use
from portal.reference.models import Vocabulary
from portal.support.models import Engagement, LevelChange
from portal.support.queries.levels import decisions, suggestion
from portal.support.rules.levels import Decision, Similar, agreement
from portal.support.services.engagements import change_level
from portal.support.services.outcomes import wait
from tests import makers
from tests.cast import Cast
from tests.statements import end_transaction
from tests.support.conftest import engage


def _hints(innovation: Innovation) -> dict[str, int]:
    return {hint.code: hint.level for hint in suggestion(innovation, today()).hints}


def _at(innovation: Innovation, stage: str, session: Session) -> Innovation:
    innovation.stage = makers.term(Vocabulary.DEVELOPMENT_STAGE, stage)
    session.flush()
    return innovation


@pytest.mark.parametrize(("stage", "level"), [("IDEA", 1), ("PROTOTYPE", 2), ("READY", 3)])
def test_the_stage_points_to_a_level(
    record: Innovation, session: Session, stage: str, level: int
) -> None:
    assert _hints(_at(record, stage, session))["stage"] == level


def test_evidence_counts_when_published_and_from_real_use(
    record: Innovation, session: Session
) -> None:
    assert _hints(record)["evidence"] == 1
    makers.evidence(of=record)
    session.refresh(record)
    assert _hints(record)["evidence"] == 2
    kind = makers.term(Vocabulary.EVIDENCE_KIND, "CLINICAL_CARE")
    published = makers.term(Vocabulary.EVIDENCE_TYPE, "RCT")
    makers.evidence("A trial", of=record, kind=kind, type=published)
    session.refresh(record)
    assert _hints(record)["evidence"] == 3


def test_a_standard_that_the_law_asks_for_and_is_missing_points_to_advice(
    record: Innovation, session: Session
) -> None:
    assert "standards" not in _hints(record), "nothing asked for, nothing listed, nothing said"
    record.category = makers.term(Vocabulary.CATEGORY, "MEDICAL_DEVICE")
    session.flush()
    found = suggestion(record, today())
    hint = next(hint for hint in found.hints if hint.code == "standards")
    assert hint.level == 2
    assert "a UKCA or CE mark is needed" in hint.words
    mark = makers.term(Vocabulary.STANDARD, "CE_UKCA_CLASS_I")
    held = StandardHeld(standard=mark, status=StandardStatus.YES, checked_on=today())
    record.standards.append(held)
    session.flush()
    assert _hints(record)["standards"] == 3


def test_use_at_three_organisations_points_to_work_on_adoption(
    record: Innovation, session: Session, cast: Cast
) -> None:
    assert _hints(record)["market"] == 1
    for number in range(3):
        place = makers.organisation(f"Trust {number}")
        record.uses.append(Use(organisation_id=place.id, from_on=date(2026, 1, 1)))
        session.flush()
        assert _hints(record)["market"] == (3 if number == 2 else 2)


def test_the_most_that_is_asked_for_counts(record: Innovation, session: Session) -> None:
    record.terms += [makers.term_of_support("SIGNPOSTING"), makers.term_of_support("FUNDING")]
    session.flush()
    assert _hints(record)["wanted"] == 1
    record.terms.append(makers.term_of_support("EVALUATION_DESIGN"))
    session.flush()
    assert _hints(record)["wanted"] == 3


def test_three_similar_cases_say_what_they_needed(
    record: Innovation, session: Session, cast: Cast
) -> None:
    record.category = makers.term(Vocabulary.CATEGORY, "DIGITAL")
    for number, level in enumerate((1, 2, 2)):
        assert "similar" not in _hints(record)
        other = makers.innovation(f"Like it {number}", of=cast.other_innovator, stage=record.stage)
        other.category = record.category
        makers.put(Engagement(innovation=other, hin_id=cast.other_hin.actor.hin_id, level=level))
    hint = suggestion(record, today()).hints[-1]
    assert (hint.code, hint.level) == ("similar", 2)
    assert hint.words == "Similar cases: 3, in the middle at level 2"


def test_the_suggestion_is_the_middle_of_what_the_rules_point_to(
    record: Innovation, session: Session
) -> None:
    found = suggestion(_at(record, "IDEA", session), today())
    levels = sorted(hint.level for hint in found.hints)
    assert found.level == levels[(len(levels) - 1) // 2]
    assert Similar().levels == ()


def test_the_page_of_the_decision_shows_it_with_every_reason(
    as_, picked_up: Engagement, cast: Cast
) -> None:
    page = as_(cast.hin).get(f"/innovations/{picked_up.innovation_id}/support/engage").text
    found = suggestion(picked_up.innovation, today())
    assert f"Suggested: level {found.level}" in page
    for hint in found.hints:
        assert hint.words in page


def test_no_level_is_chosen_before_somebody_chooses(
    as_, picked_up: Engagement, cast: Cast, session: Session
) -> None:
    """Neither the suggested level nor, when the support goes on after waiting, the earlier one."""
    browser, url = as_(cast.hin), f"/innovations/{picked_up.innovation_id}/support/engage"
    assert _checked(browser.get(url).text) == []
    answers = {"version": picked_up.version, "lead": cast.hin.user.id, "message": "We begin."}
    refused = browser.post(url, data=answers)
    assert "Select a support level" in refused.text
    assert _checked(refused.text) == []
    engaging = engage(picked_up, cast.hin, level=3)
    wait(
        engagement=engaging,
        version=engaging.version,
        waiting_for="a trial",
        until=today() + timedelta(days=30),
        by=cast.hin.actor,
    )
    session.commit()
    page = browser.get(url).text
    assert _checked(page) == []
    assert "another level than 3, which it had before" in page


def _checked(page: str) -> list[str]:
    """Return the radio buttons of a page that are chosen."""
    radios = re.findall(r'<input[^>]*type="radio"[^>]*>', page)
    assert radios
    return [radio for radio in radios if re.search(r"\schecked\b", radio)]


def test_what_was_suggested_is_kept_beside_what_was_chosen(
    picked_up: Engagement, cast: Cast, session: Session
) -> None:
    found = suggestion(picked_up.innovation, today())
    engaging = engage(picked_up, cast.hin, level=4)
    change_level(
        engagement=engaging, version=engaging.version, level=1, why="Less", by=cast.hin.actor
    )
    session.flush()
    kept = [(row.suggested, row.level) for row in engaging.levels]
    assert kept == [(found.level, 4), (found.level, 1)]
    assert engaging.levels[0].reasons == [hint.as_row() for hint in found.hints]


DECISIONS = st.lists(
    st.builds(
        Decision,
        st.integers(1, 3),
        st.integers(1, 4),
        st.integers(1, 4),
        st.dictionaries(st.sampled_from(["stage", "evidence", "wanted"]), st.integers(1, 4)),
    )
)


@given(DECISIONS)
def test_the_counts_equal_a_plain_count(found: list[Decision]) -> None:
    counted = agreement(found)
    assert counted.total == len(found)
    assert counted.same == len([d for d in found if d.suggested == d.chosen])
    assert counted.higher == len([d for d in found if d.suggested < d.chosen])
    for code in ("stage", "evidence", "wanted"):
        said = [d for d in found if code in d.hints]
        right = [d for d in said if d.hints[code] == d.chosen]
        assert counted.rules.get(code, (0, 0)) == (len(right), len(said))


def test_decisions_that_are_alike_are_counted_in_sql_and_read_as_they_stand(
    as_, session: Session, picked_up: Engagement, cast: Cast, statements
) -> None:
    own, two = cast.hin.actor.hin_id, [_hint("stage", 1, "Idea"), _hint("market", 2, "A few")]
    said = [(1, two), (1, [_hint("stage", 1, "Other words"), two[1]]), (2, two), (2, [])]
    for chosen, reasons in said:
        session.add(_chosen(picked_up, chosen, reasons))
    end_transaction(session)
    hints = {"stage": 1, "market": 2}
    assert sorted(decisions(), key=lambda one: (one.chosen, -one.count, len(one.hints))) == [
        Decision(own, 1, 1, hints, 2),
        Decision(own, 1, 2, {}, 1),
        Decision(own, 1, 2, hints, 1),
    ]
    browser = as_(cast.hin)
    assert "4 decisions: 2 as suggested, 2 higher" in browser.get("/support/levels").text
    with statements.at_most(6):
        browser.get("/support/levels")
    session.add(_chosen(picked_up, 3, two))
    end_transaction(session)
    assert "5 decisions: 2 as suggested, 3 higher" in browser.get("/support/levels").text


def _hint(code: str, level: int, words: str) -> dict[str, object]:
    return {"code": code, "level": level, "words": words}


def _chosen(engagement: Engagement, level: int, reasons: list[dict[str, object]]) -> LevelChange:
    return LevelChange(engagement=engagement, level=level, suggested=1, reasons=reasons)


def test_a_hin_counts_its_own_and_the_nation_and_opens_only_its_own(
    as_, session: Session, picked_up: Engagement, cast: Cast
) -> None:
    engaging = engage(picked_up, cast.hin, level=4)
    elsewhere = makers.innovation("Elsewhere", of=cast.other_innovator, opens=False)
    row = makers.put(Engagement(innovation=elsewhere, hin_id=cast.other_hin.actor.hin_id))
    makers.put(
        LevelChange(
            engagement=row, level=2, suggested=2, reasons=[], why="Staff of Manchester only"
        )
    )
    assert len(decisions()) == 2
    page = as_(cast.hin).get("/support/levels").text
    assert "1 decision: 0 as suggested, 1 higher" in page
    assert "2 decisions: 1 as suggested, 1 higher" in page
    rows = as_(cast.hin).get("/support/levels/decisions").text
    assert engaging.innovation.name in rows
    assert "Elsewhere" not in rows
    assert (
        "Staff of Manchester only"
        not in as_(cast.hin).get("/support/levels/decisions?network=HI-MAN").text
    )
    assert "Elsewhere" in as_(cast.national).get("/support/levels/decisions").text


def test_the_counts_take_few_statements(as_, session: Session, cast: Cast, statements) -> None:
    for number in range(30):
        other = makers.innovation(f"Case {number}", of=cast.innovator, opens=False)
        row = makers.put(
            Engagement(
                innovation=other,
                hin_id=cast.hin.actor.hin_id,
                opened_at=makers.now() - timedelta(days=number),
            )
        )
        makers.put(LevelChange(engagement=row, level=2, suggested=1, reasons=[]))
    browser = as_(cast.hin)
    with statements.at_most(8):
        browser.get("/support/levels")
    with statements.at_most(8):
        browser.get("/support/levels/decisions?suggested=1&chosen=2")

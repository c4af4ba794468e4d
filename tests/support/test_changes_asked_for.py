"""What a HIN asked to be changed stays in sight until answered, and then with what changed."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.innovations.models import ChangeRequest, Innovation, Section
from portal.innovations.sections.answers import Answers, version_of, version_of_all
from portal.innovations.services.drafts import save_draft
from portal.innovations.services.submission import submit
from portal.support.models import Engagement, EngagementState
from portal.support.services import engagements, outcomes
from tests.cast import Cast, Person
from tests.support.conftest import engage

WORDS = {Section.NEED: "Who is it for?", Section.COSTS: "Per patient?"}


def _ask(engagement: Engagement, person: Person, wanted: dict[Section, str]) -> None:
    outcomes.request_changes(
        engagement=engagement, version=engagement.version, wanted=wanted, by=person.actor
    )


def _answer(record: Innovation, section: Section, answers: Answers, cast: Cast) -> None:
    save_draft(
        innovation=record,
        section=section,
        answers=answers,
        version=version_of(record, section),
        by=cast.innovator.actor,
    )
    submit(innovation=record, version=version_of_all(record), by=cast.innovator.actor)


def _shown(page: str) -> str:
    """Return the words of the part of a page about changes asked for."""
    part = page.partition('id="change-requests"')[2].partition("<h2")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))


def test_each_section_is_a_dated_row_of_who_asked(
    clock, session: Session, record: Innovation, picked_up: Engagement, cast: Cast
) -> None:
    _ask(picked_up, cast.hin, WORDS)
    rows = session.scalars(select(ChangeRequest).order_by(ChangeRequest.id)).all()
    assert {row.section: row.words for row in rows} == WORDS
    assert {(row.hin_id, row.by_id, row.answered_at) for row in rows} == {
        (picked_up.hin_id, cast.hin.user.id, None)
    }


def test_the_hin_sees_what_it_asked_on_support_and_activity(
    as_, session: Session, picked_up: Engagement, cast: Cast
) -> None:
    _ask(picked_up, cast.hin, WORDS)
    session.commit()
    for person in (cast.hin, cast.innovator, cast.national):
        for page in ("support", "activity"):
            shown = _shown(as_(person).get(f"/innovations/{picked_up.innovation_id}/{page}").text)
            assert "Who is it for?" in shown
            assert "Per patient?" in shown
            assert shown.count("Not answered yet") == 2
            assert "Hana West" in shown


def test_what_was_answered_is_shown_with_what_changed(
    as_, session: Session, record: Innovation, picked_up: Engagement, cast: Cast
) -> None:
    _ask(picked_up, cast.hin, WORDS)
    _answer(record, Section.NEED, {"need": "Carers wait too long."}, cast)
    session.commit()
    shown = _shown(as_(cast.hin).get(f"/innovations/{record.id}/support").text)
    assert shown.count("Not answered yet") == 1
    assert shown.index("Per patient?") < shown.index("Who is it for?")
    assert "from People wait too long for help. to Carers wait too long." in shown
    assert f"by {cast.innovator.user.name}" in shown


def test_a_second_hin_does_not_replace_what_the_first_asked(
    session: Session, record: Innovation, engaging: Engagement, cast: Cast
) -> None:
    joined = engagements.join(innovation=record, known={engaging.hin_id}, by=cast.other_hin.actor)
    _ask(engaging, cast.hin, {Section.NEED: "Who is it for?"})
    _ask(joined, cast.other_hin, {Section.NEED: "How many are they?"})
    wanted = {copy.section: copy.change_wanted for copy in record.copies}
    assert wanted[Section.NEED] == "Who is it for?\n\nHow many are they?"
    _answer(record, Section.NEED, {"need": "Carers wait."}, cast)
    rows = session.scalars(select(ChangeRequest)).all()
    assert all(row.answered_at is not None for row in rows)
    assert engaging.state is EngagementState.ASSESSING


def test_a_decision_does_not_hide_what_was_not_answered(
    as_, session: Session, picked_up: Engagement, cast: Cast
) -> None:
    _ask(picked_up, cast.hin, {Section.NEED: "Who is it for?"})
    engage(picked_up, cast.hin)
    session.commit()
    page = as_(cast.hin).get(f"/innovations/{picked_up.innovation_id}/support").text
    assert "Not answered yet" in _shown(page)

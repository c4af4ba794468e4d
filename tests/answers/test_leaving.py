"""What hangs on who leaves, in answers: what is under way passes on, and nobody waits for them."""

import pytest
from sqlalchemy.orm import Session

from portal.answers.models import AnswerState, DeclineReason
from portal.answers.queries import assessors_of
from portal.answers.rules import DECIDED
from portal.answers.rules.assessing import asked
from portal.answers.services import assessing
from portal.answers.services.leaving import RESPONSIBILITIES
from portal.innovations.models import Innovation
from tests import makers as rows
from tests.answers import makers
from tests.cast import Cast

ANSWERS, ASSESSED = RESPONSIBILITIES


@pytest.mark.parametrize("leads", [True, False], ids=["to whom they name", "to the lead"])
def test_answers_under_way_pass_on_and_decided_ones_stay(
    session: Session, cast: Cast, leads: bool
) -> None:
    mine = {}
    for state in AnswerState:
        record = rows.innovation(f"Record {state.value}", of=cast.colleague)
        answer = makers.drafted(makers.stated(cast, f"Need {state.value}"), record, cast.colleague)
        answer.state = state
        mine[state] = answer
    mine[AnswerState.DECLINED].decline_reason = DeclineReason.COST
    theirs = makers.drafted(
        makers.stated(cast, "Another"), rows.innovation(of=cast.innovator), cast.innovator
    )
    session.flush()
    leaves = cast.colleague.membership
    under_way = [state for state in AnswerState if state not in DECIDED]
    assert ANSWERS.count(leaves) == len(under_way)
    heir = cast.innovator.user
    ANSWERS.pass_on(leaves, heir if leads else None, cast.innovator.actor)
    assert ANSWERS.count(leaves) == 0
    for state, answer in mine.items():
        kept = cast.colleague.user.id if state in DECIDED else heir.id
        assert answer.author_id == kept, state
    assert theirs.author_id == heir.id


def test_who_leaves_is_waited_for_no_more_in_their_own_organisation_alone(
    session: Session, cast: Cast
) -> None:
    here = makers.stated(cast, "Here")
    for person in (cast.ics, cast.hin):
        assessing.ask_to_assess(challenge=here, person=person.user, by=cast.ics.actor)
    elsewhere = rows.challenge("Elsewhere", of=cast.other_ics)
    assessing.ask_to_assess(challenge=elsewhere, person=cast.ics.user, by=cast.other_ics.actor)
    assert ASSESSED.count(cast.ics.membership) == 1
    ASSESSED.pass_on(cast.ics.membership, None, cast.ics.actor)
    session.flush()
    assert ASSESSED.count(cast.ics.membership) == 0
    assert [one.user_id for one in asked(assessors_of(here.id))] == [cast.hin.user.id]
    assert [one.user_id for one in asked(assessors_of(elsewhere.id))] == [cast.ics.user.id]
    assert ASSESSED.count(cast.hin.membership) == 1


def test_the_page_of_leaving_says_how_many(cast: Cast, as_, record: Innovation, session) -> None:
    makers.drafted(makers.stated(cast), record, cast.colleague)
    page = as_(cast.colleague).get(f"/account/members/{cast.colleague.membership.id}/end").text
    assert "1 answer to a challenge" in page

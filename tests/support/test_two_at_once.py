"""Two people decide the same case at once: the second reads who did what and when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.clock import today
from portal.support.models import Engagement, EngagementState, ProposalKind
from portal.support.services import engagements, outcomes, proposals
from tests import makers
from tests.cast import Cast, Person
from tests.support.conftest import close

TEXT = "Three sites asked for a longer trial."
WHEN = today() + timedelta(days=20)


@pytest.fixture
def colleague(cast: Cast) -> Person:
    """Wes Field of West Midlands, who was quicker."""
    user = makers.user("Wes Field")
    return Person(user, makers.membership(user, cast.hin.organisation, Role.HIN, is_lead=True))


def _level(case: Engagement, first: Person, cast: Cast) -> None:
    engagements.change_level(
        engagement=case, version=case.version, level=3, why="More is needed", by=first.actor
    )


def _close(case: Engagement, first: Person, cast: Cast) -> None:
    close(case, first)


def _wait(case: Engagement, first: Person, cast: Cast) -> None:
    outcomes.wait(
        engagement=case, version=case.version, waiting_for="a grant", until=WHEN, by=first.actor
    )


def _assign(case: Engagement, first: Person, cast: Cast) -> None:
    told = {"version": case.version, "lead_id": first.user.id, "by": first.actor}
    engagements.assign(engagement=case, **told)


def _hand_over(case: Engagement, first: Person, cast: Cast) -> None:
    proposal = proposals.propose(
        innovation=case.innovation,
        kind=ProposalKind.HANDOVER,
        to_hin_id=cast.other_hin.actor.hin_id or 0,
        words="They have moved.",
        by=first.actor,
    )
    proposals.accept(proposal=proposal, version=proposal.version, known=(), by=cast.other_hin.actor)


FIRST: dict[str, tuple[Callable[..., None], str]] = {
    "level": (_level, "Wes Field set it to “Support level 3” on"),
    "close": (_close, "Wes Field set it to “Closed” on"),
    "wait": (_wait, "Wes Field set it to “Waiting” on"),
    "lead": (_assign, "Wes Field set it to “Led by Wes Field” on"),
    "handover": (_hand_over, "Owen Mills set it to “Closed” on"),
}
SECOND: dict[str, dict[str, str]] = {
    "level": {"level": "4", "why": TEXT},
    "close": {"reason": "done", "summary": TEXT, "next_step": "Ask your ICS."},
    "wait": {
        "waiting_for": TEXT,
        "until-day": str(WHEN.day),
        "until-month": str(WHEN.month),
        "until-year": str(WHEN.year),
    },
    "changes": {"need": TEXT, "message": "Please look again."},
    "exempt": {"why": TEXT},
    "carry-on": {"why": TEXT},
}


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("page", SECOND)
def test_the_second_reads_who_did_what_and_when_and_keeps_the_text(
    as_: Any,
    session: Session,
    engaging: Engagement,
    cast: Cast,
    colleague: Person,
    first: str,
    page: str,
) -> None:
    seen = engaging.version
    act, said = FIRST[first]
    act(engaging, colleague, cast)
    state = engaging.state
    url = f"/innovations/{engaging.innovation_id}/support/{page}"
    answer = as_(cast.hin).post(url, data={"version": seen, **SECOND[page]})
    assert answer.status_code == 409
    assert f"{said} {today().day} {today():%B %Y}" in answer.text
    assert TEXT in answer.text
    session.expire_all()
    assert engaging.state is state


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_of_two_who_answer_a_handover_the_second_keeps_the_words(
    as_: Any, session: Session, engaging: Engagement, cast: Cast, answer: str
) -> None:
    proposal = proposals.propose(
        innovation=engaging.innovation,
        kind=ProposalKind.HANDOVER,
        to_hin_id=cast.other_hin.actor.hin_id or 0,
        words="They have moved.",
        by=cast.hin.actor,
    )
    seen = proposal.version
    proposals.accept(proposal=proposal, version=seen, known=(), by=cast.other_hin.actor)
    told = {"version": seen, "decision": answer, "answer": TEXT}
    page = as_(cast.other_hin).post(f"/support/proposals/{proposal.id}", data=told)
    assert page.status_code == 409
    assert f"Owen Mills accepted this proposal on {today().day} {today():%B %Y}" in page.text
    assert TEXT in page.text
    assert engaging.state is EngagementState.CLOSED

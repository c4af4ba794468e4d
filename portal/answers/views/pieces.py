"""What answers contribute to pages of lower rooms: how to answer a challenge, and its tabs."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from portal.accounts.session import current_actor
from portal.answers import policy, queries
from portal.answers.models import Answer
from portal.answers.rules import takes_answers
from portal.answers.views import blueprint
from portal.challenges.models import Call, Challenge
from portal.challenges.queries.calls import call_seen_by, published_of
from portal.clock import today
from portal.innovations.models import Innovation
from portal.innovations.policy import is_own


@dataclass(frozen=True, slots=True)
class Answering:
    """What the page of a challenge says about answering it, to its reader."""

    challenge: Challenge
    call: Call | None
    answers: Sequence[Answer]
    """The reader's own."""
    may_answer: bool
    template: str = "answers/_answering.html"


def answering_of(challenge: Challenge) -> Answering | None:
    """Return what is said to an innovator about answering a challenge; None to others."""
    actor = current_actor()
    if not policy.can_answer(actor, challenge):
        return None
    call, mine = published_of(challenge.id), queries.own_answers(actor, challenge.id)
    may = takes_answers(challenge, call, today())
    return Answering(challenge, call, mine, may) if may or mine else None


def answer_tabs_of(challenge: Challenge) -> list[tuple[str, str]]:
    """Return the tabs of a challenge besides its matches: its call, and its answers for those who
    read them."""
    actor = current_actor()
    found: list[tuple[str, str]] = []
    if call_seen_by(actor, challenge) is not None:
        found.append(("Call", url_for("challenges.call", challenge_id=challenge.id)))
    if policy.can_read_all(actor, challenge, queries.parts_of(actor)):
        found.append(("Answers", url_for("answers.grid", challenge_id=challenge.id)))
    return found


def may_answer_with(innovation: Innovation) -> bool:
    """Whether the reader may answer challenges with a record: for the list of those it may fit."""
    actor = current_actor()
    return actor.is_innovator and is_own(actor, innovation)


blueprint.add_app_template_global(answering_of)
blueprint.add_app_template_global(answer_tabs_of)
blueprint.add_app_template_global(may_answer_with)

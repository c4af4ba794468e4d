"""Those who asked: look at an idea, answer it, make something of it, be reminded."""

from dataclasses import dataclass

from portal.accounts.models import Actor
from portal.challenges import services as challenges
from portal.challenges.models import Challenge
from portal.clock import now
from portal.community import outbox, policy
from portal.community.models import Idea, IdeaState
from portal.community.queries import responsible_for
from portal.community.rules import ANSWERED, has_become
from portal.community.services.moves import hold, move, require
from portal.db import db
from portal.errors import Conflict, Invalid
from portal.innovations.models import Innovation, Section
from portal.innovations.sections.answers import version_of
from portal.innovations.services.drafts import register, save_draft
from portal.programmes.models import Proposal
from portal.programmes.services.proposals import put_forward

MAX_SUMMARY = 300
"""As much as a record's summary takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an idea's authors are told."""

    state: IdeaState
    words: str
    exists: Innovation | None = None
    exists_url: str = ""


def look(*, idea: Idea, version: int, by: Actor) -> None:
    """Take an idea on: its authors are told who looks at it. Of two at once the second is refused.

    Raises Forbidden, Conflict.
    """
    standing = hold(idea, version, by)
    require(policy.can_look(by, standing, idea))
    idea.owner_id = by.user_id
    move(idea, IdeaState.LOOKING, by=by)
    outbox.tell_authors("looking", idea, by=by)


def answer(*, idea: Idea, answer: Answer, version: int, by: Actor) -> None:
    """Answer an idea with a reason; its authors and followers are told. Its day stays, so that it
    is known whether it was kept. Raises Forbidden, Invalid, Conflict."""
    standing = hold(idea, version, by)
    require(policy.can_answer(by, standing, idea))
    _check(answer)
    idea.owner_id, idea.answer, idea.answered_at = by.user_id, answer.words, now()
    idea.exists_innovation, idea.exists_url = answer.exists, answer.exists_url
    move(idea, answer.state, by=by, words=answer.words)
    outbox.tell_concerned("answered", idea, by=by)


def _check(answer: Answer) -> None:
    if answer.state not in ANSWERED:
        raise Invalid("Select what becomes of the idea", field="state")
    if answer.state is not IdeaState.TAKEN_UP and not answer.words.strip():
        raise Invalid("Enter why", field="words")
    if answer.state is IdeaState.EXISTS and not (answer.exists or answer.exists_url):
        raise Invalid("Enter the record or the address where it is", field="exists_innovation")


def become_challenge(*, idea: Idea, version: int, by: Actor) -> Challenge:
    """Draft a challenge of the actor's organisation from what the idea says of the problem.
    Raises Forbidden, Conflict for an idea that became something already."""
    standing = hold(idea, version, by)
    require(policy.can_become_challenge(by, standing, idea))
    _refuse_second(idea)
    content = challenges.Content(
        title=idea.title, problem=idea.problem, tried=_tried(idea), outcome_wanted=idea.benefit
    )
    idea.challenge = challenges.draft(content=content, by=by, is_demo=idea.is_demo)
    _became(idea, "a challenge", by)
    return idea.challenge


def become_record(*, idea: Idea, version: int, by: Actor) -> Innovation:
    """Start a record of the organisation of the idea's author, which the actor's organisation
    keeps. Raises Forbidden, Conflict for an idea that became something already."""
    hold(idea, version, by)
    require(policy.can_become_record(by, idea))
    _refuse_second(idea)
    record = register(
        name=idea.title,
        summary=idea.words[:MAX_SUMMARY],
        by=by,
        organisation_id=idea.organisation_id,
        kept_by_id=by.organisation_id,
    )
    save_draft(
        innovation=record,
        section=Section.NEED,
        answers={"need": idea.problem},
        version=version_of(record, Section.NEED),
        by=by,
    )
    idea.innovation = record
    _became(idea, "a record on the pipeline", by)
    return record


def become_proposal(*, idea: Idea, version: int, by: Actor) -> Proposal:
    """Put an idea forward as a next programme, in words alone. Raises Forbidden, Conflict for an
    idea that became something already."""
    hold(idea, version, by)
    require(policy.can_become_proposal(by, idea))
    _refuse_second(idea)
    words = "\n\n".join(one for one in (idea.words, idea.problem, idea.benefit) if one)
    idea.proposal = put_forward(title=idea.title, words=words, by=by)
    _became(idea, "a proposal of a next programme", by)
    return idea.proposal


def remind(idea: Idea) -> None:
    """Tell those who owe the answer, once, that its day has passed."""
    idea.reminded_at = now()
    db.session.flush()
    outbox.tell_people(responsible_for(idea), "overdue", idea)


def _tried(idea: Idea) -> str:
    """What was thought of: matching leaves it out, because what was tried is no wish."""
    return f"An idea of staff: {idea.words}"


def _refuse_second(idea: Idea) -> None:
    if has_become(idea):
        raise Conflict("Something was made of this idea already.")


def _became(idea: Idea, what: str, by: Actor) -> None:
    db.session.flush()
    outbox.note("became", idea, f"made {what} of the idea", by=by)
    outbox.tell_authors("became", idea, by=by, what=what)
    outbox.tell_people(responsible_for(idea), "became", idea, by=by, what=what)

"""Write a call, publish it, amend it, answer questions about it, and publish its result."""

from dataclasses import dataclass

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.challenges import policy
from portal.challenges.models import (
    Call,
    CallCriterion,
    CallQuestion,
    CallResult,
    Challenge,
    ChallengeState,
    Readers,
)
from portal.challenges.outbox import calls as outbox
from portal.challenges.queries.calls import call_of, hin_names, waiting_of
from portal.challenges.rules.calls import (
    MAX_QUESTIONS,
    PLAIN,
    Phase,
    Terms,
    changes,
    phase,
    problem_of,
    takes_questions,
    terms_of,
)
from portal.challenges.services.amending import add_amendment
from portal.challenges.services.following import follow
from portal.clock import now, today
from portal.db import add_new, db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_date


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many answered, were assessed, met and were chosen."""

    answered: int
    assessed: int
    met: int
    chosen: int


def write(*, challenge: Challenge, terms: Terms, version: int, by: Actor) -> Call:
    """Write the terms of a call that is not published; version 0 begins one.

    Raises Forbidden, Invalid where dates or criteria are wrong or the call is published, Conflict.
    """
    _require_stating(challenge, by)
    _require_right(terms)
    call = call_of(challenge.id)
    if call is None:
        call = Call(challenge=challenge, **_plain(terms))
        if version or not add_new(call):
            raise Conflict("Somebody wrote a call meanwhile.")
    else:
        lock(call, seen=version)
        if call.published_at is not None:
            raise Invalid("This call is published: amend it.")
    _set(call, terms)
    audit.note(call, "written", "wrote the call", by=by, audience=Audience.PRIVATE)
    return call


def publish(*, call: Call, version: int, by: Actor) -> None:
    """Publish a call: from now on its criteria are locked, and it says by when everybody who
    answers has an answer. Raises Forbidden, Invalid, Conflict."""
    _require_stating(call.challenge, by)
    lock(call, seen=version)
    if call.published_at is not None:
        raise Invalid("This call was published before.")
    if call.challenge.state is not ChallengeState.OPEN:
        raise Invalid("Open the challenge first.")
    if call.challenge.readers is not Readers.PUBLIC:
        raise Invalid("Let anyone read the challenge first: change who may read it.")
    if call.opens_on < today():
        raise Invalid("The day on which it opens has passed: change it.")
    _require_right(terms_of(call))
    call.published_at = now()
    call.set_due(due_date(DeadlineKind.ANSWER, call.closes_on))
    db.session.flush()
    audit.note(call, "published", "published the call", by=by, audience=Audience.EVERYONE)
    outbox.tell_published(call)


def amend(*, call: Call, terms: Terms, why: str, version: int, by: Actor) -> None:
    """Change the terms of a published call that has not closed; all who follow or answered are
    told what was before, what is now, and why. Raises Forbidden, Invalid, Conflict."""
    _require_stating(call.challenge, by)
    lock(call, seen=version)
    if phase(call, today()) not in {Phase.COMING, Phase.OPEN}:
        raise Invalid("A call is amended from its publication to its last day.")
    if terms.closes_on < today():
        raise Invalid("The last day for answers must not have passed", field="closes_on")
    _require_right(terms)
    told = changes(terms_of(call), terms, hin_names())
    if not told:
        raise Invalid("Change something first: nothing is different")
    _set(call, terms)
    call.set_due(due_date(DeadlineKind.ANSWER, call.closes_on))
    add_amendment(call, told, why, by=by)
    audit.note(call, "amended", "amended the call", by=by, audience=Audience.EVERYONE)


def ask(*, call: Call, question: str, by: Actor) -> CallQuestion:
    """Ask a question, published with its answer and without who asked, and follow the call.

    Raises Forbidden, Invalid after the last day or with too many that wait.
    """
    if by.user_id is None or not policy.can_ask_about(by, call.challenge):
        raise Forbidden("Everybody but those who state the challenge asks about its call.")
    if not takes_questions(call, today()):
        raise Invalid("The last day for questions has passed")
    if waiting_of(call, by.user_id) >= MAX_QUESTIONS:
        raise Invalid(f"{MAX_QUESTIONS} questions of yours wait for their answers: wait for those")
    row = CallQuestion(call=call, question=question, by_id=by.user_id, at=now())
    db.session.add(row)
    db.session.flush()
    follow(call.challenge_id, by.user_id)
    outbox.tell_asked(row)
    return row


def answer(*, question: CallQuestion, words: str, by: Actor) -> None:
    """Answer a question: both are published, and who asked and who follows are told.

    Raises Forbidden, Conflict where somebody answered it meanwhile.
    """
    _require_stating(question.call.challenge, by)
    lock(question)
    if question.answered_at is not None:
        raise Conflict("Somebody answered this question meanwhile.")
    question.answer, question.answered_at, question.answered_by_id = words, now(), by.user_id
    db.session.flush()
    said = "answered a question about the call"
    audit.note(question.call, "question_answered", said, by=by, audience=Audience.EVERYONE)
    outbox.tell_answered(question)


def publish_result(
    *, call: Call, result: CallResult, words: str, numbers: Numbers, version: int, by: Actor
) -> None:
    """Publish what came of a call, with its numbers; who follows or answered is told.

    Raises Forbidden, Invalid before its last day has passed unless it is cancelled, Conflict.
    """
    _require_stating(call.challenge, by)
    lock(call, seen=version)
    stands = phase(call, today())
    early = result is CallResult.CANCELLED and stands in {Phase.COMING, Phase.OPEN}
    if stands is not Phase.CLOSED and not early:
        raise Invalid("The result is published once, after the last day for answers.")
    call.result, call.result_words, call.result_at = result, words, now()
    call.answered, call.assessed = numbers.answered, numbers.assessed
    call.met, call.chosen = numbers.met, numbers.chosen
    db.session.flush()
    said = f"published the result: {result.label.lower()}"
    audit.note(call, "result", said, by=by, audience=Audience.EVERYONE)
    outbox.tell_result(call)


def say_what_came(*, call: Call, words: str, version: int, by: Actor) -> None:
    """Publish what came of it later. Raises Forbidden, Invalid before the result, Conflict."""
    _require_stating(call.challenge, by)
    lock(call, seen=version)
    if call.result is None:
        raise Invalid("Publish the result first.")
    call.came_of_it, call.came_of_it_at = words, now()
    db.session.flush()
    said = "published what came of the call"
    audit.note(call, "came_of_it", said, by=by, audience=Audience.EVERYONE)
    outbox.tell_came_of_it(call)


def remind_of_questions(call: Call) -> None:
    """Remind those who state the challenge of late questions, once."""
    call.reminded_at = now()
    db.session.flush()
    outbox.tell_questions_late(call)


def _plain(terms: Terms) -> dict[str, object]:
    return {name: getattr(terms, name) for name in PLAIN}


def _set(call: Call, terms: Terms) -> None:
    """Write the terms; criteria that stay keep their rows, so that scores keep their meaning."""
    for name, value in _plain(terms).items():
        setattr(call, name, value)
    known = {one.name.casefold(): one for one in call.criteria}
    kept = [known.get(name.casefold()) or CallCriterion(name=name) for name, _ in terms.criteria]
    for gone in [one for one in call.criteria if one not in kept]:
        call.criteria.remove(gone)
    db.session.flush()
    for place, one in enumerate(call.criteria):
        one.position = -1 - place  # out of the way of the unique places
    db.session.flush()
    for place, (one, (name, weight)) in enumerate(zip(kept, terms.criteria, strict=True), start=1):
        one.name, one.weight, one.position = name, weight, place
        if one not in call.criteria:
            call.criteria.append(one)
    db.session.flush()
    db.session.refresh(call, ["criteria"])


def _require_stating(challenge: Challenge, by: Actor) -> None:
    if not policy.can_edit(by, challenge):
        raise Forbidden("Only the organisation that states a challenge publishes its call.")


def _require_right(terms: Terms) -> None:
    problem = problem_of(terms)
    if problem is not None:
        raise Invalid(problem[1], field=problem[0])

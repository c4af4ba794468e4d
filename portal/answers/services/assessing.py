"""Ask people to assess answers; they declare their interests and score apart from each other."""

from collections.abc import Mapping

from portal.accounts.models import Actor, User
from portal.answers import outbox
from portal.answers.models import Answer, AnswerAssessor, Assessment
from portal.answers.policy import can_decide_on
from portal.answers.queries import INTERESTED, answers_to, assessors_of, parts_of
from portal.answers.rules import is_being_assessed
from portal.answers.rules.assessing import MOST, criteria_of, is_complete, to_score
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.challenges.models import Challenge
from portal.challenges.policy import is_own
from portal.challenges.queries.calls import published_of
from portal.clock import now, today
from portal.db import add_new, db
from portal.db import lock as row_lock
from portal.errors import Conflict, Forbidden, Invalid

SHOWN = "All scores are in and shown: they change no more."
ALL_IN = "Answers to a call are assessed after its last day, when all are in."
SEALED = "Answers are sealed until the call has closed: declare then, when you see who answered."


def ask_to_assess(*, challenge: Challenge, person: User, by: Actor) -> AnswerAssessor:
    """Ask somebody to assess the answers; who was released may be asked again.

    Raises Forbidden, Conflict for who is asked already.
    """
    _require_stating(challenge, by)
    row_lock(challenge)
    for one in assessors_of(challenge.id):
        if one.user_id == person.id and one.released_at is not None:
            one.released_at, one.asked_at = None, now()
            db.session.flush()
            return _asked(one, by)
    row = AnswerAssessor(challenge=challenge, user=person, asked_at=now(), asked_by_id=by.user_id)
    if not add_new(row):
        raise Conflict("They were asked already.")
    return _asked(row, by)


def _asked(row: AnswerAssessor, by: Actor) -> AnswerAssessor:
    _note(row.challenge, "assessor_asked", f"asked {row.user.name} to assess the answers", by)
    outbox.tell_asked(row)
    return row


def release(*, assessor: AnswerAssessor, by: Actor) -> None:
    """Wait for somebody no more; what they scored does not count. Raises Forbidden, Invalid once
    scores are shown."""
    _require_stating(assessor.challenge, by)
    row_lock(assessor.challenge)
    _require_unshown(assessor.challenge)
    assessor.released_at = now()
    db.session.flush()
    _note(assessor.challenge, "assessor_released", f"no longer asks {assessor.user.name}", by)


def declare(
    *, assessor: AnswerAssessor, version: int, has_interest: bool, by: Actor, words: str = ""
) -> None:
    """Say whether one has an interest in one of the answers: who has one does not score, and what
    they had scored is deleted. Raises Forbidden for others, Invalid without words or while answers
    are sealed, Conflict."""
    _require_theirs(assessor, by)
    if not is_being_assessed(published_of(assessor.challenge_id), today()):
        raise Invalid(SEALED)
    if has_interest and not words.strip():
        raise Invalid("Enter what your interest is", field="words")
    row_lock(assessor.challenge)
    row_lock(assessor, seen=version)
    _require_unshown(assessor.challenge)
    assessor.has_interest, assessor.interest_words = has_interest, words
    assessor.declared_at = now()
    if has_interest:
        assessor.assessments = []
    db.session.flush()
    said = "declared an interest" if has_interest else "declared that they have no interest"
    _note(assessor.challenge, "declared", said, by)


def score(
    *,
    assessor: AnswerAssessor,
    answer: Answer,
    scores: Mapping[str, int],
    words: str,
    by: Actor,
) -> None:
    """Score an answer by every criterion, 0 to 4, with words that say why; until all are in it may
    be done anew. Raises Forbidden for others and for who has an interest, Invalid when it is too
    early, a criterion is missing or scores are shown."""
    _require_theirs(assessor, by)
    row_lock(assessor.challenge)
    row_lock(assessor)
    if assessor.has_interest is not False:
        raise Forbidden("Who declared that they have no interest scores the answers.")
    call = published_of(assessor.challenge_id)
    if not is_being_assessed(call, today()):
        raise Invalid(ALL_IN)
    if answer.challenge_id != assessor.challenge_id or answer not in to_score([answer]):
        raise Invalid("This answer is not there any more.")
    _require_unshown(assessor.challenge)
    wanted = {one.key for one in criteria_of(call)}
    if set(scores) != wanted or not all(0 <= one <= MOST for one in scores.values()):
        raise Invalid("Every criterion needs a score")
    _keep(assessor, answer, scores, words)
    outbox.note("scored", answer, "scored the answer", by=by)


def _keep(assessor: AnswerAssessor, answer: Answer, scores: Mapping[str, int], words: str) -> None:
    found = next((one for one in assessor.assessments if one.answer_id == answer.id), None)
    if found is None:
        found = Assessment(answer_id=answer.id)
        assessor.assessments.append(found)
    found.scores, found.words, found.scored_at = dict(scores), words, now()
    db.session.flush()


def _require_stating(challenge: Challenge, by: Actor) -> None:
    if not is_own(by, challenge):
        raise Forbidden("The organisation that states a challenge asks who assesses its answers.")
    if not can_decide_on(by, challenge, parts_of(by)):
        raise Forbidden(INTERESTED)


def _require_theirs(assessor: AnswerAssessor, by: Actor) -> None:
    if by.user_id != assessor.user_id or assessor.released_at is not None:
        raise Forbidden("Who was asked to assess it does this.")


def _require_unshown(challenge: Challenge) -> None:
    """Raise Invalid once every answer has all its scores."""
    every = to_score(answers_to(challenge.id))
    if every and is_complete(assessors_of(challenge.id), every):
        raise Invalid(SHOWN)


def _note(challenge: Challenge, action: str, said: str, by: Actor) -> None:
    audit.note(challenge, action, said, by=by, audience=Audience.PRIVATE)

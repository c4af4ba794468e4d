"""Calls and answers at each of their states, for the tests of several rooms."""

from datetime import date, timedelta
from typing import Any

from portal.answers.models import Answer, AnswerAssessor, Meets
from portal.answers.rules.assessing import criteria_of
from portal.answers.services import answering, assessing, brokering
from portal.answers.services.answering import Content
from portal.challenges.models import Call, Challenge, Readers
from portal.challenges.queries.calls import published_of
from portal.challenges.rules.calls import Terms
from portal.challenges.services import calls
from portal.clock import today
from portal.db import db
from portal.innovations.models import Innovation
from tests import makers
from tests.cast import Cast, Person

MUST_HAVES = "- Works at night\n- No camera in bedrooms"


def stated(cast: Cast, title: str = "Falls at night", **values: Any) -> Challenge:
    """An open challenge of Coventry and Warwickshire that anyone reads."""
    told: dict[str, Any] = {
        "must_haves": MUST_HAVES,
        "outcome_wanted": "Fewer falls",
        "who_affected": "Residents",
    }
    told |= {"readers": Readers.PUBLIC, **values}
    return makers.challenge(title, of=cast.ics, **told)


def terms(*, opens: int = 0, closes: int = 20, **values: Any) -> Terms:
    """Terms from so many days from now to so many."""
    first = today()
    told = {
        "opens_on": first + timedelta(days=opens),
        "closes_on": first + timedelta(days=closes),
        "questions_by": first + timedelta(days=closes - 10),
        "replies_by": first + timedelta(days=closes - 8),
        "who_may": "Any innovator with a product in use.",
        "what_then": "We meet the best two and try one out.",
        "criteria": (("Fits night shifts", 3), ("Evidence", 2)),
    }
    return Terms(**{**told, **values})


def published(challenge: Challenge, by: Person, **values: Any) -> Call:
    """A published call."""
    call = calls.write(challenge=challenge, terms=terms(**values), version=0, by=by.actor)
    calls.publish(call=call, version=call.version, by=by.actor)
    return call


def content(answer: Answer, **values: Any) -> Content:
    """A whole answer."""
    told = {
        "points": [(Meets.YES, "By a sensor")] * len(answer.points),
        "evidence": "A year in six homes",
        "where_it_runs": "Rose Court",
        "asked_of_ics": "Two hours of training",
    }
    return Content(**{**told, **values})


def drafted(challenge: Challenge, record: Innovation, by: Person, **values: Any) -> Answer:
    """An answer that says all and is not sent."""
    answer = answering.begin(challenge=challenge, innovation=record, by=by.actor)
    said = content(answer, **values)
    answering.write(answer=answer, content=said, version=answer.version, by=by.actor)
    return answer


def sent(challenge: Challenge, record: Innovation, by: Person, **values: Any) -> Answer:
    """An answer that is sent."""
    answer = drafted(challenge, record, by, **values)
    answering.send(answer=answer, version=answer.version, by=by.actor)
    return answer


def passed_on(answer: Answer, by: Person) -> Answer:
    """An answer that its network passed on."""
    brokering.pass_on(answer=answer, version=answer.version, by=by.actor)
    return answer


def assessor(challenge: Challenge, person: Person, by: Person) -> AnswerAssessor:
    """Somebody who assesses and has no interest."""
    row = assessing.ask_to_assess(challenge=challenge, person=person.user, by=by.actor)
    declared(row, person)
    return row


def declared(
    part: AnswerAssessor, person: Person, *, has_interest: bool = False, words: str = ""
) -> None:
    """Somebody says whether they have an interest."""
    assessing.declare(
        assessor=part,
        version=part.version,
        has_interest=has_interest,
        words=words,
        by=person.actor,
    )


def scored(part: AnswerAssessor, answer: Answer, score: int, by: Person, words: str = "") -> None:
    """The same score by every criterion."""
    keys = [one.key for one in criteria_of(published_of(answer.challenge_id))]
    given = dict.fromkeys(keys, score)
    assessing.score(assessor=part, answer=answer, scores=given, words=words, by=by.actor)


def colleague_of(person: Person, name: str) -> Person:
    """Another member of somebody's organisation."""
    user = makers.user(name)
    role = person.membership.role
    return Person(user, makers.membership(user, person.organisation, role))


def closed(call: Call) -> date:
    """Let the last day of a call have passed; returns it."""
    call.closes_on = today() - timedelta(days=1)
    call.opens_on = call.closes_on - timedelta(days=20)
    db.session.flush()
    return call.closes_on

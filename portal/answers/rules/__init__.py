"""What answers know by themselves: what is asked, when they may change, what is prefilled. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from portal.answers.models import Answer, AnswerState, DeclineReason
from portal.challenges.models import Call, Challenge, ChallengeState, Readers
from portal.challenges.rules.calls import Phase, phase
from portal.innovations.models import Evidence, Innovation

MAX_POINTS = 12
"""So many must-haves are asked one by one; the rest stand in the challenge."""
MAX_PREFILLED = 5
"""So many pieces of evidence and places are written into a new answer."""
LONGEST_LINE = 400
"""So much of one piece of evidence."""
REMINDED_BEFORE = 3
"""So many days before a call closes its drafts are reminded of."""

_MARK = re.compile(r"^\s*(?:[-–—•*·]|\(?\d{1,2}[.)])\s*")

WITH_INNOVATOR = frozenset({AnswerState.DRAFT, AnswerState.SENT_BACK, AnswerState.WITHDRAWN})
"""It lies with the innovator: nobody else waits for it, or reads it."""
UNDECIDED = frozenset({AnswerState.WITH_HIN, AnswerState.SUBMITTED})
"""Somebody owes the innovator an answer."""
DECIDED = frozenset({AnswerState.INVITED, AnswerState.DECLINED})
ARRIVED = frozenset({AnswerState.SUBMITTED, *DECIDED})
"""Those who state the challenge read it."""
OFFERED_REASONS = tuple(one for one in DeclineReason if one is not DeclineReason.CLOSED)

STATE_COLOURS: Mapping[AnswerState, str] = {
    AnswerState.DRAFT: "grey",
    AnswerState.WITH_HIN: "yellow",
    AnswerState.SENT_BACK: "yellow",
    AnswerState.SUBMITTED: "blue",
    AnswerState.INVITED: "green",
    AnswerState.DECLINED: "grey",
    AnswerState.WITHDRAWN: "grey",
}


def state_words(state: AnswerState, *, decides: bool) -> str:
    """Return where an answer stands in words to its reader: "To decide" for those who decide."""
    return "To decide" if decides and state is AnswerState.SUBMITTED else state.label


def must_haves_of(challenge: Challenge) -> list[str]:
    """Return what a challenge asks for one by one: the lines of its must-haves or, of one line, its
    parts between semicolons; the outcome wanted where nothing must be had."""
    text = challenge.must_haves.strip()
    parts = text.split("\n") if "\n" in text else text.split(";")
    found = [_MARK.sub("", part).strip().rstrip(".;") for part in parts]
    asked = list(dict.fromkeys(one[0].upper() + one[1:] for one in found if one))[:MAX_POINTS]
    return asked or [challenge.outcome_wanted.strip() or challenge.title]


def takes_answers(challenge: Challenge, call: Call | None, on: date) -> bool:
    """Whether a challenge may be answered on a day: it is open, innovators read it and, where it is
    a call, the call is open."""
    if challenge.state is not ChallengeState.OPEN or challenge.readers is Readers.NHS:
        return False
    return call is None or phase(call, on) is Phase.OPEN


def is_being_assessed(call: Call | None, on: date) -> bool:
    """Whether answers may be scored and decided: outside calls at once, in a call from the day
    after its last, so that all are treated alike."""
    return call is None or phase(call, on) in {Phase.CLOSED, Phase.ENDED}


def is_sealed(answer: Answer, call: Call | None, on: date) -> bool:
    """Whether an answer is sealed: it came in a call whose last day has not passed. Nobody but its
    own side reads it until then, so that the first to answer gives nothing away to the last."""
    if call is None or call.published_at is None or answer.arrived_at is None:
        return False
    came_in_it = answer.arrived_at >= call.published_at
    return came_in_it and call.result is None and on <= call.closes_on


def can_still_arrive(challenge: Challenge, call: Call | None, on: date) -> bool:
    """Whether an answer that waits at a HIN can be passed on: those who stated it still decide."""
    is_ended = call is not None and phase(call, on) is Phase.ENDED
    return challenge.state is ChallengeState.OPEN and not is_ended


def evidence_of(innovation: Innovation) -> str:
    """Return what the record says of its evidence, as lines to begin with."""
    return "\n".join(_line(one) for one in innovation.evidence[:MAX_PREFILLED])


def _line(one: Evidence) -> str:
    line = f"{one.title}: {one.result}" if one.result else one.title
    return line[:LONGEST_LINE]


def places_of(places: Iterable[str]) -> str:
    """Return where a record is in use, as lines to begin with."""
    return "\n".join(list(dict.fromkeys(places))[:MAX_PREFILLED])


def missing_of(answer: Answer) -> list[str]:
    """Return what to write before an answer may be sent, as sentences."""
    found = [
        f"Select whether it meets “{point.asked}”" for point in answer.points if point.meets is None
    ]
    if not answer.evidence.strip():
        found.append("Enter the evidence")
    if not answer.asked_of_ics.strip():
        found.append("Enter what you would need from them")
    return found


def undecided(answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers for which somebody waits at those who state the challenge."""
    return [one for one in answers if one.state is AnswerState.SUBMITTED]


def ask_words(state: str, name: str) -> str:
    """Return what is asked of whom an answer waits for, in words to that person."""
    return {
        AnswerState.DRAFT.value: f"Finish your answer to “{name}”",
        AnswerState.SENT_BACK.value: f"Read what your network wrote about your answer to “{name}”",
        AnswerState.WITH_HIN.value: f"Pass on an answer to “{name}”, or say why not",
        AnswerState.SUBMITTED.value: f"Tell everybody who answered “{name}” what you decided",
    }[state]

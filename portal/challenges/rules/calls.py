"""What calls know by themselves: phases, what must be there, what an amendment changes. Pure."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from portal.challenges.models import Call
from portal.wording import day_words

MAX_CRITERIA = 6
"""So many criteria a call may have: what people can hold in mind when they compare."""
MAX_QUESTIONS = 10
"""So many questions without an answer one person may have about a call."""

ENGAGEMENT = (
    "This call is market engagement before any procurement, under sections 16 and 17 of the"
    " Procurement Act 2023. It is not a procurement: nothing is bought by it, no contract follows"
    " from an answer, and who does not answer is at no disadvantage in a later procurement."
    " Everybody is told the same, on this page."
)
"""What every call says of itself. Source: Procurement Act 2023, sections 16 (preliminary market
engagement) and 17 (its notice)."""


class Phase(enum.StrEnum):
    """Where a call stands on a day."""

    DRAFT = "draft"
    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"
    """Its last day has passed; those who answered wait for the result."""
    ENDED = "ended"
    """Its result is published."""


PHASE_WORDS: Mapping[Phase, str] = {
    Phase.DRAFT: "Draft",
    Phase.COMING: "Opens soon",
    Phase.OPEN: "Open for answers",
    Phase.CLOSED: "Closed, being assessed",
    Phase.ENDED: "Result published",
}


def phase(call: Call, on: date) -> Phase:
    """Return where a call stands on a day."""
    if call.published_at is None:
        return Phase.DRAFT
    if call.result is not None:
        return Phase.ENDED
    if on < call.opens_on:
        return Phase.COMING
    return Phase.OPEN if on <= call.closes_on else Phase.CLOSED


def takes_questions(call: Call, on: date) -> bool:
    """Whether questions are asked on a day: from publication to the last day for them."""
    return phase(call, on) in {Phase.COMING, Phase.OPEN} and on <= call.questions_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a call lays down."""

    opens_on: date
    closes_on: date
    questions_by: date
    replies_by: date
    who_may: str
    what_then: str
    criteria: Sequence[tuple[str, int]]
    """Each criterion with its weight."""
    budget: str = ""
    contact_hin_id: int | None = None
    notice_url: str = ""


LABELS: Mapping[str, str] = {
    "opens_on": "Opens",
    "closes_on": "Closes",
    "questions_by": "Questions until",
    "replies_by": "Questions answered by",
    "who_may": "Who may answer",
    "what_then": "What happens then",
    "criteria": "Criteria and weights",
    "budget": "Budget",
    "contact_hin_id": "Contact",
    "notice_url": "Notice",
}
"""What each term is called on pages, in amendments and in print."""
PLAIN = tuple(one.name for one in fields(Terms) if one.name != "criteria")


def terms_of(call: Call) -> Terms:
    """Return what a call lays down now."""
    plain = {name: getattr(call, name) for name in PLAIN}
    return Terms(**plain, criteria=tuple((one.name, one.weight) for one in call.criteria))


def problem_of(terms: Terms) -> tuple[str, str] | None:
    """Return `(field, what to do)` for the first thing that is wrong with dates and criteria."""
    names = [name.casefold() for name, _ in terms.criteria]
    wrong = {
        ("closes_on", "The last day for answers must be after the day it opens"): (
            terms.closes_on <= terms.opens_on
        ),
        ("questions_by", "The last day for questions must be before the last day for answers"): (
            terms.questions_by >= terms.closes_on
        ),
        (
            "replies_by",
            "Questions must be answered on or after the last day on which they are asked",
        ): (terms.replies_by < terms.questions_by),
        ("replies_by", "Questions must be answered on or before the last day for answers"): (
            terms.replies_by > terms.closes_on
        ),
        ("criterion_1", "Enter at least one criterion"): not names,
        ("criterion_1", "Each criterion must have a name of its own"): len(names)
        != len(set(names)),
    }
    return next((said for said, is_wrong in wrong.items() if is_wrong), None)


def words_of(name: str, value: Any, hins: Mapping[int, str]) -> str:
    """Return a term as people read it."""
    if name == "criteria":
        return "; ".join(f"{one} (weight {weight})" for one, weight in value) or "None"
    if name == "contact_hin_id":
        return hins.get(value, "None")
    if isinstance(value, date):
        return day_words(value)
    return str(value or "None")


def changes(before: Terms, after: Terms, hins: Mapping[int, str]) -> dict[str, list[str]]:
    """Return `{what it is called: [before, after]}` in words, for what an amendment changes."""
    return {
        LABELS[name]: [words_of(name, getattr(one, name), hins) for one in (before, after)]
        for name in LABELS
        if (list(getattr(before, name)) if name == "criteria" else getattr(before, name))
        != (list(getattr(after, name)) if name == "criteria" else getattr(after, name))
    }

"""What a record answers to the questions of its sections, and how far each section is. Pure."""

import enum
from decimal import Decimal
from typing import Any

from portal.clock import PartialDate, Precision
from portal.innovations.models import Innovation, RecordStatus, Section, SectionCopy
from portal.innovations.sections.questions import PARTS, Kind, Part, Question

Answers = dict[str, Any]
"""One section's answers by the names of its questions, as JSON (see `questions`); of a list
section `{"items": [answers, …]}`, each with the `id` of its row or None."""

IN_CONFIDENCE = "(commercial in confidence)"


class SectionState(enum.StrEnum):
    """How far a section is, in the words of the task list."""

    NOT_STARTED = "Not started"
    DRAFT = "Draft"
    SUBMITTED = "Submitted"


def copy_of(innovation: Innovation, section: Section) -> SectionCopy | None:
    """Return the row that holds the section's draft and dates, if there is one yet."""
    return next((copy for copy in innovation.copies if copy.section is section), None)


def state_of(innovation: Innovation, section: Section) -> SectionState:
    """Return how far the section is."""
    copy = copy_of(innovation, section)
    if copy is not None and copy.draft is not None:
        return SectionState.DRAFT
    if copy is not None and copy.submitted_at is not None:
        return SectionState.SUBMITTED
    return SectionState.NOT_STARTED


def version_of(innovation: Innovation, section: Section) -> int:
    """Return the version that a form of this section is filled in from; 0 before the first."""
    copy = copy_of(innovation, section)
    return copy.version if copy else 0


def version_of_all(innovation: Innovation) -> int:
    """Return a number that grows with every change to the record or any of its drafts."""
    return innovation.version + sum(copy.version for copy in innovation.copies)


def answer_of(row: Any, question: Question) -> Any:
    """Return what the row says to the question, as JSON."""
    if question.is_many:
        chosen = [term for term in row.terms if term.vocabulary is question.vocabulary]
        return [term.code for term in sorted(chosen, key=lambda term: term.position)]
    value = getattr(row, question.name)
    if value is None:
        return None
    if question.kind is Kind.FILES:
        return [file.id for file in value]
    if question.kind in (Kind.TERM, Kind.ICS, Kind.HIN, Kind.SITE):
        return value.code
    if question.kind is Kind.DAY:
        # A row that was not written yet has no precision.
        return PartialDate(value, getattr(row, precision_of(question)) or Precision.DAY).text
    return value.id if question.kind is Kind.ORGANISATION else _plain(value)


def precision_of(question: Question) -> str:
    """Return the name of the column that says how exactly the day of an answer is known."""
    return f"{question.name}_precision"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.2f}".removesuffix(".00")
    return value.value if isinstance(value, enum.Enum) else value


def submitted_answers(innovation: Innovation, part: Part) -> Answers:
    """Return what others see of the section, as JSON; a list section gives `{"items": […]}`."""
    if not part.is_list:
        return {q.name: answer_of(innovation, q) for q in part.questions}
    rows = getattr(innovation, part.rows)
    return {
        "items": [
            {"id": row.id, **{q.name: answer_of(row, q) for q in part.questions}} for row in rows
        ]
    }


def current_answers(innovation: Innovation, part: Part) -> Answers:
    """Return the draft, or what was submitted where no draft waits: what its people edit."""
    copy = copy_of(innovation, part.section)
    submitted = submitted_answers(innovation, part)
    return submitted if copy is None or copy.draft is None else {**submitted, **copy.draft}


def is_blank(value: Any) -> bool:
    """Whether an answer says nothing; nought and "no" do say something."""
    return value is None or value in ("", [])


def missing(part: Part, answers: Answers) -> list[Question]:
    """Return the needed questions that the answers leave open (of a list section: none)."""
    if part.is_list:
        return []
    return [q for q in part.questions if q.needed and is_blank(answers.get(q.name))]


def still_needed(innovation: Innovation) -> list[tuple[Part, Question]]:
    """Return what must be answered before the record can be submitted for the first time."""
    if innovation.status is not RecordStatus.DRAFT:
        return []
    return [
        (part, question)
        for part in PARTS.values()
        for question in missing(part, current_answers(innovation, part))
    ]


def waiting(innovation: Innovation) -> list[Part]:
    """Return the sections with a draft that waits to be submitted."""
    return [p for p in PARTS.values() if state_of(innovation, p.section) is SectionState.DRAFT]


def differences(part: Part, before: Answers, after: Answers) -> dict[str, list[Any]]:
    """Return `{name: [before, after]}` of the answers that differ.

    What is commercial in confidence is named, its words are not: a timeline has other readers.
    """
    names = ["items"] if part.is_list else [q.name for q in part.questions]
    secret = {q.name for q in part.questions if q.is_confidential}
    return {
        name: [IN_CONFIDENCE, IN_CONFIDENCE]
        if name in secret
        else [before.get(name), after.get(name)]
        for name in names
        if before.get(name) != after.get(name)
    }

"""Answers as people read them: codes become labels, texts become numbers and days."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Text, cast, literal, select, union_all

from portal.accounts.models import Organisation
from portal.clock import partial_date
from portal.db import db
from portal.figures.queries.kept import FigureCache
from portal.innovations.models import EvidenceFile, Nation, StandardStatus
from portal.innovations.sections.answers import Answers, is_blank
from portal.innovations.sections.questions import Kind, Part, Question
from portal.reference.models import Hin, Ics, Site, Term, Vocabulary


@dataclass(frozen=True)
class AnswerRow:
    """A question with its answer as it is shown: text, number, pounds, day, or a list of texts
    or of files."""

    question: Question
    value: Any

    @property
    def is_blank(self) -> bool:
        """Whether nothing was answered."""
        return is_blank(self.value)


QuestionValue = tuple[Question, Any]


class Reader:
    """Reads some answers, having looked up all their codes at once."""

    def __init__(self, asked: Iterable[QuestionValue]) -> None:
        wanted: dict[Kind, set[Any]] = {}
        for question, answer in asked:
            values = answer if isinstance(answer, list) else [answer]
            wanted.setdefault(question.kind, set()).update(v for v in values or [] if v)
        has_codes = any(wanted.get(kind) for kind in _CODED)
        self._coded = _labels() if has_codes else {}
        self._names = _names(wanted)
        self._files = _files(wanted.get(Kind.FILES, ()))

    def shown(self, question: Question, answer: Any) -> AnswerRow:
        """Return the answer as it is shown."""
        if question.is_many:
            return AnswerRow(question, [self._label(question, code) for code in answer or []])
        return AnswerRow(question, None if is_blank(answer) else self._value(question, answer))

    def _label(self, question: Question, code: str) -> str:
        return self._coded.get((question.vocabulary, code), code)

    def _value(self, question: Question, answer: Any) -> Any:
        if question.kind is Kind.TERM:
            return self._label(question, answer)
        if question.kind is Kind.FILES:
            return [self._files[number] for number in answer if number in self._files]
        if question.kind in _PLACES:
            return self._coded.get((question.kind, answer), "")
        if question.kind in _NAMED:
            return self._names.get((question.kind, str(answer)), "")
        return _PLAIN.get(question.kind, str)(answer)


_PLAIN: dict[Kind, Any] = {
    Kind.POUNDS: Decimal,
    Kind.WHOLE: int,
    Kind.DAY: partial_date,
    Kind.NATION: lambda answer: Nation(answer).label,
    Kind.STATUS: lambda answer: StandardStatus(answer).label,
}


_PLACES = {Kind.ICS: select(Ics.code, Ics.name), Kind.HIN: select(Hin.code, Hin.name)}
_CODED = (Kind.TERM, Kind.TERMS, *_PLACES)
_NAMED: dict[Kind, tuple[Any, Any]] = {
    Kind.SITE: (Site.code, Site.name),
    Kind.ORGANISATION: (Organisation.id, Organisation.name),
}


def _names(wanted: Mapping[Kind, set[Any]]) -> dict[tuple[Kind, str], str]:
    """Return what sites and organisations are called, by kind and key. One statement."""
    asked = [
        select(literal(kind.value), cast(key, Text), name).where(key.in_(wanted[kind]))
        for kind, (key, name) in _NAMED.items()
        if wanted.get(kind)
    ]
    rows = db.session.execute(union_all(*asked)) if asked else ()
    return {(Kind(kind), key): name for kind, key, name in rows}


def _files(ids: Collection[Any]) -> dict[int, EvidenceFile]:
    asked = select(EvidenceFile).where(EvidenceFile.id.in_(ids))
    return {file.id: file for file in db.session.scalars(asked)} if ids else {}


Coded = Mapping[tuple[Vocabulary | Kind | None, str], str]
"""From a vocabulary, or a kind of place, and a code to what it is called."""


def _labels() -> Coded:
    """Return what every code of a vocabulary, ICS or HIN is called; kept until one changes."""
    found: Coded = FigureCache().settled(("labels of codes",), _read_labels)
    return found


def _read_labels() -> Coded:
    terms = db.session.execute(select(Term.vocabulary, Term.code, Term.label))
    found: dict[tuple[Vocabulary | Kind | None, str], str] = {
        (vocabulary, code): label for vocabulary, code, label in terms
    }
    for kind, named in _PLACES.items():
        found |= {(kind, code): name for code, name in db.session.execute(named)}
    return found


@dataclass(frozen=True)
class SectionRows:
    """A section as it is read: its answers, or the answers of each of its rows."""

    part: Part
    answers: list[AnswerRow]
    items: list[list[AnswerRow]]

    @property
    def is_blank(self) -> bool:
        """Whether the section says nothing."""
        return not self.items and all(answer.is_blank for answer in self.answers)


def shown_parts(parts: Sequence[tuple[Part, Answers]], *, confidential: bool) -> list[SectionRows]:
    """Return sections as they are read; what is in confidence is left out unless asked for."""
    reader = Reader(pair for part, answers in parts for pair in _asked(part, answers))
    return [_shown_part(part, answers, reader, confidential) for part, answers in parts]


def _asked(part: Part, answers: Answers) -> list[QuestionValue]:
    rows = answers["items"] if part.is_list else [answers]
    return [(question, row.get(question.name)) for row in rows for question in part.questions]


def _shown_part(part: Part, answers: Answers, reader: Reader, confidential: bool) -> SectionRows:
    questions = [q for q in part.questions if confidential or not q.is_confidential]
    if part.is_list:
        items = [
            [reader.shown(q, item.get(q.name)) for q in questions] for item in answers["items"]
        ]
        return SectionRows(part, [], items)
    return SectionRows(part, [reader.shown(q, answers.get(q.name)) for q in questions], [])

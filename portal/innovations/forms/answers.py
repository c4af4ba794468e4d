"""Forms made from the questions of a section, and their data as the JSON of a draft."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import url_for

from portal.accounts.queries import organisation_named
from portal.accounts.session import current_actor
from portal.clock import PartialDate, partial_date
from portal.innovations.forms.places import SITES_LOOKED_UP
from portal.innovations.models import Nation, StandardStatus
from portal.innovations.queries.coding import USERS_OF_INNOVATIONS, organisations_in_use
from portal.innovations.sections.answers import Answers, is_blank
from portal.innovations.sections.questions import (
    PLACES_OF_USE,
    USE,
    Kind,
    Question,
    place_problem,
)
from portal.reference.models import Vocabulary
from portal.reference.queries import hins, icss, terms
from portal.web import fields
from portal.web.choices import choice
from portal.web.forms import VersionedForm
from portal.web.lookup_field import is_looking
from portal.web.validators import NotInFuture, Required

MAX_RADIOS = 9
"""Up to so many choices are radios; more are a drop-down list, unless the page asks just that."""

YEAR_ALONE = "If you know only the year, or the month and year, enter just that."

Choices = list[Any]


class AnswersForm(VersionedForm):
    """Some questions of a section; `form_for` hangs their fields on a class of its own."""

    questions: Sequence[Question] = ()

    @property
    def answers(self) -> Answers:
        """Return what was typed as the JSON of a draft."""
        return {q.name: _to_json(q, self[q.name].data) for q in self.questions}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, then that a period does not end before it begins. Whoever only looks
        for a place has finished nothing yet."""
        if is_looking():
            return False
        is_valid = bool(super().validate(extra_validators))
        return self._is_place_said() and self._is_period_in_order() and is_valid

    def _is_place_said(self) -> bool:
        names = {question.name for question in self.questions}
        if "organisation_named" not in names:
            return True
        problem = place_problem(USE, self.answers)
        if problem:
            self.refuse(problem, self._place_to_mend())
            return False
        return self._is_named_by_right()

    def _is_named_by_right(self) -> bool:
        """Whether a place that is named is none that could be selected, and not the company of
        whoever names it. Of other companies nothing is told."""
        name = self["organisation_named"].data
        known = organisation_named(name) if name else None
        if known is None:
            return True
        if known.kind in USERS_OF_INNOVATIONS:
            self.refuse(f"Select {known.name} among the organisations", "organisation_named")
            return False
        if known.id == current_actor().organisation_id:
            self.refuse("Enter the name of who uses it, not your own", "organisation_named")
            return False
        return True

    def _place_to_mend(self) -> str:
        """Return the field of the place that stands first, or first of two that say one."""
        said = [name for name in PLACES_OF_USE if not self[name].is_blank]
        return said[0] if said else PLACES_OF_USE[0]

    def _is_period_in_order(self) -> bool:
        names = {question.name for question in self.questions}
        if not {"from_on", "until_on"} <= names:
            return True
        begun, ended = self["from_on"].data, self["until_on"].data
        if begun is None or ended is None or ended.last >= begun.first:
            return True
        self.refuse("The day until which it is in use must be after the day it began", "until_on")
        return False


def form_for(
    questions: Sequence[Question],
    answers: Answers,
    *,
    version: int,
    is_final: bool,
    is_alone: bool = False,
    more: Mapping[str, Any] | None = None,
) -> AnswersForm:
    """Return the form of these questions, filled in from `answers`, with `more` fields behind them.

    With `is_final` what is needed must be there; a draft only needs a name. `is_alone` says that
    the page asks nothing else, so that every choice is laid out with its explanation.
    """
    questions = [question for question in questions if question.is_asked]
    asked = {
        q.name: _field(q, answers.get(q.name), is_final=is_final, is_alone=is_alone)
        for q in questions
    }
    asked |= {**(more or {}), "questions": tuple(questions)}
    form_class = type("SectionForm", (AnswersForm,), asked)
    data = {q.name: _from_json(q, answers.get(q.name)) for q in questions}
    form: AnswersForm = form_class(data={**data, "version": version})
    return form


def _field(question: Question, answer: Any, *, is_final: bool, is_alone: bool) -> Any:
    is_needed = bool(question.needed) and (is_final or question.name == "name")
    options: dict[str, Any] = {
        "description": f"{question.hint} {YEAR_ALONE}".strip()
        if question.kind is Kind.DAY
        else question.hint,
        "validators": [Required(question.needed)] if is_needed else [],
    }
    if question.is_past:
        options["validators"].append(NotInFuture())
    label = question.label if question.needed or is_alone else f"{question.label} (optional)"
    if question.kind in (Kind.LINE, Kind.TEXT):
        options["max_length"] = question.max_length
    if question.kind is Kind.SITE:
        options |= SITES_LOOKED_UP | {"suggest": url_for("innovations.suggest_places")}
    if question.kind in CHOICES:
        options["choices"] = CHOICES[question.kind](question, answer)
    return _field_class(question, options, is_alone=is_alone)(label, **options)


def _field_class(question: Question, options: dict[str, Any], *, is_alone: bool) -> Any:
    if question.kind in (Kind.TERM, Kind.STATUS) and (
        is_alone or len(options["choices"]) <= MAX_RADIOS
    ):
        return fields.ChoiceField
    return FIELDS[question.kind]


FIELDS = {
    Kind.LINE: fields.TextField,
    Kind.TEXT: fields.LongTextField,
    Kind.WEBSITE: fields.WebsiteField,
    Kind.POSTCODE: fields.PostcodeField,
    Kind.POUNDS: fields.MoneyField,
    Kind.WHOLE: fields.WholeNumberField,
    Kind.DAY: fields.PartialDateField,
    Kind.TERM: fields.SelectField,
    Kind.TERMS: fields.MultiChoiceField,
    Kind.ICS: fields.SelectField,
    Kind.HIN: fields.SelectField,
    Kind.ORGANISATION: fields.SelectField,
    Kind.SITE: fields.LookupField,
    Kind.STATUS: fields.ChoiceField,
    Kind.NATION: fields.ChoiceField,
}


def _terms(question: Question, answer: Any) -> Choices:
    vocabulary = question.vocabulary or Vocabulary.CATEGORY
    held = answer if isinstance(answer, list) else [answer] if answer else []
    found = terms(vocabulary, held=held)
    return [choice(t.code, t.label, t.definition, t.group or None) for t in found]


def _places(rows: Iterable[Any]) -> Choices:
    return [choice(row.code, row.name) for row in rows]


CHOICES: dict[Kind, Callable[[Question, Any], Choices]] = {
    Kind.TERM: _terms,
    Kind.TERMS: _terms,
    Kind.ICS: lambda _question, _answer: _places(icss()),
    Kind.HIN: lambda _question, _answer: _places(hins()),
    Kind.ORGANISATION: lambda _question, _answer: [
        choice(o.id, o.name) for o in organisations_in_use()
    ],
    Kind.NATION: lambda _question, _answer: [choice(one.value, one.label) for one in Nation],
    Kind.STATUS: lambda _question, _answer: [choice(s.value, s.label) for s in StandardStatus],
}


def _to_json(question: Question, data: Any) -> Any:
    if is_blank(data):
        return question.blank
    if isinstance(data, Decimal):
        return f"{data:.2f}".removesuffix(".00")
    if isinstance(data, PartialDate):
        return data.text
    return int(data) if question.kind is Kind.ORGANISATION else data


def _from_json(question: Question, answer: Any) -> Any:
    if answer is None:
        return None
    if question.kind is Kind.POUNDS:
        return Decimal(answer)
    if question.kind is Kind.DAY:
        return partial_date(answer)
    return str(answer) if question.kind is Kind.ORGANISATION else answer

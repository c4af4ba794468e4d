"""What is asked to hold a survey, and what a survey asks."""

from typing import Any

from portal.improvement.rules.survey_templates import TEMPLATES, Question, Template
from portal.innovations.forms.places import SITES_LOOKED_UP
from portal.web.fields import (
    ChoiceField,
    ConfirmField,
    DateField,
    LongTextField,
    LookupField,
    SelectField,
    TextField,
    YesNoField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.lookup_field import is_looking
from portal.web.validators import (
    NoLink,
    NoPersonalDetail,
    NotInPast,
    Required,
    RequiredChoice,
)

MAX_WORDS = 600


class SurveyForm(PortalForm):
    """A survey to be held."""

    template = ChoiceField(
        "What do you ask?",
        [RequiredChoice("Select what you ask")],
        choices=[(one.code, one.name, one.about) for one in TEMPLATES.values()],
    )
    programme = SelectField(
        "For which programme?", [RequiredChoice("Select a programme")], coerce=int
    )
    name = TextField(
        "What is the survey called?",
        [Required("Enter what the survey is called"), NoLink()],
        max_length=120,
        description="People who answer see it. For example: Safety on our wards, autumn 2026.",
    )
    closes_on = DateField(
        "Until which day can people answer?",
        [Required("Enter the last day"), NotInPast()],
        what="The last day",
        description="What they said is shown when the survey is closed, not before.",
    )
    asks_teams = YesNoField(
        "Ask every place of yours with a team that takes part in the programme?",
        [RequiredChoice("Select yes if their places are asked")],
        description="You can ask more places afterwards.",
    )


class PlaceForm(PortalForm):
    """A place to be asked as well."""

    site = LookupField(
        "Which place do you ask?",
        [Required("Enter the place")],
        description="Words of its name, its town or postcode, or its code.",
        **SITES_LOOKED_UP,
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was chosen; whoever only looks has not finished yet."""
        return not is_looking() and bool(super().validate(extra_validators))


class EndForm(VersionedForm):
    """Another last day."""

    closes_on = DateField(
        "Until which day can people answer?",
        [Required("Enter the last day"), NotInPast()],
        what="The last day",
    )


class AnswerForm(PortalForm):
    """What a survey asks of somebody who works at a place; `form_for` adds its questions."""

    template: Template

    open_words = LongTextField(
        "What else? (optional)", [NoPersonalDetail()], rows=3, max_length=MAX_WORDS
    )
    may_quote = ConfirmField("These words may be read and quoted, without my name")

    @property
    def answers(self) -> dict[str, int]:
        """Return the answers that were given, by the question's code."""
        given = {one.code: self[one.code].data for one in self.template.questions}
        return {code: answer for code, answer in given.items() if answer is not None}

    def fields_of(self, part: str) -> list[Any]:
        """Return the fields of one part of the survey."""
        return [self[one.code] for one in self.template.questions if one.part == part]


def form_for(template: Template) -> AnswerForm:
    """Return the form of a template."""
    asked = {one.code: _field(one, template) for one in template.questions}
    made: type[AnswerForm] = type("AnswerForm", (AnswerForm,), {**asked, "template": template})
    form = made()
    form.open_words.label.text = f"{template.open_question} (optional)"
    return form


def _field(one: Question, template: Template) -> ChoiceField:
    """Return the field of a question: a place answers each, a person those that they want to."""
    needed = [] if template.asks_people else [RequiredChoice(f"Select how far: {one.words}")]
    choices = list(enumerate(template.answers))
    return ChoiceField(one.words, needed, choices=choices, coerce=int)

"""What is asked of the quarter's words, of delivery plans and of reviews."""

from typing import Any

from portal.programmes.models import DeliveryStep, NoteKind, Outcome, ProgrammeNote
from portal.programmes.rules.notes import SCALE
from portal.web.fields import (
    ChoiceField,
    DateField,
    LongTextField,
    SelectField,
    TextField,
    YesNoField,
)
from portal.web.forms import VersionedForm
from portal.web.validators import NotInFuture, NotInPast, Required, RequiredChoice

RISK_NAMES = ("likelihood", "impact", "mitigation", "owner", "review_on")
OF_RISKS = "Only for risks and issues."


class NoteForm(VersionedForm):
    """Progress, a plan, a risk, an issue or a lesson."""

    kind = ChoiceField(
        "What is it?",
        [RequiredChoice("Select what it is")],
        choices=list(NoteKind),
        coerce=NoteKind,
    )
    words = LongTextField("In words", [Required("Enter the words")], max_length=2000)
    likelihood = SelectField(
        "Likelihood (optional)", choices=list(SCALE), coerce=int, description=OF_RISKS
    )
    impact = SelectField("Impact (optional)", choices=list(SCALE), coerce=int, description=OF_RISKS)
    mitigation = LongTextField(
        "What is done about it? (optional)", rows=2, max_length=1000, description=OF_RISKS
    )
    owner = TextField("Who sees to it? (optional)", description=OF_RISKS)
    review_on = DateField(
        "Looked at again on (optional)", [NotInPast()], what="The day", description=OF_RISKS
    )

    def __init__(self, row: ProgrammeNote | None, **kwargs: Any) -> None:
        names = ("version", "kind", "words", *RISK_NAMES)
        shown = {name: getattr(row, name) for name in names} if row else {"version": 0}
        super().__init__(data=shown, **kwargs)

    @property
    def risk(self) -> dict[str, Any]:
        """Return what belongs to risks and issues."""
        return {name: self._fields[name].data for name in RISK_NAMES}


class OutcomeForm(VersionedForm):
    """What became of a plan."""

    outcome = ChoiceField(
        "What became of it?",
        [RequiredChoice("Select what became of it")],
        choices=list(Outcome),
        coerce=Outcome,
    )
    words = LongTextField(
        "Why, or what is left? (needed unless it is done)", rows=3, max_length=1000
    )


class CloseForm(VersionedForm):
    """How a risk or issue came to an end."""

    how = LongTextField("How was it closed?", [Required("Enter how it was closed")], rows=3)


class StepForm(VersionedForm):
    """A step of the delivery plan."""

    words = TextField("What is to be done?", [Required("Enter what is to be done")])
    due_on = DateField("By when?", [Required("Enter the day")], what="The day")
    done_on = DateField("Done on (optional)", [NotInFuture()], what="The day it was done")
    note = LongTextField("Note (optional)", rows=2, max_length=500)

    def __init__(self, row: DeliveryStep | None, **kwargs: Any) -> None:
        names = ("version", "words", "due_on", "done_on", "note")
        shown = {name: getattr(row, name) for name in names} if row else {"version": 0}
        super().__init__(data=shown, **kwargs)


class ReviewForm(VersionedForm):
    """Accept a network's quarter, or ask for changes."""

    accepts = YesNoField("Accept it?", [RequiredChoice("Select yes or no")])
    words = LongTextField("What should change, or what do you say? (optional)", rows=3)

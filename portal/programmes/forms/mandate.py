"""What is asked of a test of the funding mandate."""

from typing import Any

from portal.programmes.models import Answer, MandateCriterion
from portal.programmes.rules.mandate import threshold_words
from portal.web.fields import (
    MAX_MONEY,
    ChoiceField,
    DecimalField,
    LongTextField,
    TextField,
)
from portal.web.forms import VersionedForm
from portal.web.validators import RequiredChoice


class _TestForm(VersionedForm):
    """What every test is asked; the version is the number of the row that was shown, 0 for none."""


class AnswerForm(_TestForm):
    """A test that is answered with yes or no."""

    answer = ChoiceField(
        "Is it met?",
        [RequiredChoice("Select whether it is met")],
        choices=list(Answer),
        coerce=Answer,
    )
    source = TextField(
        "Where does it stand? (needed if known)",
        description="For example: the reference of guidance, with its date.",
        max_length=200,
    )
    note = LongTextField("Note (optional)", rows=2, max_length=500)

    @property
    def found(self) -> dict[str, Any]:
        """Return the answer as the service takes it."""
        return {"answer": self.answer.data}


class NumberForm(_TestForm):
    """A test that holds a number against a threshold."""

    is_known = ChoiceField(
        "Is the number known?",
        [RequiredChoice("Select whether the number is known")],
        choices=[("yes", "Yes"), ("no", "Not known")],
    )
    value = DecimalField("Number (needed if known)", minimum=-MAX_MONEY, what="The number")
    source = TextField(
        "Where does it stand? (needed if known)",
        description="For example: the reference of guidance, with its date.",
        max_length=200,
    )
    note = LongTextField("Note (optional)", rows=2, max_length=500)

    def __init__(self, criterion: MandateCriterion, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.value.description = f"In {criterion.unit}. To be met: {threshold_words(criterion)}."

    def lacks_number(self) -> bool:
        """Whether the number is said to be known and missing; the error stands beside its field."""
        if self.is_known.data != "yes" or self.value.data is not None:
            return False
        self.refuse("Enter the number", "value")
        return True

    @property
    def found(self) -> dict[str, Any]:
        """Return the number as the service takes it."""
        is_known = self.is_known.data == "yes" and self.value.data is not None
        return {"value": float(self.value.data) if is_known else None}

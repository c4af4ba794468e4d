"""What is asked when support ends: of the HIN why, of the innovator how it was."""

from typing import Any

from portal.support.forms import SHOWN_TO_INNOVATOR
from portal.support.forms.entries import EntryField
from portal.support.models import ClosingReason
from portal.support.rules.closings import QUESTIONS, REASONS, SCORES
from portal.web.fields import ChoiceField, ConfirmField, LongTextField
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import Required, RequiredChoice


class CloseForm(VersionedForm):
    """Why it ends, what was done and what comes next."""

    reason = ChoiceField(
        "Why does the support end?",
        [RequiredChoice("Select why the support ends")],
        choices=REASONS,
        coerce=ClosingReason,
    )
    summary = LongTextField(
        "What was done?", [Required("Enter what was done")], description=SHOWN_TO_INNOVATOR
    )
    next_step = LongTextField(
        "What comes next for the innovator?",
        [Required("Enter what comes next")],
        description=f"Name who can help now. {SHOWN_TO_INNOVATOR}",
        rows=3,
    )
    entries = EntryField(
        "Who of the support directory can help now? (optional)",
        description="How one comes to them is added by itself.",
    )


class SurveyForm(PortalForm):
    """Four questions to the owner: three to be marked, one in words."""

    comment = LongTextField(
        "What should the network keep doing, or do otherwise? (optional)",
        description="Do not name yourself if you want to stay unknown.",
        max_length=2000,
    )
    may_be_read = ConfirmField("The network may read these words. Without this they are not kept")

    @property
    def scores(self) -> dict[str, int]:
        """Return the marks by question."""
        return {name: self._fields[name].data for name in QUESTIONS}

    def __iter__(self) -> Any:
        """Ask the three questions first."""
        first = [self._fields[name] for name in QUESTIONS]
        return iter([*first, *(f for f in super().__iter__() if f not in first)])


for _name, _question in QUESTIONS.items():
    setattr(
        SurveyForm,
        _name,
        ChoiceField(
            _question,
            [RequiredChoice(f"Select an answer to “{_question}”")],
            choices=list(SCORES.items()),
            coerce=int,
        ),
    )

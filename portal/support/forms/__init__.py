"""What support asks: the outcomes, levels and verifications."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms.validators import ValidationError

from portal.accounts.queries.acting import staff
from portal.db import id_from
from portal.innovations.models import Section
from portal.innovations.sections.questions import PARTS
from portal.reference.models import Vocabulary
from portal.reference.queries import terms
from portal.support.forms.entries import EntryField
from portal.support.models import Engagement, EngagementState
from portal.support.rules import OUTCOMES
from portal.web.fields import (
    ChoiceField,
    ConfirmField,
    DateField,
    HiddenField,
    LongTextField,
    SelectField,
    TextField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import NotInPast, Required, RequiredChoice

OUTCOME_CHOICES = {
    EngagementState.ENGAGING: ("Engage", "Support it at one of the four levels"),
    EngagementState.WAITING: ("Wait", "Put it off until a day, for a reason"),
    EngagementState.CHANGES: ("Ask for changes", "Say which sections should change, and how"),
    EngagementState.UNSUITABLE: ("Unsuitable", "Say why, and where to go instead"),
    EngagementState.CLOSED: ("Close", "End the support, saying why"),
}
SHOWN_TO_INNOVATOR = "The innovator reads this, in the portal and by email."


def level_choices() -> list[tuple[int, str, str]]:
    """Return the support levels with what each means, as the reference words them."""
    return [
        (term.position, f"Level {term.position}: {term.label}", term.definition)
        for term in terms(Vocabulary.SUPPORT_LEVEL)
    ]


def staff_choices(engagement: Engagement) -> list[tuple[int, str]]:
    """Return the people of the engagement's HIN."""
    return [(person.id, person.name) for person in staff(engagement.hin_id)]


class PickUpForm(VersionedForm):
    """Nothing but the version that was seen."""


class AskAgainForm(PortalForm):
    """What changed since the HIN said no or ended its support."""

    changed = LongTextField(
        "What has changed since?",
        [Required("Enter what has changed")],
        description="The network reads this.",
    )


class JoinForm(PortalForm):
    """Join beside the HINs that were shown; `known` carries their ids."""

    known = HiddenField()
    is_understood = ConfirmField(
        "I have seen who works with it already",
        [Required("Select that you have seen who works with it already")],
    )

    @property
    def hin_ids(self) -> set[int]:
        """Return the HINs that the page showed."""
        return _shown_ids(self.known)


def _ids(hins: Iterable[int]) -> str:
    return ",".join(str(hin_id) for hin_id in hins)


def _shown_ids(field: HiddenField) -> set[int]:
    return {found for part in (field.data or "").split(",") if (found := id_from(part))}


class OutcomeForm(PortalForm):
    """Exactly one outcome; each leads to its own page."""

    outcome = ChoiceField(
        "What is the outcome?", [RequiredChoice("Select an outcome")], coerce=EngagementState
    )

    def __init__(self, state: EngagementState, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.outcome.choices = [(o.value, *OUTCOME_CHOICES[o]) for o in OUTCOMES[state]]


class EngageForm(VersionedForm):
    """At which level, led by whom. No level is chosen beforehand, neither the suggested one nor an
    earlier one: who decides chooses it."""

    level = ChoiceField("Support level", [RequiredChoice("Select a support level")], coerce=int)
    why = LongTextField(
        "Why does the level change? (optional)",
        rows=3,
    )
    lead = SelectField("Lead person", [RequiredChoice("Select a lead person")], coerce=int)
    message = LongTextField(
        "Message to the innovator",
        [Required("Enter a message to the innovator")],
        description=f"What you will do and when you will be in touch. {SHOWN_TO_INNOVATOR}",
    )

    known = HiddenField()
    is_understood = ConfirmField("I know that another network is engaging with it")

    def __init__(
        self,
        engagement: Engagement,
        by_id: int | None,
        beside: Iterable[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(
            data={
                "version": engagement.version,
                "lead": engagement.lead_id or by_id,
                "known": _ids(beside),
            },
            **kwargs,
        )
        self.level.choices = level_choices()
        self.lead.choices = staff_choices(engagement)
        if engagement.level is None:
            del self.why
        else:
            self.why.description = (
                f"Needed when you choose another level than {engagement.level}, which it had "
                "before. Only staff read this."
            )

    def validate_is_understood(self, field: ConfirmField) -> None:
        """Whoever was shown another network says that they know."""
        if self.hin_ids and not field.data:
            raise ValidationError("Select that you know that another network is engaging with it")

    def show_beside(self, beside: Iterable[int]) -> None:
        """Carry the networks that the page shows now, to be confirmed once more."""
        self.known.data, self.is_understood.data = _ids(beside), False

    @property
    def hin_ids(self) -> set[int]:
        """Return the HINs that the page showed as engaging."""
        return _shown_ids(self.known)


class WaitForm(VersionedForm):
    """For what, until when."""

    waiting_for = TextField(
        "What are you waiting for?",
        [Required("Enter what you are waiting for")],
        description=f"For example, the result of a trial. {SHOWN_TO_INNOVATOR}",
    )
    until = DateField(
        "Until when?",
        [Required("Enter the day until which you wait"), NotInPast()],
        description="You will be asked to look again on this day.",
        what="The day until which you wait",
    )
    message = LongTextField("Message to the innovator (optional)", description=SHOWN_TO_INNOVATOR)


class ChangesForm(VersionedForm):
    """A comment for every section in which something should change."""

    message = LongTextField(
        "Message to the innovator (optional)", description=SHOWN_TO_INNOVATOR, rows=3
    )

    @property
    def wanted(self) -> Mapping[Section, str]:
        """Return the comments given, by section."""
        fields = {section: self._fields[section.value] for section in ASKED}
        return {section: field.data for section, field in fields.items() if field.data}


ASKED = tuple(section for section in PARTS if section is not Section.SHARING)
"""Whom to share with is the owner's choice alone."""
for _section in ASKED:
    setattr(
        ChangesForm,
        _section.value,
        LongTextField(f"{PARTS[_section].title} (optional)", rows=2, max_length=2000),
    )


class UnsuitableForm(VersionedForm):
    """Why, and where to go instead."""

    reason = LongTextField(
        "Why is it unsuitable?",
        [Required("Enter why it is unsuitable")],
        description=SHOWN_TO_INNOVATOR,
    )
    entries = EntryField(
        "Who of the support directory can help? (optional)",
        description="How one comes to them is added by itself.",
    )
    elsewhere = LongTextField(
        "Where can they go instead?",
        description="Name a programme, an organisation or a website that may help, or select some "
        "above.",
        rows=3,
    )

    def validate_elsewhere(self, field: LongTextField) -> None:
        """Nobody is sent away without knowing where to."""
        if not field.data and not self.entries.data:
            raise ValidationError("Enter where they can go instead")


class LevelForm(VersionedForm):
    """Another level, and why."""

    level = ChoiceField("New support level", [RequiredChoice("Select a level")], coerce=int)
    why = LongTextField(
        "Why does the level change?",
        [Required("Enter why the level changes")],
        description="Only staff read this. The innovator is told the new level.",
        rows=3,
    )

    def __init__(self, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(data={"version": engagement.version}, **kwargs)
        self.level.choices = [c for c in level_choices() if c[0] != engagement.level]

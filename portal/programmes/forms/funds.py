"""What is asked of a fund's rounds and applications."""

from collections.abc import Sequence

from portal.programmes.models import FundApplication
from portal.web.fields import (
    ChoiceField,
    DateField,
    LongTextField,
    TextField,
    WholeNumberField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import NotInPast, Required, RequiredChoice

AWARD, REFUSE = "award", "refuse"


class RoundForm(PortalForm):
    """A round and its days."""

    name = TextField("Name of the round", [Required("Enter the name")], max_length=150)
    opens_on = DateField("First day", [Required("Enter the first day")], what="The first day")
    closes_on = DateField(
        "Last day to apply", [Required("Enter the last day"), NotInPast()], what="The last day"
    )


class ApplicationForm(PortalForm):
    """What a site asks for."""

    site = TextField("Which site applies?", [Required("Enter the site")], max_length=200)
    theme = TextField(
        "Theme",
        [Required("Enter the theme")],
        description="As the round calls it: sums are told by theme.",
        max_length=100,
    )
    asked = WholeNumberField(
        "How much is asked for?",
        [Required("Enter the amount")],
        minimum=1,
        prefix="£",
        what="The amount",
    )
    words = LongTextField("What for? (optional)", rows=3, max_length=1000)

    def offer(self, themes: Sequence[str]) -> None:
        """Name the themes that sites of the round have applied under."""
        if themes:
            self.theme.description += f" So far: {'; '.join(themes)}."


class ChangeApplicationForm(ApplicationForm, VersionedForm):
    """What a site asks for, changed before it is decided."""


class DecisionForm(VersionedForm):
    """Award or refuse."""

    decision = ChoiceField(
        "What is decided?",
        [RequiredChoice("Select what is decided")],
        choices=[(AWARD, "Award"), (REFUSE, "Refuse")],
    )
    awarded = WholeNumberField("Award (needed to award)", minimum=1, prefix="£", what="The award")
    why = LongTextField("Why? (needed to refuse)", rows=3, max_length=1000)

    def needs_amount(self) -> bool:
        """Whether the amount of an award is missing; the error is said beside its field."""
        if self.decision.data != AWARD or self.awarded.data is not None:
            return False
        self.refuse("Enter the award", "awarded")
        return True

    @property
    def amount(self) -> int | None:
        """Return the award in pounds, None for a refusal."""
        return self.awarded.data if self.decision.data == AWARD else None


class SpendForm(VersionedForm):
    """What was spent, and what came of it."""

    spent = WholeNumberField(
        "Spent so far", [Required("Enter what was spent")], prefix="£", what="What was spent"
    )
    outcome = LongTextField("What came of it? (optional)", rows=3, max_length=1000)

    def __init__(self, row: FundApplication, **kwargs: object) -> None:
        names = ("version", "spent", "outcome")
        super().__init__(data={name: getattr(row, name) for name in names}, **kwargs)

"""What is asked of an aim and of its rating."""

from collections.abc import Collection, Sequence
from typing import Any

from portal.programmes.forms.measuring import as_number, measure_choices
from portal.programmes.models import Aim, Measure, Rating
from portal.web.fields import (
    ChoiceField,
    DateField,
    DecimalField,
    LongTextField,
    SelectField,
    TextField,
)
from portal.web.forms import VersionedForm
from portal.web.validators import NotInPast, Required, RequiredChoice

RULE = "rule"
"""The choice that lets the rule rate again."""


class AimForm(VersionedForm):
    """What is to be reached by when; why, where it replaces another."""

    words = TextField("What is to be reached?", [Required("Enter what is to be reached")])
    measure = SelectField("How is it measured? (optional)", prompt="By no measure")
    part = TextField(
        "Which part of the values? (optional)",
        description="As the values name it: a care setting, a group of sites.",
    )
    unit = TextField(
        "Unit (optional)", description="As the values have it: percent, patients, sites."
    )
    target = DecimalField("Target (optional)", what="The target")
    baseline = DecimalField("Baseline (optional)", what="The baseline")
    by_on = DateField("By when? (optional)", [NotInPast()], what="The day")
    why = LongTextField("Why does it replace the former aim?", rows=2, max_length=500)

    def __init__(
        self,
        measures: Sequence[Measure],
        used: Collection[int],
        *,
        replaces: Aim | None = None,
        **kwargs: Any,
    ) -> None:
        shown: dict[str, Any] = {"version": replaces.version if replaces else 0}
        if replaces is not None:
            names = ("words", "part", "unit", "target", "baseline")
            shown |= {name: getattr(replaces, name) for name in names}
            shown["measure"] = replaces.measure.code if replaces.measure else None
        super().__init__(data=shown, **kwargs)
        self.measure.choices = measure_choices(measures, used)
        if replaces is None:
            del self.why

    def values(self, measures: Sequence[Measure]) -> dict[str, Any]:
        """Return what the service takes."""
        by_code = {one.code: one for one in measures}
        return {
            "words": self.words.data,
            "measure": by_code.get(self.measure.data),
            "part": self.part.data or "",
            "unit": self.unit.data or "",
            "target": as_number(self.target.data),
            "baseline": as_number(self.baseline.data),
            "by_on": self.by_on.data,
        }


class RatingForm(VersionedForm):
    """A rating that sets the rule aside."""

    rating = ChoiceField(
        "How does it stand?",
        [RequiredChoice("Select how it stands")],
        choices=[(RULE, "As the rule says"), *((one.value, one.label) for one in Rating)],
    )
    why = LongTextField("Why?", [Required("Enter why")], rows=3, max_length=1000)

    @property
    def chosen(self) -> Rating | None:
        """Return the rating, None to let the rule rate again."""
        return None if self.rating.data == RULE else Rating(self.rating.data)

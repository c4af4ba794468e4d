"""What is asked of an estimate, and why one is in use."""

from decimal import Decimal
from typing import Any

from portal.impact.models import Cash, Effect, Estimate
from portal.web.fields import (
    ChoiceField,
    DecimalField,
    LongTextField,
    SelectField,
    TextField,
    WebsiteField,
    WholeNumberField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import Required, RequiredChoice

NUMBERS = ("value", "low", "high")
NAMES = (
    *("programme_id", "effect", *NUMBERS, "model", "evaluator", "baseline", "period", "sites"),
    *("cash", "document", "link", "note", "scaled_sites"),
)


class EstimateForm(VersionedForm):
    """A modelled effect with what it rests on."""

    programme_id = SelectField("Of which programme? (optional)", coerce=int, prompt="Of none")
    innovation = TextField(
        "Of which innovation? (optional)",
        description="Its name, as its page shows it. Enter one of the two, or both.",
        max_length=200,
    )
    effect = SelectField(
        "What is estimated?",
        [RequiredChoice("Select what is estimated")],
        choices=list(Effect),
        coerce=Effect,
    )
    value = DecimalField("Best estimate", [Required("Enter the estimate")])
    low = DecimalField("Lowest (optional)", what="The lowest")
    high = DecimalField("Highest (optional)", what="The highest")
    model = LongTextField(
        "How was it worked out?",
        [Required("Enter how it was worked out")],
        rows=3,
        max_length=2000,
    )
    evaluator = TextField("Who worked it out? (optional)", max_length=300)
    baseline = TextField("Compared with what? (optional)", max_length=300)
    period = TextField("For which time?", [Required("Enter for which time")], max_length=100)
    sites = WholeNumberField("At how many sites? (optional)", minimum=1)
    cash = ChoiceField(
        "Does it release cash?",
        [RequiredChoice("Select whether it releases cash")],
        choices=list(Cash),
        coerce=Cash,
    )
    document = TextField("Document (optional)", max_length=300)
    link = WebsiteField("Its web address (optional)")
    note = LongTextField("What is unsure? (optional)", rows=3, max_length=2000)
    scaled_sites = WholeNumberField("Scale it to how many sites? (optional)", minimum=1)

    def __init__(self, row: Estimate | None, **kwargs: Any) -> None:
        data: dict[str, Any] = {"version": 0}
        if row is not None:
            data = {name: getattr(row, name) for name in ("version", *NAMES)}
            data["innovation"] = row.innovation.name if row.innovation else ""
            numbers = {name: data[name] for name in NUMBERS if data[name] is not None}
            data |= {name: Decimal(f"{number:.10g}") for name, number in numbers.items()}
        super().__init__(data=data, **kwargs)

    @property
    def values(self) -> dict[str, Any]:
        """Return the columns as the service takes them."""
        found = {name: self._fields[name].data for name in NAMES}
        texts = ("evaluator", "baseline", "document", "link", "note")
        found |= {name: found[name] or "" for name in texts}
        found["innovation"] = self.innovation.data or ""
        for name in NUMBERS:
            found[name] = None if found[name] is None else float(found[name])
        return found


class UseForm(PortalForm):
    """Why this estimate is the one in use."""

    why = LongTextField("Why is this one in use?", [Required("Enter why")], rows=3, max_length=1000)

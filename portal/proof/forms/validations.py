"""What is asked of a real-world validation: its plan, its start, its result, why it stopped."""

from typing import Any

from portal.clock import today
from portal.proof.models import Validation
from portal.reference.models import Vocabulary
from portal.reference.queries import terms
from portal.web.fields import (
    ConfirmField,
    DateField,
    DocumentField,
    LongTextField,
    MultiChoiceField,
    SelectField,
    TextField,
    WebsiteField,
    WholeNumberField,
    YesNoField,
)
from portal.web.forms import VersionedForm
from portal.web.validators import NotInFuture, Required

PLAN = ("question", "site", "partner", "method", "from_on", "to_on")


class PlanForm(VersionedForm):
    """What is to be found out, where, how and with whom."""

    question = LongTextField(
        "What question does it answer?",
        [Required("Enter the question that the validation answers")],
        rows=3,
        max_length=1000,
    )
    site = TextField(
        "Where?",
        [Required("Enter the organisation and site where it is tried")],
        description="The organisation and, if you know it, the site.",
        what="The place",
    )
    care_setting = SelectField("Care setting (optional)", coerce=int)
    kinds = MultiChoiceField("Kind of support that your network gives (optional)", coerce=int)
    partner = TextField(
        "Partner (optional)",
        description="Who evaluates it, or helps to: a university, a research centre, a company.",
        what="The partner",
    )
    method = LongTextField(
        "Method (optional)",
        description="For example: before and after, with a comparison group, interviews.",
        rows=3,
        max_length=2000,
    )
    from_on = DateField("Start (optional)")
    to_on = DateField("End (optional)")

    def __init__(self, validation: Validation | None = None, **kwargs: Any) -> None:
        super().__init__(data=_plan(validation), **kwargs)
        held = [validation.care_setting.code] if validation and validation.care_setting else []
        settings = terms(Vocabulary.CARE_SETTING, held=held)
        self.care_setting.choices = [(term.id, term.label) for term in settings]
        held = [term.code for term in validation.kinds] if validation else []
        kinds = terms(Vocabulary.SUPPORT_KIND, held=held)
        self.kinds.choices = [(term.id, term.label) for term in kinds]

    @property
    def values(self) -> dict[str, Any]:
        """Return the columns as the services take them."""
        return {
            **{name: self._fields[name].data for name in ("question", "site", "from_on", "to_on")},
            "partner": self.partner.data or "",
            "method": self.method.data or "",
            "care_setting_id": self.care_setting.data,
            "kinds": self.kinds.data or [],
        }


def _plan(validation: Validation | None) -> dict[str, Any]:
    if validation is None:
        return {"version": 0}
    return {
        **{name: getattr(validation, name) for name in ("version", *PLAN)},
        "care_setting": validation.care_setting_id,
        "kinds": [term.id for term in validation.kinds],
    }


class StartForm(VersionedForm):
    """When it began."""

    from_on = DateField(
        "When did it start?",
        [Required("Enter the day it started"), NotInFuture()],
        what="The start",
    )

    def __init__(self, validation: Validation, **kwargs: Any) -> None:
        super().__init__(data={"version": validation.version, "from_on": today()}, **kwargs)


class ResultForm(VersionedForm):
    """When it ended and what was found."""

    to_on = DateField(
        "When did it end?", [Required("Enter the day it ended"), NotInFuture()], what="The end"
    )
    is_positive = YesNoField(
        "Does the result support the innovation’s claim?",
        description="A yes counts towards proven.",
    )
    people = WholeNumberField(
        "How many patients or staff took part? (optional)", what="The number of people"
    )
    numbers = LongTextField(
        "Result in numbers (optional)",
        description="What was measured, before and after. For example: falls a month, 12 to 8.",
        rows=3,
        max_length=2000,
    )
    result = LongTextField("Result in words", [Required("Enter the result in words")])
    report_url = WebsiteField("Web address of the report (optional)")
    file = DocumentField(
        "Report as a file (optional)",
        description="Up to 10MB. It takes the place of a file sent before.",
    )
    is_published = ConfirmField(
        "Publish the result: ICS staff who may see the record can read it and open the report"
    )

    def __init__(self, validation: Validation, **kwargs: Any) -> None:
        names = ("version", "is_positive", "people", "numbers", "result", "report_url")
        data = {name: getattr(validation, name) for name in names}
        data |= {"to_on": validation.to_on, "is_published": validation.is_published}
        super().__init__(data=data, **kwargs)

    @property
    def values(self) -> dict[str, Any]:
        """Return the columns as the service takes them."""
        return {
            "is_positive": self.is_positive.data,
            "people": self.people.data,
            "numbers": self.numbers.data or "",
            "result": self.result.data,
            "report_url": self.report_url.data or "",
            "is_published": bool(self.is_published.data),
        }


class StopForm(VersionedForm):
    """When and why it ended without a result."""

    to_on = DateField(
        "When was it stopped?",
        [Required("Enter the day it stopped"), NotInFuture()],
        what="The day",
    )
    why = LongTextField(
        "Why was it stopped?",
        [Required("Enter why it was stopped")],
        description="The innovator reads this, in the portal and by email.",
    )

    def __init__(self, validation: Validation, **kwargs: Any) -> None:
        super().__init__(data={"version": validation.version, "to_on": today()}, **kwargs)

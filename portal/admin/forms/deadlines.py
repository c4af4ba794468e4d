"""What is asked of deadlines: how long they allow, and bank holidays."""

import re
from datetime import date

from portal.reference.models import DeadlineUnit
from portal.web.fields import ChoiceField, DateField, LongTextField, WholeNumberField
from portal.web.forms import PortalForm
from portal.web.validators import NotInPast, Required, RequiredChoice

UNITS = [(DeadlineUnit.WORKING_DAYS.value, "Working days"), (DeadlineUnit.WEEKS.value, "Weeks")]


class DeadlineForm(PortalForm):
    """How long a deadline allows, from a day on."""

    amount = WholeNumberField("How many?", [Required("Enter how many")], what="The number")
    unit = ChoiceField(
        "Of what?", [RequiredChoice("Select of what")], choices=UNITS, coerce=DeadlineUnit
    )
    valid_from = DateField(
        "From which day?",
        [Required("Enter from which day it holds"), NotInPast()],
        description="What was due before keeps its day.",
        what="The day",
    )


_LINE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})\s+(?P<name>\S.*)")


class HolidaysForm(PortalForm):
    """The bank holidays of one year, one on each line."""

    days = LongTextField(
        "Bank holidays in England of one year",
        [Required("Enter the bank holidays of one year")],
        description="One on each line: the day as 2028-01-03, a space, the name. All of the year.",
        rows=10,
    )

    @property
    def found(self) -> dict[date, str] | None:
        """Return the days with their names; None, with an error, when a line cannot be read."""
        days: dict[date, str] = {}
        for line in (self.days.data or "").splitlines():
            if not line.strip():
                continue
            part = _LINE.fullmatch(line.strip())
            try:
                day = date.fromisoformat(part["day"]) if part else None
            except ValueError:
                day = None
            if part is None or day is None or day in days:
                self.refuse(f"Enter “{line.strip()[:60]}” as a day, a space and a name", "days")
                return None
            days[day] = part["name"]
        return days

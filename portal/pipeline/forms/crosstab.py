"""The day of a view, as it stands in the address."""

from datetime import date

from wtforms.validators import StopValidation

from portal.clock import today
from portal.web import fields
from portal.web.forms import FilterForm

MIN_DAY = date(2013, 4, 1)
"""The Networks began: there was no national pipeline before."""


class DayField(fields.TextField):
    """A day in ISO form, up to today; empty is now."""

    def check(self) -> None:
        """Refuse what is no day, and days of which nothing can be known."""
        try:
            day = date.fromisoformat(self.data)
        except ValueError as problem:
            message = "Enter a real day, as in 2026-06-30"
            raise StopValidation(message) from problem
        if not MIN_DAY <= day <= today():
            raise StopValidation("Enter a day from 1 April 2013 up to today")


class DayForm(FilterForm):
    """As at which day the figures are wanted."""

    on = DayField("As at", max_length=40)

    @property
    def day(self) -> date | None:
        """Return the day asked for; None when it is empty or none."""
        return date.fromisoformat(self.on.data) if self.on.data and self.validate() else None

"""What is asked of a milestone: when it was reached and what shows it, or why it is taken back."""

from portal.web.fields import DateField, LongTextField, WebsiteField
from portal.web.forms import PortalForm
from portal.web.validators import NotInFuture, Required


class TickForm(PortalForm):
    """The day and the evidence."""

    on = DateField(
        "When was it reached?",
        [Required("Enter the day it was reached"), NotInFuture()],
        what="The day",
    )
    evidence = LongTextField(
        "What shows it?",
        [Required("Enter what shows it")],
        description="The innovator and all staff read this. ICS staff read that it is reached.",
        rows=3,
        max_length=2000,
    )
    link = WebsiteField("Web address of the evidence (optional)")


class TakeBackForm(PortalForm):
    """Why it was not reached after all."""

    why = LongTextField(
        "Why is it taken back?",
        [Required("Enter why it is taken back")],
        description="The innovator reads this, in the portal and by email.",
        rows=3,
    )

"""What is asked when an engagement is let off its due date."""

from portal.support.forms import SHOWN_TO_INNOVATOR
from portal.web.fields import DateField, LongTextField
from portal.web.forms import VersionedForm
from portal.web.validators import NotInPast, Required


class ExemptForm(VersionedForm):
    """Why the due date does not hold, and which day does."""

    why = LongTextField(
        "Why does the day not hold?",
        [Required("Enter why the day does not hold")],
        description=SHOWN_TO_INNOVATOR,
        rows=3,
    )
    until = DateField(
        "New day (optional)",
        [NotInPast()],
        description="Leave empty when no day can be set until the next step.",
        what="The new day",
    )

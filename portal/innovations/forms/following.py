"""What is asked of who follows a record."""

from portal.innovations.models.following import Followed
from portal.web.fields import DateField, LongTextField, MultiChoiceField
from portal.web.forms import PortalForm
from portal.web.validators import NotInPast, Required


class FollowForm(PortalForm):
    """Of what of a record somebody wants to be told."""

    wanted = MultiChoiceField(
        "What do you want to be told of?",
        choices=list(Followed),
        coerce=Followed,
        description="Select none to be told of nothing.",
    )


class ReminderForm(PortalForm):
    """A day, and words of one's own."""

    on = DateField("On which day?", [Required("Enter the day"), NotInPast()], what="The day")
    words = LongTextField(
        "Of what do we remind you?",
        [Required("Enter of what we remind you")],
        rows=3,
        max_length=500,
        description="Nobody else reads it.",
    )

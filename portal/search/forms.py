"""What the pages of search ask for."""

from portal.search.models import Alert
from portal.web.fields import ChoiceField, LongTextField, TextField
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import Required, RequiredChoice


class SaveForm(PortalForm):
    """A saved search: what it is called, and how often its owner hears of it."""

    name = TextField(
        "Name of this search",
        [Required("Enter a name for this search")],
        what="The name",
        max_length=80,
        description="For your own list. For example, “Heart failure at home”",
    )
    alert = ChoiceField(
        "Tell me about new results",
        [RequiredChoice("Select how often you want to be told")],
        choices=list(Alert),
        coerce=Alert,
        description="In your messages here and by email. Nothing is sent when nothing is new",
    )


class GapForm(PortalForm):
    """What somebody looked for and did not find."""

    note = LongTextField(
        "What were you looking for?",
        [Required("Enter what you were looking for")],
        what="What you were looking for",
        max_length=1_000,
        description="The problem you want to solve, for whom, and what would count as an answer",
    )


class AnswerForm(VersionedForm):
    """The answer to somebody who looked in vain."""

    answer = LongTextField(
        "Your answer",
        [Required("Enter your answer")],
        what="Your answer",
        max_length=2_000,
        description="What may help, whom to ask, or why nothing does yet",
    )


class TurnForm(VersionedForm):
    """The challenge that a gap becomes."""

    title = TextField(
        "The challenge in one line",
        [Required("Enter the challenge in one line")],
        what="The challenge in one line",
        max_length=120,
        description="Say what is wrong, not what to buy",
    )

"""What is asked about who is engaged, networks of people, and what was learnt."""

from typing import Any

from portal.web.fields import (
    DateField,
    LongTextField,
    SelectField,
    TextField,
    WholeNumberField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import NoLink, NotInFuture, Required, RequiredChoice

MOST = 100_000


class EngagedForm(PortalForm):
    """How many of a kind are engaged in a quarter."""

    quarter = SelectField("In which quarter?", [RequiredChoice("Select a quarter")])
    engaged = WholeNumberField(
        "How many of them are engaged?",
        [Required("Enter how many are engaged")],
        maximum=MOST,
        what="The number",
    )
    why = LongTextField(
        "Why does it change? (only where a number stands already)", rows=2, max_length=500
    )


class TotalForm(PortalForm):
    """How many of a kind there are in England."""

    total = WholeNumberField(
        "How many are there in England?",
        [Required("Enter how many there are")],
        minimum=1,
        maximum=MOST,
        what="The number",
    )
    from_on = DateField("From which day on?", [Required("Enter the day")], what="The day")
    source = TextField("From where is it known?", [Required("Enter from where it is known")])


class NetworkForm(VersionedForm):
    """A network of people."""

    name = TextField(
        "What is the network called?",
        [Required("Enter what the network is called"), NoLink()],
        max_length=150,
    )
    programme = SelectField(
        "For which programme?", [RequiredChoice("Select a programme")], coerce=int
    )
    running_from = DateField(
        "Since when does it run? (leave blank while it is planned)",
        what="The first day",
    )
    ended_on = DateField("From which day on does it run no more? (optional)", what="The last day")

    def without(self, *names: str) -> "NetworkForm":
        """Return it without some questions."""
        for name in names:
            del self[name]
        return self


class MeetingForm(PortalForm):
    """A meeting, with how many came."""

    on = DateField("When was it?", [Required("Enter the day"), NotInFuture()], what="The day")
    people = WholeNumberField(
        "How many people came?",
        [Required("Enter how many people came")],
        maximum=MOST,
        what="The number of people",
    )
    places = WholeNumberField(
        "From how many places? (optional)", maximum=MOST, what="The number of places"
    )
    words = LongTextField("What was it about? (optional)", rows=2, max_length=500)


class LessonForm(PortalForm):
    """What was learnt."""

    programme = SelectField(
        "In which programme?", [RequiredChoice("Select a programme")], coerce=int
    )
    node = SelectField(
        "About which driver or change idea? (optional)", coerce=int, prompt="About none of them"
    )
    title = TextField(
        "What was learnt, in a line?", [Required("Enter what was learnt")], max_length=150
    )
    words = LongTextField(
        "Tell it so that others can use it", [Required("Enter it")], rows=5, max_length=3000
    )
    audience = TextField(
        "For whom is it? (optional)", description="For example: ward managers, GPs."
    )

    def offer(self, programmes: Any, nodes: Any) -> None:
        """Name the programmes and change ideas."""
        self.programme.choices = [(one.id, one.name) for one in programmes]
        self.node.choices = nodes

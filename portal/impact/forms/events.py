"""What is asked of a milestone, an agreement, an award or an event."""

from typing import Any

from portal.impact.models import EventKind
from portal.web.fields import (
    ChoiceField,
    LongTextField,
    PartialDateField,
    SelectField,
    TextField,
    WebsiteField,
    WholeNumberField,
)
from portal.web.forms import PortalForm
from portal.web.validators import NotInFuture, Required, RequiredChoice


class EventForm(PortalForm):
    """One thing that happened."""

    kind = ChoiceField(
        "What is it?",
        [RequiredChoice("Select what it is")],
        choices=list(EventKind),
        coerce=EventKind,
    )
    title = TextField("In a few words", [Required("Enter it in a few words")], max_length=200)
    on = PartialDateField(
        "When? (a month or a year is enough)",
        [Required("Enter when it was"), NotInFuture()],
        what="The date",
    )
    network = SelectField("Of which network?", coerce=int, prompt="The networks together")
    programme = SelectField("Of which programme? (optional)", coerce=int, prompt="Of none")
    other = TextField("With whom, or by whom? (optional)", max_length=200)
    people = WholeNumberField("How many people took part? (events only)", what="How many people")
    source = TextField("Where does it stand? (optional)", max_length=300)
    link = WebsiteField("Its web address (optional)")

    @property
    def values(self) -> dict[str, Any]:
        """Return what the service takes, without the network."""
        texts = {name: self._fields[name].data or "" for name in ("other", "source", "link")}
        return {
            "kind": self.kind.data,
            "title": self.title.data,
            "day": self.on.data,
            "programme_id": self.programme.data,
            "people": self.people.data,
            **texts,
        }


class WithdrawForm(PortalForm):
    """Why an entry is withdrawn."""

    why = LongTextField("Why is it withdrawn?", [Required("Enter why")], rows=3, max_length=1000)

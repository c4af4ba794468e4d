"""What is asked of an event of a programme."""

from typing import Any

from portal.programmes.models import EventKind, ProgrammeEvent
from portal.threads.forms import MessageForm
from portal.web.fields import (
    ChoiceField,
    DateField,
    LongTextField,
    TextField,
    WebsiteField,
    WholeNumberField,
)
from portal.web.forms import VersionedForm
from portal.web.validators import Required, RequiredChoice


class EventForm(VersionedForm):
    """An event that is announced, or has been."""

    kind = ChoiceField(
        "What is it?",
        [RequiredChoice("Select what it is")],
        choices=list(EventKind),
        coerce=EventKind,
    )
    title = TextField("Title", [Required("Enter the title")], max_length=150)
    on = DateField("Day", [Required("Enter the day")], what="The day")
    link = WebsiteField("Web address (optional)")
    words = LongTextField("What is it about? (optional)", rows=3, max_length=1000)
    attended = WholeNumberField(
        "How many people came? (once it has been)",
        description="Of a training they count as people trained. Leave it empty while it is not"
        " known.",
        maximum=1_000_000,
        what="The number of people",
    )


def held_by(row: ProgrammeEvent | None) -> dict[str, Any]:
    """Return what the form begins with."""
    if row is None:
        return {"version": 0}
    names = ("version", "kind", "title", "on", "link", "words", "attended")
    return {name: getattr(row, name) for name in names}


class CommunityMessageForm(MessageForm):
    """A message to the community of a programme."""

    readers = "People of networks, of ICSs and of the national team read it."

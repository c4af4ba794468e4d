"""What administrators fill in."""

from portal.web.fields import LongTextField, TextField
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import Required


class _Term(PortalForm):
    label = TextField("Label", validators=[Required("Enter the label")], max_length=120)
    definition = LongTextField(
        "Definition", description="Shown where people choose. May stay empty.", max_length=500
    )


class TermForm(_Term, VersionedForm):
    """How a term is called, and what it means."""


class NewTermForm(_Term):
    """A term that the list lacks."""

    group = TextField(
        "Heading (optional)",
        description="The heading under which it stands, as those that are there.",
        max_length=120,
    )

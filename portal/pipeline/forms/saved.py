"""What is asked of somebody who keeps a view."""

from portal.saved.models import Shared
from portal.web.fields import ChoiceField, TextField
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import Required, RequiredChoice


class _View(PortalForm):
    """The name of a view and who finds it."""

    name = TextField(
        "Name of this view",
        [Required("Enter a name for this view")],
        what="The name",
        max_length=80,
        description="For example, “Proven in primary care”",
    )
    shared = ChoiceField(
        "Who finds it in their list?",
        [RequiredChoice("Select who finds this view")],
        choices=list(Shared),
        coerce=Shared,
        description="They see the figures that they may know, not yours",
    )


class SaveViewForm(_View):
    """A new saved view."""


class ChangeViewForm(_View, VersionedForm):
    """A saved view as it stands."""

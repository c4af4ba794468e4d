"""What is asked of a photograph for a report."""

from portal.exchange.models import Licence
from portal.web.fields import ChoiceField, DocumentField, TextField
from portal.web.forms import PortalForm
from portal.web.validators import NoPersonalDetail, Required, RequiredChoice


class PhotoForm(PortalForm):
    """A photograph, what it shows, under which terms, and that those in it agreed."""

    file = DocumentField(
        "Photograph",
        [Required("Select a photograph")],
        description="PNG or JPEG, up to 10MB.",
    )
    alt = TextField(
        "What does it show?",
        [Required("Enter what it shows"), NoPersonalDetail()],
        description="For people who do not see it: read out, and kept in every file.",
        what="What it shows",
    )
    credit = TextField(
        "Who made it?",
        [Required("Enter who made it")],
        description="Printed with it.",
        max_length=150,
    )
    licence = ChoiceField(
        "Under which terms may others use it?",
        [RequiredChoice("Select the terms")],
        choices=list(Licence),
        coerce=Licence,
    )
    consent = TextField(
        "How did everybody in it agree?",
        [Required("Enter how everybody in it agreed")],
        description="For example: signed forms, kept by the trust. Or: nobody can be recognised. "
        "Not printed.",
        what="How everybody agreed",
    )

"""What is asked about two similar records."""

from portal.web import fields
from portal.web.forms import PortalForm
from portal.web.validators import RequiredChoice

SAME, DIFFERENT = "same", "different"


class JudgeForm(PortalForm):
    """Whether another record is the same thing; sent by one of two buttons."""

    verdict = fields.ChoiceField(
        "Is it the same?",
        [RequiredChoice("Select whether it is the same or different")],
        choices=[(SAME, "It is the same"), (DIFFERENT, "It is different")],
    )

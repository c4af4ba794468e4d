"""What is asked of two records that become one."""

from portal.web import fields
from portal.web.forms import PortalForm
from portal.web.validators import Required, RequiredChoice

AGREES, REFUSES = "yes", "no"


class MergeForm(PortalForm):
    """Why they are the same: both sides read it."""

    why = fields.LongTextField(
        "Why are they the same innovation?",
        [Required("Enter why they are the same innovation")],
        max_length=500,
        description="The people of both records read this.",
    )


class AnswerForm(PortalForm):
    """Whether one's side agrees."""

    answer = fields.ChoiceField(
        "Are the two the same innovation?",
        [RequiredChoice("Select whether they are the same")],
        choices=[(AGREES, "Yes, make them one"), (REFUSES, "No, they are different")],
    )
    why = fields.LongTextField("Why (optional)", max_length=500)


class UndoForm(PortalForm):
    """Why it is taken back, and what becomes of what came since."""

    why = fields.LongTextField(
        "Why is it taken back?",
        [Required("Enter why it is taken back")],
        max_length=500,
        description="The people of both records read this.",
    )
    also = fields.MultiChoiceField("What goes with the other record")
    take_back = fields.MultiChoiceField("Which answers become again what they were")

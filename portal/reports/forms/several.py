"""What is asked to do one thing with several sections at once."""

from collections.abc import Sequence

from portal.accounts.models import User
from portal.db import LabelledEnum
from portal.reports.models import ReportSection
from portal.web.choice_fields import MultiChoiceField
from portal.web.fields import ChoiceField, DateField, LongTextField, SelectField
from portal.web.forms import PortalForm
from portal.web.validators import NotInPast, Required, RequiredChoice

CHANGED = "One of the sections was changed meanwhile. The list is as it is now: tick them again"


class SectionAction(LabelledEnum):
    """What is done with sections."""

    ASSIGN = "assign", "Say who writes them, and by when"
    APPROVE = "approve", "Approve them"
    LEAVE_OUT = "leave_out", "Leave them out", "Their texts stay among their versions."


class SeveralForm(PortalForm):
    """Which sections, and what is done with them."""

    doing = ChoiceField(
        "What do you want to do?",
        [RequiredChoice("Select what to do")],
        choices=list(SectionAction),
        coerce=SectionAction,
    )
    owner = SelectField("Who writes them? (to say who writes them)", coerce=int)
    due_on = DateField("By which day? (optional)", [NotInPast()], what="The day")
    why = LongTextField(
        "Why are they left out? (to leave them out)", rows=2, max_length=300, what="The reason"
    )
    sections = MultiChoiceField("Which sections?", [Required("Select sections")], outside=CHANGED)

    def offer(self, people: Sequence[User], sections: Sequence[tuple[str, ReportSection]]) -> None:
        """Name the people, and the sections by their printed numbers. A section is chosen as it
        stands: what was changed after it was shown is not what was meant."""
        self.owner.choices = [(one.id, one.name) for one in people]
        self.sections.choices = [(_key(one), _words(number, one)) for number, one in sections]

    def chosen(self, sections: Sequence[ReportSection]) -> list[ReportSection]:
        """Return those of the sections that were ticked."""
        wanted = set(self.sections.data or ())
        return [one for one in sections if _key(one) in wanted]


def _key(section: ReportSection) -> str:
    return f"{section.id}-{section.version}"


def _words(number: str, section: ReportSection) -> str:
    owner = f", {section.owner.name}" if section.owner else ""
    text = "" if section.text else (", left out" if section.left_out else ", no text")
    return f"{number} {section.heading} ({section.state.label.lower()}{owner}{text})"

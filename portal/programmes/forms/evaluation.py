"""What is asked of priorities, interventions and syntheses."""

from typing import Any

from portal.programmes.models import (
    EvaluationPriority,
    Intervention,
    Synthesis,
    SynthesisResult,
    SynthesisState,
)
from portal.web.fields import (
    ChoiceField,
    DateField,
    LongTextField,
    MultiChoiceField,
    SelectField,
    TextField,
    WebsiteField,
    WholeNumberField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import NotInFuture, Required, RequiredChoice


class PriorityForm(PortalForm):
    """A question or theme."""

    name = TextField("Priority", [Required("Enter the priority")], max_length=150)
    words = LongTextField("What is asked? (optional)", rows=3, max_length=1000)


class InterventionForm(VersionedForm):
    """A way of working, and the priorities to which it belongs."""

    name = TextField("Intervention", [Required("Enter the intervention")], max_length=150)
    words = LongTextField("What is done? (optional)", rows=3, max_length=1000)
    priorities = MultiChoiceField("Which priorities does it answer? (optional)", coerce=int)
    innovation = WholeNumberField(
        "Number of its record (optional)",
        minimum=1,
        maximum=2**31 - 1,
        description="The number at the end of the address of its record here.",
        what="The number of the record",
    )
    source = TextField("Source (optional)", max_length=300)

    def offer(self, priorities: "list[EvaluationPriority]") -> None:
        """Offer the priorities of the programme; without any, do not ask."""
        self.priorities.choices = [(one.id, one.name) for one in priorities]
        if not priorities:
            del self.priorities

    @property
    def chosen(self) -> list[int]:
        """Return the ids of the priorities that were chosen."""
        return list(self._fields["priorities"].data or ()) if "priorities" in self._fields else []


def held_by(row: Intervention | None) -> dict[str, Any]:
    """Return what the form begins with."""
    if row is None:
        return {"version": 0}
    names = ("version", "name", "words", "source")
    held = {name: getattr(row, name) for name in names}
    priorities = [one.id for one in row.priorities]
    return {**held, "priorities": priorities, "innovation": row.innovation_id}


class SynthesisForm(VersionedForm):
    """How a synthesis of evidence stands, and what it says."""

    title = TextField("Title of the synthesis", [Required("Enter the title")], max_length=150)
    state = ChoiceField(
        "How does it stand?",
        [RequiredChoice("Select how it stands")],
        choices=list(SynthesisState),
        coerce=SynthesisState,
    )
    result = SelectField(
        "What does the evidence say? (needed when it is done)",
        choices=list(SynthesisResult),
        coerce=SynthesisResult,
        prompt="Not known yet",
        what="What the evidence says",
    )
    done_on = DateField(
        "Day on which it was done (needed when it is done)", [NotInFuture()], what="The day"
    )
    words = LongTextField("In a few words (optional)", rows=3, max_length=1000)
    link = WebsiteField("Web address (optional)")


def said_by(row: Synthesis | None) -> dict[str, Any]:
    """Return what the form begins with."""
    if row is None:
        return {"version": 0}
    names = ("version", "title", "state", "result", "done_on", "words", "link")
    return {name: getattr(row, name) for name in names}

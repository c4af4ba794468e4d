"""What is asked of driver diagrams."""

from collections.abc import Sequence
from typing import Any

from portal.improvement.models import Diagram, NodeKind
from portal.improvement.rules.outline import Branch
from portal.improvement.services.diagrams import NodeText
from portal.innovations.models import Innovation
from portal.web.fields import ChoiceField, DateField, LongTextField, SelectField, TextField
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import NoLink, Required, RequiredChoice

ADDS = {"below": "Add below it", "inside": "Add inside it"}
MOVES = {
    "up": "Move up",
    "down": "Move down",
    "in": "Move in",
    "out": "Move out",
}
OPENS = {"reword": "Change its words", "end": "End it"}
ACTS = {**ADDS, **MOVES, **OPENS}
KINDS = [(NodeKind.DRIVER, "Driver"), (NodeKind.IDEA, "Change idea")]


class BeginForm(PortalForm):
    """The aim of a new diagram."""

    words = TextField(
        "What is to be reached?",
        [Required("Enter what is to be reached")],
        description="How much of what, by when. For example: half as many falls by March 2028.",
    )


class CopyForm(PortalForm):
    """The name of the regional programme."""

    name = TextField(
        "What is the programme called?",
        [Required("Enter what the programme is called"), NoLink()],
        max_length=150,
        description="It is part of the programme whose diagram is copied; your network leads it.",
    )


class RecordForm(PortalForm):
    """The record as which a driver or change idea spreads."""

    innovation = SelectField(
        "As which record does it spread?",
        [RequiredChoice("Select a record")],
        coerce=int,
        description="The places that could use it, and where each stands, are those of the record.",
    )

    def offer(self, records: Sequence[Innovation]) -> None:
        """Name the records."""
        self.innovation.choices = [(one.id, one.name) for one in records]


class OutlineForm(VersionedForm):
    """One change of an outline: which node, which button, and what that button needs."""

    when_outdated = (
        "What you typed is still here and was not saved. Look at the outline as it is now; if it"
        " should stand after all, send it again."
    )

    node = SelectField("Which one?", [RequiredChoice("Select which one")], coerce=int)
    act = SelectField("What is to be done?", choices=list(ACTS.items()))
    words = TextField("Words of a new one", what="The words")
    kind = ChoiceField("It is a", choices=KINDS, coerce=NodeKind, inline=True)
    target = TextField("Target (optional)", description="How much of it by when.")

    def __init__(self, diagram: Diagram, branches: Sequence[Branch], **kwargs: Any) -> None:
        super().__init__(data={"version": diagram.version, "kind": NodeKind.DRIVER}, **kwargs)
        self.node.choices = [(one.id, one.row.words) for one in branches]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for words where something is added; another button needs none."""
        if not super().validate(extra_validators):
            return False
        if self.act.data not in ACTS:
            self.refuse("Select what is to be done")
        elif self.act.data in ADDS and not self.words.data:
            self.refuse("Enter the words of the new driver or change idea", "words")
        elif self.act.data in ADDS and self.kind.data is None:
            self.refuse("Select whether it is a driver or a change idea", "kind")
        return not self.problems

    @property
    def said(self) -> NodeText:
        """Return what a new node says."""
        return NodeText(self.kind.data, self.words.data, self.target.data or "")


class NodeForm(VersionedForm):
    """Other words for a node."""

    kind = ChoiceField(
        "What is it?", [RequiredChoice("Select what it is")], choices=KINDS, coerce=NodeKind
    )
    words = TextField("Words", [Required("Enter the words")])
    target = TextField("Target (optional)", description="How much of it by when.")

    def __init__(self, diagram: Diagram, branch: Branch, **kwargs: Any) -> None:
        row = branch.row
        shown = {"kind": row.kind, "words": row.words, "target": row.target}
        super().__init__(data={**shown, "version": diagram.version}, **kwargs)
        if branch.parent is None:
            del self.kind

    @property
    def said(self) -> NodeText:
        """Return what it is to say."""
        kind = self.kind.data if self.kind else NodeKind.AIM
        return NodeText(kind, self.words.data, self.target.data or "")


class EndForm(VersionedForm):
    """From when on a node is no part of the diagram, and why."""

    on = DateField(
        "From which day on is it no part of the diagram?",
        [Required("Enter the day")],
        what="The day",
    )
    why = LongTextField(
        "Why?",
        [Required("Enter why it is no part of the diagram")],
        rows=2,
        max_length=500,
        description="What stands below it ends with it. It stays in the diagram of earlier days.",
    )

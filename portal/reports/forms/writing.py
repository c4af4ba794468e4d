"""What is asked of a report in work."""

from collections.abc import Sequence

from portal.accounts.models import User
from portal.reference.rules import Quarter
from portal.reports.models import ReleaseKind, SectionState
from portal.reports.queries.editing import Offered
from portal.reports.queries.pulling import Offer
from portal.reports.rules.outlines import Outline
from portal.web.choice_fields import MultiChoiceField
from portal.web.fields import (
    ChoiceField,
    DateField,
    EmailField,
    LongTextField,
    SelectField,
    TextField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import NotInPast, Required, RequiredChoice

MAX_TEXT = 40_000
"""Characters of one section: some fifteen printed pages."""


class MakeForm(PortalForm):
    """Which report is started."""

    outline = ChoiceField("Which report?", [RequiredChoice("Select which report")])
    quarter = SelectField(
        "Which quarter?",
        [RequiredChoice("Select a quarter")],
        description="Of a yearly report: the last quarter of the year.",
    )

    def offer(self, outlines: Sequence[Outline], quarters: Sequence[Quarter]) -> None:
        """Name the outlines and quarters."""
        self.outline.choices = [(one.code, one.name) for one in outlines]
        self.quarter.choices = [(one.code, one.label) for one in quarters]


class TextForm(VersionedForm):
    """The text of a section."""

    when_outdated = ""

    text = LongTextField(
        "Text",
        max_length=MAX_TEXT,
        rows=18,
        description="Leave a line between paragraphs. “- ” begins an item of a list, “### ” a "
        "heading, “> ” a quotation. Quote numbers as {figure:…} or {value:…}.",
    )
    left_out = TextField(
        "Why is it left out? (only without a text)",
        description="It is printed at the end of the report.",
        max_length=300,
        what="The reason",
    )
    add = MultiChoiceField(
        "What should be put at the end of the text? (optional)",
        outside="One of the sentences is not offered any more. Tick those that you want again",
    )

    show = MultiChoiceField(
        "What should be shown below the text? (optional)",
        outside="One of them is not offered any more. Tick those that you want again",
    )

    def offer(
        self,
        offered: Sequence[Offered],
        exhibits: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (),
    ) -> None:
        """Name the sentences that can be taken, as they read today, and what can be shown."""
        self.add.choices = [(one.addition, one.words) for one in offered]
        self.show.choices = exhibits

    @property
    def whole(self) -> str:
        """The text with what was taken, each a paragraph: sentences, then what is shown."""
        taken = (*(self.add.data or ()), *(self.show.data or ()))
        return "\n\n".join(part for part in (self.text.data, *taken) if part)


class OwnerForm(VersionedForm):
    """Who looks after a section."""

    owner = SelectField("Who writes it? (optional)", coerce=int)
    due_on = DateField("By which day? (optional)", [NotInPast()], what="The day")

    def offer(self, people: Sequence[User]) -> None:
        """Name the people."""
        self.owner.choices = [(one.id, one.name) for one in people]


class PullForm(VersionedForm):
    """Which paragraph of a network is taken into the national report."""

    paragraph = ChoiceField("Which paragraph?", [RequiredChoice("Select a paragraph")])

    def offer(self, offers: Sequence[Offer]) -> None:
        """Name the paragraphs, under their networks."""
        found: dict[str, list[tuple[str, str]]] = {}
        for one in offers:
            found.setdefault(one.network.name, []).append((one.key, one.label))
        self.paragraph.choices = list(found.items())


class StateForm(VersionedForm):
    """Into which state a section goes: one button each."""

    state = SelectField(
        "State",
        [RequiredChoice("Select a state")],
        choices=list(SectionState),
        coerce=SectionState,
    )


class CommentForm(PortalForm):
    """A comment on a paragraph."""

    paragraph = SelectField("On which paragraph?", coerce=int)
    words = LongTextField("Your comment", [Required("Enter your comment")], rows=3)

    def offer(self, paragraphs: Sequence[str]) -> None:
        """Name the paragraphs by how they begin."""
        named = [(place, f"{place}: {words}") for place, words in enumerate(paragraphs, start=1)]
        self.paragraph.choices = [(0, "The section as a whole"), *named]


class ExplainForm(PortalForm):
    """An explanation of what a check found."""

    words = LongTextField(
        "Explanation",
        [Required("Enter an explanation")],
        rows=4,
        max_length=1000,
        description="It is printed with the notes of the report.",
    )


class SignOffForm(VersionedForm):
    """Signing off: nothing but the version that was seen."""


class PublishForm(VersionedForm):
    """How a report is published."""

    kind = ChoiceField(
        "What is it?",
        [RequiredChoice("Select what it is")],
        choices=list(ReleaseKind),
        coerce=ReleaseKind,
    )
    note = LongTextField(
        "What changed, and why? (not for the first publication)", rows=3, what="What changed"
    )
    on = DateField(
        "On which day is it published? (optional: empty is now)",
        [NotInPast()],
        description="At half past nine in the morning. Until then only those on its list read it.",
        what="The day",
    )
    final_on = DateField(
        "By when do provisional numbers become final? (optional)",
        [NotInPast()],
        description="Say it where numbers can still move: their revision is no correction then.",
        what="The day",
    )
    next_on = DateField("When is the next publication? (optional)", [NotInPast()], what="The day")


class EarlyForm(PortalForm):
    """Who reads the version that is coming before it is published."""

    email = EmailField("Email address of their account", [Required("Enter their email address")])
    capacity = TextField(
        "As what do they read it?",
        [Required("Enter as what they read it")],
        description="Printed with the report without their name: “Chief executive, the Network”.",
        max_length=120,
    )
    until_on = DateField(
        "Until which day? (optional: empty is until it is published)",
        [NotInPast()],
        what="The day",
    )


class MethodForm(VersionedForm):
    """How the numbers of a report are counted."""

    methodology = LongTextField(
        "Methodology",
        max_length=MAX_TEXT,
        rows=12,
        description="Where the numbers are from, how they are counted, and what they do not tell. "
        "Leave a line between paragraphs.",
    )

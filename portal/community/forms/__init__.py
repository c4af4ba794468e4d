"""What the pages of ideas ask for."""

from collections.abc import Sequence
from typing import Any

from portal.community.models import (
    Audience,
    Campaign,
    Idea,
    IdeaStage,
    IdeaState,
    Moderation,
    ReportReason,
)
from portal.community.rules import MAX_TAGS
from portal.community.services import campaigns, posting
from portal.threads.forms import MessageForm
from portal.web.fields import (
    ChoiceField,
    DateField,
    EmailField,
    HiddenField,
    LongTextField,
    TextField,
    WebsiteField,
    WholeNumberField,
    YesNoField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import IMPERSONAL, NoLink, NoPersonalDetail, Required, RequiredChoice

SEEN = "seen"
"""What the form carries once what looks similar was shown."""


class CampaignForm(VersionedForm):
    """What is asked, of whom and when."""

    title = TextField(
        "Name of the campaign",
        [Required("Enter the name of the campaign"), NoLink(), NoPersonalDetail()],
        max_length=120,
    )
    question = LongTextField(
        "What do you ask your staff?",
        [Required("Enter what you ask"), *IMPERSONAL],
        rows=4,
        max_length=2_000,
        what="What you ask",
        description="One question. For example, “What would let people go home a day earlier?”",
    )
    criteria = LongTextField(
        "How do you choose? (optional)",
        IMPERSONAL,
        rows=3,
        max_length=2_000,
        what="How you choose",
        description="What you look at, and what you can pay for or help with",
    )
    audience = ChoiceField(
        "Who is asked?",
        [RequiredChoice("Select who is asked")],
        coerce=Audience,
        what="Who is asked",
    )
    moderation = ChoiceField(
        "When do you look ideas over?",
        [RequiredChoice("Select when you look ideas over")],
        choices=Moderation,
        coerce=Moderation,
        what="When you look ideas over",
    )
    opens_on = DateField("First day for ideas", [Required("Enter the first day")])
    closes_on = DateField(
        "Last day for ideas (optional)",
        description="Leave it empty where ideas are welcome at any time",
        what="The last day",
    )

    def offer(self, audiences: Sequence[Audience]) -> "CampaignForm":
        """Offer these audiences; returns the form."""
        self.audience.choices = [(one, one.label) for one in audiences]
        return self

    def content(self) -> campaigns.Content:
        """Return what was typed."""
        return campaigns.Content(
            title=self.title.data,
            question=self.question.data,
            criteria=self.criteria.data or "",
            audience=self.audience.data,
            moderation=self.moderation.data,
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
        )


def of_campaign(campaign: Campaign) -> dict[str, Any]:
    """Return a campaign as the form's first data."""
    names = (*campaigns.Content.__dataclass_fields__, "version")
    return {name: getattr(campaign, name) for name in names}


class GuestForm(PortalForm):
    """Whom a campaign invites besides."""

    email = EmailField("Their email address", [Required("Enter their email address")])


class IdeaForm(VersionedForm):
    """An idea."""

    title = TextField(
        "Your idea in one line",
        [Required("Enter your idea in one line"), *IMPERSONAL],
        max_length=120,
    )
    problem = LongTextField(
        "What is the problem?",
        [Required("Enter what the problem is"), *IMPERSONAL],
        rows=4,
        max_length=3_000,
        what="The problem",
        description="What happens today, where, and whom it affects",
    )
    words = LongTextField(
        "What is your idea?",
        [Required("Enter your idea"), *IMPERSONAL],
        rows=4,
        max_length=3_000,
        what="Your idea",
        description="What would be done differently",
    )
    benefit = LongTextField(
        "What would be better? (optional)",
        IMPERSONAL,
        rows=2,
        max_length=1_000,
        what="What would be better",
    )
    stage = ChoiceField(
        "How far is it?",
        [RequiredChoice("Select how far it is")],
        choices=IdeaStage,
        coerce=IdeaStage,
        what="How far it is",
    )
    may_join = YesNoField(
        "May others join as co-authors?",
        [RequiredChoice("Select yes if others may join")],
        description="They are named beside you. They cannot change your words",
        inline=True,
    )
    tags = TextField(
        "Tags (optional)",
        IMPERSONAL,
        max_length=160,
        description=f"Up to {MAX_TAGS}, with commas between. For example, discharge, pharmacy",
    )
    looked = HiddenField()
    """`SEEN` once what looks similar was shown."""

    def content(self) -> posting.Content:
        """Return what was typed."""
        return posting.Content(
            title=self.title.data,
            problem=self.problem.data,
            words=self.words.data,
            benefit=self.benefit.data or "",
            stage=self.stage.data,
            may_join=bool(self.may_join.data),
            tags=self.tags.data or "",
        )

    def texts(self) -> dict[str, str]:
        """Return what is compared, right or not."""
        return {name: self._fields[name].data or "" for name in ("title", "problem", "words")}


def of_idea(idea: Idea) -> dict[str, Any]:
    """Return an idea as the form's first data."""
    names = ("title", "problem", "words", "benefit", "stage", "may_join", "version")
    data = {name: getattr(idea, name) for name in names}
    return {**data, "tags": ", ".join(tag.name for tag in idea.tags)}


class StepForm(VersionedForm):
    """A button, with the version that was seen."""


class AnswerForm(VersionedForm):
    """What the authors are told."""

    state = ChoiceField(
        "What becomes of it?",
        [RequiredChoice("Select what becomes of it")],
        choices=[
            (IdeaState.TAKEN_UP, "Taken up", "You make something of it on the next page"),
            (IdeaState.NOT_NOW, "Not now", "Say why"),
            (IdeaState.EXISTS, "Exists already", "Say where"),
        ],
        coerce=IdeaState,
        what="What becomes of it",
    )
    words = LongTextField(
        "What do you tell the authors?",
        [Required("Enter what you tell the authors"), *IMPERSONAL],
        rows=4,
        max_length=2_000,
        what="What you tell the authors",
        description="Everybody who reads the idea reads this",
    )
    exists_innovation = WholeNumberField(
        "Number of its record here (optional)",
        minimum=1,
        maximum=2**31 - 1,
        what="The number of the record",
        description="Where it exists already: the number at the end of the record’s address",
    )
    exists_url = WebsiteField(
        "Or the address of its page elsewhere (optional)", what="The address of its page"
    )


class ReasonForm(VersionedForm):
    """Why an idea is removed."""

    words = LongTextField(
        "Why?",
        [Required("Enter why"), NoPersonalDetail()],
        rows=3,
        max_length=1_000,
        what="The reason",
        description="Its author reads this. Name the rule of the code of conduct",
    )


class AppealForm(PortalForm):
    """Why an author thinks that the removal was wrong."""

    words = LongTextField(
        "Why should it be posted again?",
        [Required("Enter why it should be posted again"), NoPersonalDetail()],
        rows=3,
        max_length=1_000,
        what="Your reason",
    )


class DecideAppealForm(PortalForm):
    """What becomes of an appeal."""

    is_upheld = YesNoField(
        "Is the idea posted again?",
        [RequiredChoice("Select yes if it is posted again")],
        inline=True,
    )
    words = LongTextField(
        "What do you tell its author?",
        [Required("Enter what you tell its author"), NoPersonalDetail()],
        rows=3,
        max_length=1_000,
        what="What you tell its author",
    )


class ReportForm(PortalForm):
    """Why something is against the code of conduct."""

    reason = ChoiceField(
        "What is wrong with it?",
        [RequiredChoice("Select what is wrong with it")],
        choices=ReportReason,
        coerce=ReportReason,
        what="What is wrong with it",
    )
    words = LongTextField(
        "What else should they know? (optional)",
        [NoPersonalDetail()],
        rows=2,
        max_length=500,
        what="What else they should know",
    )


class CommentForm(MessageForm):
    """A comment on an idea."""

    body = LongTextField("Comment", [Required("Enter a comment"), *IMPERSONAL], max_length=2_000)
    readers = "Everybody who reads the idea reads this, with your name."

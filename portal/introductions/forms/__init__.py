"""What introductions ask."""

from collections.abc import Sequence
from typing import Any

from portal.accounts.models import Organisation
from portal.challenges.models import Challenge
from portal.introductions.models import Circle, Introduction, Outcome, Timescale
from portal.threads.forms import MessageForm
from portal.web.fields import (
    ChoiceField,
    ConfirmField,
    DateField,
    LongTextField,
    SelectField,
    TextField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import NotInFuture, Required, RequiredChoice

NO_NAMES = (
    "The innovator reads this before they decide. Say roles, not names: contacts are shared only"
    " when they agree."
)


class AskForm(PortalForm):
    """Why, how soon and who."""

    purpose = LongTextField(
        "What would you like to talk about, and why?",
        [Required("Enter what you would like to talk about")],
        description=NO_NAMES,
        what="The purpose",
    )
    timescale = ChoiceField(
        "How soon would you like to meet?",
        [RequiredChoice("Select how soon you would like to meet")],
        choices=[(timescale.value, timescale.label) for timescale in Timescale],
        coerce=Timescale,
    )
    takes_part = TextField(
        "Who will take part?",
        [Required("Enter who will take part")],
        description="For example: lead for falls, two care home managers, digital lead.",
        what="Who will take part",
    )
    challenge = SelectField(
        "Challenge that it is for (optional)", coerce=int, prompt="No challenge"
    )

    def __init__(self, challenges: Sequence[Challenge], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.challenge.choices = [(challenge.id, challenge.title) for challenge in challenges]


class _Step(VersionedForm):
    """A step with an introduction; carries the version that the person saw."""

    def __init__(self, introduction: Introduction, **data: Any) -> None:
        super().__init__(data={"version": introduction.version, **data})


class TakeForm(VersionedForm):
    """Nothing but the version that was seen."""


class AcceptForm(_Step):
    """What the innovator should know."""

    context = LongTextField(
        "What should the innovator know?",
        [Required("Enter what the innovator should know")],
        description="Who asks, what for and why you think that it fits."
        " The innovator and the ICS read it. Do not name anybody at the ICS.",
        what="The context",
    )


class DeclineForm(_Step):
    """Why not, and what instead."""

    why = LongTextField(
        "Why do you decline?",
        [Required("Enter why you decline")],
        description="The ICS reads this. The innovator is not told.",
    )
    alternatives = LongTextField(
        "What do you suggest instead?",
        [Required("Enter what you suggest instead")],
        description="Other innovations, people or a better time.",
        rows=3,
    )


class AgreeForm(_Step):
    """A yes, knowing what it shares."""

    message = LongTextField(
        "Anything that they should know? (optional)",
        description="When you can meet, for example. The ICS and the networks read it.",
        rows=3,
    )
    shares = ConfirmField(
        "I understand that the ICS will see my name and email address, and I theirs",
        [Required("Select that you understand that contacts are shared")],
    )


class RefuseForm(_Step):
    """A no, with a reason."""

    why = LongTextField(
        "Why do you decline?",
        [Required("Enter why you decline")],
        description="The ICS and the networks read this. No contacts are shared.",
    )


class WithdrawForm(_Step):
    """Why the request is taken back."""

    why = LongTextField(
        "Why do you withdraw it?",
        [Required("Enter why you withdraw it")],
        description="Everybody who knows of the introduction reads this.",
    )


class MetForm(_Step):
    """The day of the meeting."""

    on = DateField(
        "When did you meet?",
        [Required("Enter the day on which you met"), NotInFuture()],
        what="The meeting",
    )


class OutcomeForm(_Step):
    """What came of it, and where."""

    outcome = ChoiceField(
        "What came of it?",
        [RequiredChoice("Select what came of it")],
        choices=Outcome,
        coerce=Outcome,
    )
    why = LongTextField(
        "Why? (optional)",
        description="Needed for “not now” and “nothing suitable”. Everybody in this introduction"
        " reads it.",
        rows=3,
    )
    organisation = SelectField("Organisation that uses it (for a trial or adoption)", coerce=int)
    site = TextField(
        "Ward, practice or site (optional)", description="If it is not the whole organisation."
    )
    from_on = DateField(
        "When did it start? (for a trial or adoption)", [NotInFuture()], what="The start"
    )

    def __init__(self, introduction: Introduction, organisations: Sequence[Organisation]) -> None:
        use = introduction.use
        super().__init__(
            introduction,
            outcome=introduction.outcome,
            organisation=use.organisation_id if use else introduction.organisation_id,
            site=use.site if use else "",
            from_on=use.from_on if use else None,
        )
        self.organisation.choices = [(one.id, one.name) for one in organisations]


class WriteForm(MessageForm):
    """A message to those whom the person may write to now."""

    circle = ChoiceField(
        "Who should read it?", [RequiredChoice("Select who should read it")], coerce=Circle
    )

    def __init__(self, circles: Sequence[Circle]) -> None:
        super().__init__(data={"circle": circles[-1] if len(circles) == 1 else None})
        self.circle.choices = list(circles)
        if len(circles) == 1:
            del self.circle
        self.only = circles[0] if len(circles) == 1 else None

    @property
    def chosen(self) -> Circle:
        """Return to whom the message goes."""
        return self.only or self.circle.data

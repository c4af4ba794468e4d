"""What is asked of teams and their cycles."""

from typing import Any

from portal.clock import today
from portal.improvement.models import Decision, Team, TeamKind, TeamStatus, WithdrawalReason
from portal.improvement.rules.teams import FOLLOWS
from portal.innovations.forms.places import SITES_LOOKED_UP
from portal.web.fields import (
    ChoiceField,
    DateField,
    LongTextField,
    LookupField,
    SelectField,
    TextField,
    WholeNumberField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.lookup_field import is_looking
from portal.web.validators import NoLink, NotInFuture, Required, RequiredChoice

MAX_WAVE = 50


class RecruitForm(PortalForm):
    """A team that is to test."""

    name = TextField(
        "What is the team called?",
        [Required("Enter what the team is called"), NoLink()],
        max_length=100,
        description="The ward, home or practice. For example: Rowan ward.",
    )
    kind = SelectField("What is it?", [RequiredChoice("Select what it is")], choices=list(TeamKind))
    site = LookupField(
        "To which trust, home or practice does it belong? (optional)",
        description="Words of its name, its town or postcode, or its code. Teams of one trust count"
        " as one place.",
        **SITES_LOOKED_UP,
    )
    programme = SelectField("Which programme?", [RequiredChoice("Select a programme")], coerce=int)
    node = SelectField(
        "Whose package does it test? (optional)", coerce=int, prompt="The whole programme's"
    )
    wave = WholeNumberField("Wave (optional)", minimum=1, maximum=MAX_WAVE, what="The wave")
    on = DateField("Since when?", [Required("Enter the day"), NotInFuture()], what="The day")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was chosen; whoever only looks has not finished yet."""
        return not is_looking() and bool(super().validate(extra_validators))


class StatusForm(VersionedForm):
    """Whether a team takes part."""

    stands = ChoiceField(
        "How does it stand now?",
        [RequiredChoice("Select how it stands")],
        coerce=TeamStatus,
    )
    on = DateField("Since when?", [Required("Enter the day"), NotInFuture()], what="The day")
    reason = SelectField("Why did it withdraw? (if it did)", choices=list(WithdrawalReason))
    words = LongTextField("More about it (optional)", rows=2, max_length=500)

    def __init__(self, team: Team, before: TeamStatus, **kwargs: Any) -> None:
        super().__init__(data={"version": team.version, "on": today()}, **kwargs)
        self.stands.choices = list(FOLLOWS[before])

    @property
    def why(self) -> WithdrawalReason | None:
        """Return the reason."""
        return WithdrawalReason(self.reason.data) if self.reason.data else None


class CycleForm(PortalForm):
    """Plan: what is to be tried, and what is expected of it."""

    node = SelectField("Which change idea?", [RequiredChoice("Select a change idea")], coerce=int)
    question = TextField(
        "What do you want to find out?", [Required("Enter what you want to find out")]
    )
    plan = LongTextField(
        "Who does what, where and when?",
        [Required("Enter who does what, where and when")],
        rows=3,
        max_length=1500,
        description="As small as it can be: one patient, one shift, one day.",
    )
    prediction = LongTextField(
        "What do you expect to happen?",
        [Required("Enter what you expect to happen")],
        rows=2,
        max_length=1000,
    )
    measured = TextField("What will you count? (optional)")
    from_on = DateField("From which day?", [Required("Enter the day")], what="The day")


class WriteForm(VersionedForm):
    """Do and study: what happened, and what was found beside what was expected."""

    did = LongTextField(
        "Do: what happened?", [Required("Enter what happened")], rows=3, max_length=1500
    )
    to_on = DateField(
        "Until which day did you test?",
        [Required("Enter the last day"), NotInFuture()],
        what="The last day",
    )
    studied = LongTextField(
        "Study: what did you find, beside what you expected?",
        [Required("Enter what you found")],
        rows=3,
        max_length=1500,
    )


class DecideForm(VersionedForm):
    """Act: adopt, adapt or abandon."""

    decision = ChoiceField(
        "What do you do now?",
        [RequiredChoice("Select what you do")],
        choices=list(Decision),
        coerce=Decision,
    )
    why = LongTextField("Why? (optional)", rows=2, max_length=1000)
    on = DateField(
        "On which day was it decided?",
        [Required("Enter the day"), NotInFuture()],
        what="The day",
    )

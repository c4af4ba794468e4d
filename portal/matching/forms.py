"""What the pages of matches ask for."""

from collections.abc import Sequence
from typing import Any

from portal.accounts.models import Organisation
from portal.challenges.forms.pages import ChallengeForm
from portal.challenges.models import Challenge, Outcome
from portal.innovations.models import Innovation
from portal.matching.engine import Need
from portal.matching.models import Rejection
from portal.web.fields import ChoiceField, DateField, LongTextField, SelectField, TextField
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import IMPERSONAL, NotInFuture, Required, RequiredChoice

COMPARED = ("title", "problem", "who_affected", "tried", "outcome_wanted", "must_haves")


def typed(form: ChallengeForm) -> Need:
    """Return what stands in the form of a challenge, right or not, as the engine takes it."""
    return Need(0, {name: form[name].data or "" for name in COMPARED})


class RejectForm(PortalForm):
    """Why a match is not for us."""

    reason = ChoiceField(
        "Why is it not for you?",
        [RequiredChoice("Select why it is not for you")],
        choices=[(reason.value, reason.label) for reason in Rejection],
    )
    note = LongTextField(
        "What else should your colleagues know? (optional)",
        what="What your colleagues should know",
        max_length=1_000,
        rows=3,
    )

    def chosen(self) -> Rejection:
        """Return the reason that was selected."""
        return Rejection(self.reason.data)


class NoneFitsForm(PortalForm):
    """What is missing from all matches."""

    note = LongTextField(
        "What would fit?",
        [Required("Enter what would fit")],
        what="What would fit",
        max_length=2_000,
        description="What the matches lack, and what you would need instead",
    )


class PublishUnmetForm(PortalForm):
    """What anybody may read of an unmet need."""

    words = LongTextField(
        "What would fit, in words for everybody?",
        [Required("Enter what would fit"), *IMPERSONAL],
        what="What would fit",
        max_length=1_000,
        description="It stands on the public page of your system, with a link to the challenge",
    )


class EnquiryForm(PortalForm):
    """What a HIN is to look for."""

    note = LongTextField(
        "What should they look for? (optional)",
        what="What they should look for",
        max_length=2_000,
        description="They read your challenge or your search beside it",
    )


class AnswerEnquiryForm(VersionedForm):
    """What the HIN found, or that it found nothing."""

    answer = LongTextField(
        "Your answer",
        [Required("Enter your answer")],
        max_length=4_000,
        description="Name no record that its owner does not want ICSs to see: ask them first",
    )


class CloseUnmetForm(PortalForm):
    """What came of an unmet need."""

    note = LongTextField(
        "What came of it?",
        [Required("Enter what came of it"), *IMPERSONAL],
        what="What came of it",
        max_length=2_000,
        description="For example, an innovation that was found since, or where it was passed on to",
    )


class CloseForm(VersionedForm):
    """What came of a challenge and, where it is one innovation, which one and where."""

    outcome = ChoiceField(
        "What came of it?",
        [RequiredChoice("Select what came of it")],
        choices=[(outcome.value, outcome.label) for outcome in Outcome],
        coerce=Outcome,
    )
    innovation = SelectField(
        "Which innovation is it? (optional)",
        coerce=int,
        description="What you shortlisted, and the best matches.",
    )
    outcome_innovation = TextField(
        "Its name, if it is not in the list (optional)",
        what="Its name",
        description="Readers of the challenge see it.",
    )
    organisation = SelectField("Organisation that uses it (optional)", coerce=int)
    site = TextField(
        "Ward, practice or site (optional)",
        IMPERSONAL,
        description="If it is not the whole organisation.",
    )
    from_on = DateField("When did it start? (optional)", [NotInFuture()], what="The start")
    outcome_note = LongTextField(
        "What should others know? (optional)",
        IMPERSONAL,
        what="What others should know",
        max_length=2_000,
        description="What you chose and why, or what was missing",
    )

    def __init__(
        self,
        challenge: Challenge,
        innovations: Sequence[Innovation],
        organisations: Sequence[Organisation],
    ) -> None:
        """Offer the records and places; the place is the challenge's own where it can be one."""
        own = challenge.organisation_id
        super().__init__(data={"version": challenge.version, "organisation": own})
        self.innovation.choices = [(one.id, one.name) for one in innovations]
        self.organisation.choices = [(one.id, one.name) for one in organisations]

    def values(
        self, innovations: Sequence[Innovation], organisations: Sequence[Organisation]
    ) -> dict[str, Any]:
        """Return what the service takes."""
        return {
            "outcome": self.outcome.data,
            "innovation": {one.id: one for one in innovations}.get(self.innovation.data),
            "name": self.outcome_innovation.data or "",
            "organisation": {one.id: one for one in organisations}.get(self.organisation.data),
            "site": self.site.data or "",
            "from_on": self.from_on.data,
            "note": self.outcome_note.data or "",
            "version": -1 if self.version.data is None else self.version.data,
        }

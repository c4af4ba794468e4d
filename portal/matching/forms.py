"""What the pages of matches ask for."""

from portal.challenges.forms.pages import ChallengeForm
from portal.matching.engine import Need
from portal.matching.models import Rejection
from portal.web.fields import ChoiceField, LongTextField
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import Required, RequiredChoice

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
        [Required("Enter what came of it")],
        what="What came of it",
        max_length=2_000,
        description="For example, an innovation that was found since, or where it was passed on to",
    )

"""What is asked when a HIN proposes something to another, and when it answers."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from wtforms.validators import ValidationError

from portal.db import id_from
from portal.reference.models import Hin
from portal.support.models import Proposal, ProposalKind
from portal.web.fields import ChoiceField, ConfirmField, HiddenField, LongTextField, SelectField
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import Required, RequiredChoice

KINDS: Mapping[ProposalKind, tuple[str, str]] = {
    ProposalKind.JOINT: ("Joint work", "Both networks work with it"),
    ProposalKind.HANDOVER: ("Handover", "The other takes it over; your engagement closes"),
}


class ProposeForm(PortalForm):
    """What, to whom, and in which words."""

    kind = ChoiceField(
        "What do you propose?",
        [RequiredChoice("Select what you propose")],
        coerce=ProposalKind,
    )
    to_hin = SelectField("To which network?", [RequiredChoice("Select a network")], coerce=int)
    words = LongTextField(
        "Why, and how would you share the work?",
        [Required("Enter why, and how you would share the work")],
        description="Only staff of both networks and the national team read this.",
        max_length=2000,
    )

    def __init__(self, hins: Iterable[Hin], kinds: Collection[ProposalKind], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = [(kind.value, *words) for kind, words in KINDS.items() if kind in kinds]
        self.to_hin.choices = [(hin.id, hin.name) for hin in hins]


YES, NO = "accept", "decline"


class AnswerForm(VersionedForm):
    """Yes or no, with words; whoever accepts has seen which networks are engaging."""

    decision = ChoiceField(
        "What is your answer?",
        [RequiredChoice("Select your answer")],
        choices=[(YES, "Accept"), (NO, "Decline")],
    )
    answer = LongTextField(
        "Your words to the other network",
        description="Needed when you decline. Only staff of both networks and the nation read it.",
        rows=3,
        max_length=2000,
    )
    known = HiddenField()
    is_understood = ConfirmField("I have seen which networks are engaging with it")

    def __init__(self, proposal: Proposal, beside: Iterable[int], **kwargs: Any) -> None:
        shown = ",".join(str(hin_id) for hin_id in beside)
        super().__init__(data={"version": proposal.version, "known": shown}, **kwargs)

    def validate_answer(self, field: LongTextField) -> None:
        """A no needs its reason."""
        if self.decision.data == NO and not field.data:
            raise ValidationError("Enter why you decline")

    def validate_is_understood(self, field: ConfirmField) -> None:
        """A yes beside others is given knowingly."""
        if self.decision.data == YES and self.hin_ids and not field.data:
            raise ValidationError("Select that you have seen which networks are engaging with it")

    def show_beside(self, beside: Iterable[int]) -> None:
        """Carry the networks that the page shows now, to be confirmed once more."""
        self.known.data = ",".join(str(hin_id) for hin_id in beside)
        self.is_understood.data = False

    @property
    def hin_ids(self) -> set[int]:
        """Return the HINs that the page showed as engaging."""
        return {found for part in (self.known.data or "").split(",") if (found := id_from(part))}

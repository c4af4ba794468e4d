"""What is asked of a proposal: what it is, who assesses it, scores, weights, the decision."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.accounts.models import User
from portal.programmes.models import ProposalDecision, SelectionCriterion
from portal.programmes.models.proposals import MOST
from portal.programmes.rules.proposals import MOST_WEIGHT
from portal.web.fields import (
    ChoiceField,
    LongTextField,
    SelectField,
    TextField,
    WholeNumberField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import Required, RequiredChoice


class ProposalForm(PortalForm):
    """What is put forward: a record, or something in words alone."""

    innovation = WholeNumberField(
        "Number of its record (optional)",
        minimum=1,
        maximum=2**31 - 1,
        description="The number at the end of the address of its record here.",
        what="The number of the record",
    )
    title = TextField("What is to be spread?", [Required("Enter what is to be spread")])
    words = LongTextField("Why, and where? (optional)", rows=4, max_length=2000)


class AskForm(PortalForm):
    """Who is asked to assess it."""

    user_id = SelectField(
        "Who is to assess it?",
        [RequiredChoice("Select who is to assess it")],
        coerce=int,
        prompt="Select a person",
        what="Person",
    )

    def offer(self, people: Sequence[User]) -> None:
        """Offer these people."""
        self.user_id.choices = [(one.id, one.name) for one in people]


class DeclareForm(VersionedForm):
    """Whether the assessor has a conflict of interest."""

    conflict = ChoiceField(
        "Do you have a conflict of interest?",
        [RequiredChoice("Select whether you have a conflict of interest")],
        choices=[("no", "No"), ("yes", "Yes", "You then do not score this proposal.")],
        description="For example: you work with the maker, or hold a share in it.",
    )
    words = LongTextField("What is it? (needed if yes)", rows=2, max_length=500)


class ScoresForm(VersionedForm):
    """The scores of a proposal; `scores_form` adds a score and words for each criterion."""

    def scores(self, criteria: Sequence[SelectionCriterion]) -> dict[int, tuple[int, str]]:
        """Return the scores and words by the id of the criterion."""
        return {
            one.id: (
                int(self._fields[f"score_{one.code}"].data),
                self._fields[f"words_{one.code}"].data or "",
            )
            for one in criteria
        }


def scores_form(
    criteria: Sequence[SelectionCriterion], known: Mapping[str, list[str]]
) -> type[ScoresForm]:
    """Return the form with the fields of each criterion, what the portal knows beside each."""
    fields: dict[str, Any] = {}
    for one in criteria:
        told = known.get(one.code) or ["nothing by itself"]
        fields[f"score_{one.code}"] = ChoiceField(
            one.name,
            [RequiredChoice(f"Select a score for “{one.name}”")],
            choices=[(n, f"{n}: {one.meanings[n]}") for n in range(MOST + 1)],
            description=f"{one.asks} Look at: {one.evidence}. The portal knows: {'; '.join(told)}.",
        )
        fields[f"words_{one.code}"] = LongTextField(
            f"Evidence for “{one.name}” (optional)", rows=2, max_length=1000
        )
    return type("ScoresForm", (ScoresForm,), fields)


class WeightsForm(VersionedForm):
    """How much each criterion counts; `weights_form` adds a number for each. The version is the
    number of the weights that were shown, 0 for none."""

    def weights(self, criteria: Sequence[SelectionCriterion]) -> dict[str, int]:
        """Return the weights by the code of the criterion."""
        return {one.code: self._fields[f"weight_{one.code}"].data for one in criteria}


def weights_form(criteria: Sequence[SelectionCriterion]) -> type[WeightsForm]:
    """Return the form with a number for each criterion."""
    fields: dict[str, Any] = {
        f"weight_{one.code}": WholeNumberField(
            one.name,
            [Required(f"Enter a weight for “{one.name}”")],
            maximum=MOST_WEIGHT,
            what=f"The weight of “{one.name}”",
        )
        for one in criteria
    }
    fields["why"] = LongTextField("Why? (optional)", rows=2, max_length=500)
    return type("WeightsForm", (WeightsForm,), fields)


class DecideForm(VersionedForm):
    """What is decided, why, and what people are told."""

    outcome = ChoiceField(
        "What is decided?",
        [RequiredChoice("Select what is decided")],
        choices=[
            (ProposalDecision.CHOOSE, "Choose it"),
            (ProposalDecision.NOT_NOW, "Not now"),
            (ProposalDecision.NO, "Do not choose it"),
        ],
        coerce=ProposalDecision,
    )
    why = LongTextField("Reasons, for staff", [Required("Enter the reasons")], max_length=2000)
    feedback = LongTextField(
        "Feedback",
        [Required("Enter the feedback")],
        description="Sent to who proposed it and to the people of the record.",
        max_length=2000,
    )

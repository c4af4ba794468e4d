"""What the challenge pages ask for."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.challenges.models import Challenge, Readers
from portal.challenges.rules import LABELS, VOCABULARIES, grouped
from portal.challenges.services import COLUMNS, Content
from portal.reference.models import Term, Vocabulary
from portal.web.fields import (
    ChoiceField,
    DateField,
    EmailField,
    LongTextField,
    MultiChoiceField,
    TextField,
    WholeNumberField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import NoPersonalDetail, NotInPast, Required, RequiredChoice

MAX_TITLE_LENGTH = 120


class ChallengeForm(VersionedForm):
    """The template of a challenge. A draft needs its title only; opening needs more."""

    when_outdated = ""

    title = TextField(
        "The challenge in one line",
        [Required("Enter the challenge in one line"), NoPersonalDetail()],
        what="The challenge in one line",
        max_length=MAX_TITLE_LENGTH,
        description="Say what is wrong, not what to buy. For example, “People with heart failure "
        "feel alone once they leave hospital”",
    )
    problem = LongTextField(
        "What is the problem?",
        [NoPersonalDetail()],
        what="The problem",
        description="What happens today, where, and why it matters",
    )
    who_affected = LongTextField(
        "Who is affected?",
        [NoPersonalDetail()],
        what="Who is affected",
        rows=3,
        max_length=1_000,
        description="Patients, carers or staff, and any group that is worse off",
    )
    how_many = WholeNumberField(
        "How many people are affected in a year? (optional)",
        what="The number of people",
        description="Your best estimate",
    )
    tried = LongTextField(
        "What has been tried? (optional)",
        [NoPersonalDetail()],
        what="What has been tried",
        rows=4,
        description="And why it was not enough",
    )
    outcome_wanted = LongTextField(
        "What outcome do you want?",
        [NoPersonalDetail()],
        what="The outcome you want",
        rows=4,
        description="How you would know that the problem is smaller, with a number if there is one",
    )
    must_haves = LongTextField(
        "What must any answer have, and what are the limits? (optional)",
        [NoPersonalDetail()],
        what="Must-haves and limits",
        rows=4,
        description="For example, works with the shared care record, or no new device for patients",
    )
    care_setting = MultiChoiceField("Care settings (optional)")
    condition = MultiChoiceField("Conditions (optional)")
    area = MultiChoiceField("Areas (optional)")
    purpose = MultiChoiceField("What the answer should do (optional)")
    needed_by = DateField(
        "When do you need an answer? (optional)", [NotInPast()], what="The date you need an answer"
    )
    contact_name = TextField("Name of the person to contact (optional)", what="The contact’s name")
    contact_email = EmailField("Their email address (optional)", what="The contact’s email address")
    readers = ChoiceField(
        "Who may read it once it is open?",
        [RequiredChoice("Select who may read it")],
        choices=[(readers.value, readers.label) for readers in Readers],
    )

    def offer(self, terms: Mapping[Vocabulary, Sequence[Term]]) -> "ChallengeForm":
        """Offer these terms; returns the form."""
        self._terms = {(v, term.code): term for v in VOCABULARIES for term in terms[v]}
        for vocabulary in VOCABULARIES:
            self._fields[vocabulary.value].choices = _choices(vocabulary, terms[vocabulary])
        return self

    def content(self) -> Content:
        """Return what was typed as a service takes it."""
        plain = {name: self._fields[name].data for name in COLUMNS if name != "readers"}
        texts: dict[str, Any] = {name: "" if data is None else data for name, data in plain.items()}
        texts |= {name: plain[name] for name in ("how_many", "needed_by")}
        return Content(**texts, readers=Readers(self.readers.data), terms=self._chosen())

    def _chosen(self) -> list[Term]:
        return [
            self._terms[vocabulary, code]
            for vocabulary in VOCABULARIES
            for code in self._fields[vocabulary.value].data or ()
        ]

    def differences(self, challenge: Challenge) -> list[tuple[str, Any, Any]]:
        """Return `(label, stored now, typed here)` for every answer that differs, and take up the
        stored version: sending the form once more overwrites it knowingly."""
        self.version.data = challenge.version
        stored, typed = stated(challenge), self._stated()
        return [
            (LABELS[name], stored[name], typed[name])
            for name in LABELS
            if name in typed and stored[name] != typed[name]
        ]

    def _stated(self) -> dict[str, Any]:
        content = self.content()
        return _shown({name: getattr(content, name) for name in COLUMNS}, grouped(content.terms))


def stated(challenge: Challenge) -> dict[str, Any]:
    """Return every answer of the challenge as it is shown, by the name of its field."""
    return _shown({name: getattr(challenge, name) for name in COLUMNS}, grouped(challenge.terms))


def _shown(plain: dict[str, Any], coded: Mapping[Vocabulary, list[str]]) -> dict[str, Any]:
    shown = dict(plain, readers=plain["readers"].label)
    return shown | {v.value: ", ".join(sorted(labels)) for v, labels in coded.items()}


def _choices(vocabulary: Vocabulary, terms: Sequence[Term]) -> list[Any]:
    """Return conditions under their groups, everything else flat."""
    if vocabulary is not Vocabulary.CONDITION:
        return [(term.code, term.label, term.definition) for term in terms]
    groups: dict[str, list[Any]] = {}
    for term in terms:
        groups.setdefault(term.group, []).append((term.code, term.label))
    return list(groups.items())


def filled_in(challenge: Challenge) -> dict[str, Any]:
    """Return the challenge's answers as the form's first data."""
    data = {name: getattr(challenge, name) for name in COLUMNS}
    codes: dict[str, list[str]] = {vocabulary.value: [] for vocabulary in VOCABULARIES}
    for term in challenge.terms:
        codes[term.vocabulary.value].append(term.code)
    return {**data, **codes, "readers": challenge.readers.value, "version": challenge.version}


class DeleteForm(PortalForm):
    """Deleting a draft: a button."""


class MoveForm(VersionedForm):
    """Opening a draft, or opening a closed challenge again: a button, with the version seen."""

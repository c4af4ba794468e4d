"""What the pages of a call ask for."""

from collections.abc import Sequence
from typing import Any

from portal.challenges.models import Call
from portal.challenges.models.calls import MAX_WEIGHT
from portal.challenges.rules.calls import MAX_CRITERIA, PLAIN, Terms
from portal.reference.models import Hin
from portal.web.fields import (
    DateField,
    LongTextField,
    SelectField,
    TextField,
    WebsiteField,
    WholeNumberField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import IMPERSONAL, NotInPast, Required


class TermsForm(VersionedForm):
    """What a call lays down; `terms_form` adds its criteria."""

    opens_on = DateField(
        "From which day may it be answered?",
        [Required("Enter the day on which it opens")],
        what="The day on which it opens",
    )
    closes_on = DateField(
        "What is the last day for answers?",
        [Required("Enter the last day for answers"), NotInPast()],
        what="The last day for answers",
    )
    questions_by = DateField(
        "What is the last day for questions?",
        [Required("Enter the last day for questions")],
        what="The last day for questions",
    )
    replies_by = DateField(
        "By which day do you answer all questions?",
        [Required("Enter the day by which you answer all questions")],
        description="On the public page, for everybody. On or before the last day for answers",
        what="The day by which you answer all questions",
    )
    who_may = LongTextField(
        "Who may answer?",
        [Required("Enter who may answer"), *IMPERSONAL],
        rows=2,
        max_length=1_000,
        description="For example: any innovator with a product in use in at least one NHS trust",
        what="Who may answer",
    )
    what_then = LongTextField(
        "What happens then?",
        [Required("Enter what happens then"), *IMPERSONAL],
        rows=3,
        max_length=2_000,
        description="Who assesses, when you meet those who fit, and what you offer: a trial, say",
        what="What happens then",
    )
    budget = TextField(
        "Is there a budget? (optional)",
        IMPERSONAL,
        what="The budget",
        description="For example: up to £40,000 for a trial of six months. Leave it empty if none",
    )
    contact_hin_id = SelectField(
        "Which Health Innovation Network may people turn to? (optional)",
        coerce=int,
        prompt="None",
        what="The network",
    )
    notice_url = WebsiteField(
        "Address of the notice on Find a Tender (optional)",
        what="The address of the notice",
        description="Where you published a preliminary market engagement notice",
    )

    def offer(self, networks: Sequence[Hin]) -> "TermsForm":
        """Offer these networks."""
        self.contact_hin_id.choices = [(hin.id, hin.name) for hin in networks]
        return self

    def terms(self) -> Terms:
        """Return what was typed."""
        plain = {name: self._fields[name].data for name in PLAIN}
        texts = {name: plain[name] or "" for name in ("budget", "notice_url")}
        typed = [
            (self._fields[f"criterion_{n}"].data, self._fields[f"weight_{n}"].data)
            for n in range(1, MAX_CRITERIA + 1)
        ]
        criteria = tuple((name, weight or 1) for name, weight in typed if name)
        return Terms(**{**plain, **texts}, criteria=criteria)


def _criteria() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for n in range(1, MAX_CRITERIA + 1):
        fields[f"criterion_{n}"] = TextField(
            f"Criterion {n}" + ("" if n == 1 else " (optional)"),
            [Required("Enter at least one criterion"), *IMPERSONAL] if n == 1 else IMPERSONAL,
            max_length=120,
            what=f"Criterion {n}",
        )
        fields[f"weight_{n}"] = WholeNumberField(
            f"Weight of criterion {n}, 1 to {MAX_WEIGHT} (1 if you leave it empty)",
            minimum=1,
            maximum=MAX_WEIGHT,
            what=f"The weight of criterion {n}",
        )
    return fields


CallForm: type[TermsForm] = type("CallForm", (TermsForm,), _criteria())
"""The terms of a call that is not published, with its criteria."""
AmendForm: type[TermsForm] = type(
    "AmendForm",
    (TermsForm,),
    {
        **_criteria(),
        "why": LongTextField(
            "Why is the call changed?",
            [Required("Enter why the call is changed"), *IMPERSONAL],
            rows=2,
            max_length=1_000,
            description="Everybody who follows or answered the call is told",
            what="The reason",
        ),
    },
)
"""The same of a published call: what changes is an amendment."""


def filled_in(call: Call | None) -> dict[str, Any]:
    """Return the terms of a call as the form's first data."""
    if call is None:
        return {"version": 0}
    data: dict[str, Any] = {name: getattr(call, name) for name in PLAIN}
    for n, one in enumerate(call.criteria, start=1):
        data |= {f"criterion_{n}": one.name, f"weight_{n}": one.weight}
    return {**data, "version": call.version}


class QuestionForm(PortalForm):
    """A question that everybody reads with its answer."""

    question = LongTextField(
        "Your question",
        [Required("Enter your question"), *IMPERSONAL],
        rows=3,
        max_length=1_000,
        description="Published with its answer, without your name or organisation. Say nothing that"
        " tells who you are",
    )


class ReplyForm(PortalForm):
    """The answer to a question, which everybody reads."""

    answer = LongTextField(
        "Your answer",
        [Required("Enter your answer"), *IMPERSONAL],
        rows=4,
        max_length=2_000,
        description="The question and your answer are published together",
    )


class CameOfItForm(VersionedForm):
    """What came of a call, later."""

    words = LongTextField(
        "What came of it?",
        [Required("Enter what came of it"), *IMPERSONAL],
        rows=5,
        max_length=2_000,
        description="Anyone reads this. For example: what the trial showed, and what you do now",
        what="What came of it",
    )

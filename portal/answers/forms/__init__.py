"""What the pages of answers ask for."""

from collections.abc import Sequence
from typing import Any

from portal.accounts.models import User
from portal.answers.models import Answer, DeclineReason, Meets
from portal.answers.rules import OFFERED_REASONS
from portal.answers.rules.assessing import MEANINGS, Criterion
from portal.answers.services.answering import Content
from portal.challenges.models import CallResult
from portal.introductions.models import Timescale
from portal.threads.forms import MessageForm
from portal.web.fields import (
    ChoiceField,
    LongTextField,
    MoneyField,
    MultiChoiceField,
    TextField,
    YesNoField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import IMPERSONAL, Required, RequiredChoice

NO_CONTACTS = "No names or contacts: these are shared when both sides agree to meet"
TOLD = "The innovator reads this."


class AnswerForm(VersionedForm):
    """What an answer says; `answer_form` adds two fields for each must-have."""

    evidence = LongTextField(
        "What is the evidence?",
        IMPERSONAL,
        rows=5,
        description="From your record. Keep what matters for this challenge",
        what="The evidence",
    )
    where_it_runs = LongTextField(
        "Where does it run today? (optional)",
        IMPERSONAL,
        rows=3,
        max_length=2_000,
        description="From your record",
        what="Where it runs",
    )
    asked_of_ics = LongTextField(
        "What would you need from them?",
        IMPERSONAL,
        rows=3,
        max_length=2_000,
        description="People, data, time, money: what they would have to bring to use or try it",
        what="What you would need",
    )
    cost_from = MoneyField(
        "Lowest cost in a year (optional)",
        what="The lowest cost",
        description="In confidence: only those who state the challenge and assess answers see it",
    )
    cost_to = MoneyField("Highest cost in a year (optional)", what="The highest cost")
    cost_note = TextField(
        "What does the cost depend on? (optional)",
        IMPERSONAL,
        max_length=300,
        description="In confidence too",
        what="What the cost depends on",
    )
    asked: Sequence[str] = ()

    def content(self) -> Content:
        """Return what was typed."""
        return Content(
            points=[
                (self._fields[f"meets_{n}"].data, self._fields[f"words_{n}"].data or "")
                for n in range(1, len(self.asked) + 1)
            ],
            evidence=self.evidence.data or "",
            where_it_runs=self.where_it_runs.data or "",
            asked_of_ics=self.asked_of_ics.data or "",
            cost_from=self.cost_from.data,
            cost_to=self.cost_to.data,
            cost_note=self.cost_note.data or "",
        )

    def is_ready(self) -> bool:
        """Whether it may be sent; says beside each field what is missing."""
        for n, asked in enumerate(self.asked, start=1):
            if self._fields[f"meets_{n}"].data is None:
                self.refuse(f"Select whether it meets “{asked}”", f"meets_{n}")
        if not self.evidence.data:
            self.refuse("Enter the evidence", "evidence")
        if not self.asked_of_ics.data:
            self.refuse("Enter what you would need from them", "asked_of_ics")
        return not self.problems


def answer_form(asked: Sequence[str]) -> type[AnswerForm]:
    """Return the form with the fields of each must-have."""
    fields: dict[str, Any] = {"asked": tuple(asked)}
    for n, words in enumerate(asked, start=1):
        fields[f"meets_{n}"] = ChoiceField(
            words, choices=Meets, coerce=Meets, inline=True, small=True, what="Whether it is met"
        )
        fields[f"words_{n}"] = LongTextField(
            f"How does it meet must-have {n}? (optional)",
            IMPERSONAL,
            rows=2,
            max_length=1_000,
            what=f"How it meets must-have {n}",
        )
    return type("AnswerForm", (AnswerForm,), fields)


def filled_in(content: Content, version: int) -> dict[str, Any]:
    """Return an answer as the form's first data."""
    names = ("evidence", "where_it_runs", "asked_of_ics", "cost_from", "cost_to", "cost_note")
    data: dict[str, Any] = {name: getattr(content, name) for name in names}
    for n, (meets, words) in enumerate(content.points, start=1):
        data |= {f"meets_{n}": meets, f"words_{n}": words}
    return {**data, "version": version}


def content_of(answer: Answer) -> Content:
    """Return what an answer says now."""
    return Content(
        points=[(one.meets, one.words) for one in answer.points],
        evidence=answer.evidence,
        where_it_runs=answer.where_it_runs,
        asked_of_ics=answer.asked_of_ics,
        cost_from=answer.cost_from,
        cost_to=answer.cost_to,
        cost_note=answer.cost_note,
    )


class Step(VersionedForm):
    """A step with an answer; carries the version that the person saw."""

    def __init__(self, answer: Answer, **data: Any) -> None:
        super().__init__(data={"version": answer.version, **data})


class SendBackForm(Step):
    """What the network tells the innovator."""

    words = LongTextField(
        "What should they know or change?",
        [Required("Enter what they should know or change"), *IMPERSONAL],
        description=f"{TOLD} They may change their answer and send it again",
        what="What you write",
    )


class TellClosedForm(Step):
    """Why an answer did not reach those who stated the challenge."""

    words = LongTextField(
        "What would help them?",
        [Required("Enter what would help them"), *IMPERSONAL],
        max_length=2_000,
        description=f"{TOLD} Why it was not passed on before, and where their innovation may fit",
        what="What you write",
    )


class DeclineForm(Step):
    """Why not."""

    reason = ChoiceField(
        "What is the reason?",
        [RequiredChoice("Select the reason")],
        choices=[(one.value, one.label) for one in OFFERED_REASONS],
        coerce=DeclineReason,
    )
    words = LongTextField(
        "Why, in your words?",
        [Required("Enter why, in your words"), *IMPERSONAL],
        max_length=2_000,
        description=f"{TOLD} Say what would have made the difference",
        what="Why, in your words",
    )


class InviteForm(Step):
    """Why they should meet, how soon and with whom."""

    words = LongTextField(
        "What would you like to talk about?",
        [Required("Enter what you would like to talk about"), *IMPERSONAL],
        max_length=2_000,
        description=f"{TOLD} {NO_CONTACTS}",
        what="What you would like to talk about",
    )
    timescale = ChoiceField(
        "How soon would you like to meet?",
        [RequiredChoice("Select how soon you would like to meet")],
        choices=[(one.value, one.label) for one in Timescale],
        coerce=Timescale,
    )
    takes_part = TextField(
        "Who will take part?",
        [Required("Enter who will take part"), *IMPERSONAL],
        description="Roles, not names. For example: lead for falls, two care home managers",
        what="Who will take part",
    )


class ResultForm(VersionedForm):
    """What came of a call."""

    result = ChoiceField(
        "What came of the call?",
        [RequiredChoice("Select what came of the call")],
        choices=CallResult,
        coerce=CallResult,
    )
    words = LongTextField(
        "What should everybody know?",
        [Required("Enter what everybody should know"), *IMPERSONAL],
        max_length=2_000,
        description="Anyone reads this, with how many answered, were assessed, met and were chosen",
        what="What everybody should know",
    )

    def while_it_runs(self, *, runs: bool) -> "ResultForm":
        """Offer only that it is cancelled while a call runs: the rest comes after its last day."""
        if runs:
            self.result.choices = [(CallResult.CANCELLED.value, CallResult.CANCELLED.label)]
            self.result.data = CallResult.CANCELLED
        return self


class AssessorsForm(PortalForm):
    """Who is asked to assess the answers."""

    people = MultiChoiceField(
        "Who assesses the answers?",
        [RequiredChoice("Select who assesses the answers")],
        coerce=int,
        description="Each scores every answer, and sees the scores of others when all are in",
        what="Who assesses the answers",
    )

    def offer(self, people: Sequence[User], own_id: int | None) -> "AssessorsForm":
        """Offer these people."""
        self.people.choices = [
            (one.id, f"{one.name} (you)" if one.id == own_id else one.name) for one in people
        ]
        return self


class DeclareForm(VersionedForm):
    """Whether an assessor has an interest."""

    has_interest = YesNoField(
        "Do you have an interest in one of the answers?",
        [RequiredChoice("Select whether you have an interest")],
        description="For example: you work with a company that answered, or hold a share in it. Who"
        " has one does not score",
    )
    words = LongTextField(
        "What is your interest? (needed if yes)", rows=2, max_length=500, what="Your interest"
    )


class ScoreForm(PortalForm):
    """The scores of one answer; `score_form` adds one for each criterion."""

    criteria: Sequence[Criterion] = ()
    words = LongTextField(
        "Why? (optional)",
        rows=3,
        max_length=1_000,
        description="Those who state the challenge and the other assessors read it once all are in",
        what="Why",
    )

    def scores(self) -> dict[str, int]:
        """Return the scores by the key of the criterion."""
        return {one.key: self._fields[f"score_{one.key}"].data for one in self.criteria}


def score_form(criteria: Sequence[Criterion]) -> type[ScoreForm]:
    """Return the form with the fields of each criterion."""
    fields: dict[str, Any] = {"criteria": tuple(criteria)}
    for one in criteria:
        fields[f"score_{one.key}"] = ChoiceField(
            f"{one.name} (weight {one.weight})",
            [RequiredChoice(f"Select a score for “{one.name}”")],
            choices=list(enumerate(MEANINGS)),
            coerce=int,
            small=True,
        )
    return type("ScoreForm", (ScoreForm,), fields)


class WriteForm(MessageForm):
    """A message to the other side, whose people are not known yet."""

    body = LongTextField(
        "Message",
        [Required("Enter a message"), *IMPERSONAL],
        max_length=2_000,
        description=NO_CONTACTS,
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.body.description = NO_CONTACTS

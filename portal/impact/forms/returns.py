"""What a company is asked, and what networks and the national team enter about returns."""

from decimal import Decimal
from typing import Any

from markupsafe import Markup
from wtforms import Field

from portal.clock import PartialDate
from portal.impact.models import InvestmentKind, ReturnCampaign
from portal.impact.rules.given import ReturnAnswers, unanswered
from portal.web.fields import (
    ChoiceField,
    DateField,
    EmailField,
    LongTextField,
    MultiChoiceField,
    PartialDateField,
    SelectField,
    TextField,
    WholeNumberField,
    YesNoField,
)
from portal.web.fields import DecimalField as NumberField
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import NotInFuture, Required, RequiredChoice

OWED = (
    (0, "None: it would have come all the same"),
    (10, "A little (10%)"),
    (25, "Some (25%)"),
    (50, "About half (50%)"),
    (75, "Most (75%)"),
    (100, "All of it (100%)"),
)
MAX_JOBS = Decimal(100_000)


class JobsField(NumberField):
    """Full-time equivalents, in whole and half jobs."""

    kind, example = "whole or half jobs", "2 or 2.5"

    def read(self, plain: str) -> Decimal:
        """Return the jobs; quarters of one are refused."""
        found = super().read(plain)
        if not isinstance(found, Decimal) or found * 2 % 1:
            raise self.wrong()
        return found


def _pounds(label: str) -> WholeNumberField:
    return WholeNumberField(label, minimum=1, prefix="£", what=label)


def _day(kind: str) -> PartialDateField:
    return PartialDateField(
        "When? (month and year are enough; of several, the largest)",
        [NotInFuture()],
        what=f"The date of {kind}",
    )


class AnswerForm(VersionedForm):
    """The one set of questions of every company."""

    jobs_created = JobsField("Jobs created", maximum=MAX_JOBS, what="Jobs created")
    jobs_safeguarded = JobsField(
        "Jobs safeguarded",
        maximum=MAX_JOBS,
        description="Jobs that would have been lost. The same job never in both.",
        what="Jobs safeguarded",
    )
    kinds = MultiChoiceField(
        "What money came to the company? (optional)",
        choices=[(kind.value, kind.label) for kind in InvestmentKind],
    )
    grant, grant_on = _pounds("Grants, in pounds"), _day("grants")
    equity, equity_on = _pounds("Equity, in pounds"), _day("equity")
    sales, sales_on = _pounds("Sales, in pounds"), _day("sales")
    contract, contract_on = _pounds("Contracts, in pounds"), _day("contracts")
    other, other_on = _pounds("Other investment, in pounds"), _day("other investment")
    share_owed = ChoiceField(
        "How much of all this do you owe to the support?", choices=OWED, coerce=int
    )
    evidence = LongTextField(
        "What shows it? (optional)",
        rows=3,
        max_length=2000,
        description="For example the name of the grant, or a web address.",
    )
    may_publish = YesNoField("May we publish your answer under your company’s name?")
    spoken_to = TextField("Whom did you speak to, and when?", max_length=200)

    def revealed(self) -> dict[str, Markup]:
        """Return what each kind of money shows below its box: pounds and date."""
        found = ((kind.value, self._money(kind)) for kind in InvestmentKind)
        return {value: pounds() + day() for value, (pounds, day) in found}

    def _money(self, kind: InvestmentKind) -> tuple[Field, Field]:
        return self._fields[kind.value], self._fields[f"{kind.value}_on"]

    def is_right(self, *, hands_in: bool) -> bool:
        """Whether it was sent and nothing is wrong; all that is wrong is said at once."""
        if not self.is_submitted():
            return False
        self.validate()
        self._match_money()
        if hands_in:
            self._find_unanswered()
        return not self.errors

    def _find_unanswered(self) -> None:
        for name, words in unanswered(self.given, by_phone=bool(self.spoken_to)):
            if not self._fields[name].errors:
                self.refuse(words, name)

    def _match_money(self) -> None:
        """Say which chosen kind of money lacks its pounds or date, and which other has pounds."""
        for kind in InvestmentKind:
            pounds, day = self._money(kind)
            is_chosen = kind.value in (self.kinds.data or ())
            if pounds.errors or day.errors:
                continue
            if is_chosen and pounds.data is None:
                self.refuse(f"Enter the pounds of {kind.label.lower()}", kind.value)
            elif is_chosen and day.data is None:
                self.refuse(f"Enter when {kind.label.lower()} came", f"{kind.value}_on")
            elif not is_chosen and pounds.data is not None:
                self.refuse(f"Select {kind.label.lower()}, or take the pounds out", "kinds")

    @property
    def given(self) -> ReturnAnswers:
        """Return what was typed as the service takes it."""
        chosen = [kind for kind in InvestmentKind if kind.value in (self.kinds.data or ())]
        return ReturnAnswers(
            jobs_created=_jobs(self.jobs_created.data),
            jobs_safeguarded=_jobs(self.jobs_safeguarded.data),
            share_owed=self.share_owed.data,
            investments={
                kind: (self._fields[kind.value].data, self._fields[f"{kind.value}_on"].data)
                for kind in chosen
            },
            evidence=self.evidence.data or "",
            may_publish=self.may_publish.data,
            spoken_to=self.spoken_to.data or "" if self.spoken_to else "",
        )


def _jobs(typed: object) -> float | None:
    """Return a number of jobs; None for none, and for text that is no number, which its field says
    already."""
    return float(typed) if isinstance(typed, Decimal) else None


def shown(version: int, given: ReturnAnswers) -> dict[str, Any]:
    """Return what the form shows of an answer."""
    found: dict[str, Any] = {
        "version": version,
        "kinds": [kind.value for kind in given.investments],
        **{name: _typed(getattr(given, name)) for name in ("jobs_created", "jobs_safeguarded")},
        **{name: getattr(given, name) for name in ("share_owed", "evidence", "may_publish")},
        "spoken_to": given.spoken_to,
    }
    for kind, (pounds, day) in given.investments.items():
        found |= {kind.value: pounds, f"{kind.value}_on": day}
    return found


def _typed(jobs: float | None) -> Decimal | None:
    """Return jobs as people write them: 2 and 2.5, never 2.0."""
    return None if jobs is None else Decimal(f"{jobs:g}" if jobs < MAX_JOBS else str(jobs))


class AskBackForm(VersionedForm):
    """What a network wants to know."""

    words = LongTextField(
        "What do you want to know?",
        [Required("Enter what you want to know")],
        rows=4,
        max_length=2000,
        description="The company reads it as you write it, in an email and on its page.",
    )


class CheckForm(VersionedForm):
    """Accept an answer as it was seen."""


class SendLinkForm(PortalForm):
    """To whom the link goes."""

    email = EmailField("Email address of somebody at the company", [Required("Enter the address")])


class HeardForm(PortalForm):
    """Investment that a network heard of."""

    kind = ChoiceField(
        "What money is it?",
        [RequiredChoice("Select what money it is")],
        choices=list(InvestmentKind),
        coerce=InvestmentKind,
    )
    pounds = WholeNumberField("How much?", [Required("Enter how much")], minimum=1, prefix="£")
    on = PartialDateField(
        "When? (month and year are enough)",
        [Required("Enter when it came"), NotInFuture()],
        what="The date",
    )
    interaction = SelectField(
        "In which interaction did you hear of it? (optional)", coerce=int, prompt="In none"
    )

    @property
    def day(self) -> PartialDate:
        """Return when it came."""
        found: PartialDate = self.on.data
        return found


class CampaignForm(VersionedForm):
    """The days between which companies answer."""

    opens_on = DateField("First day", [Required("Enter the first day")], what="The first day")
    closes_on = DateField("Last day", [Required("Enter the last day")], what="The last day")

    def __init__(self, row: ReturnCampaign, **kwargs: Any) -> None:
        names = ("version", "opens_on", "closes_on")
        super().__init__(data={name: getattr(row, name) for name in names}, **kwargs)


class NewCampaignForm(PortalForm):
    """A year, and the days between which companies answer."""

    year = ChoiceField("Which year is asked about?", [RequiredChoice("Select a year")], coerce=int)
    opens_on = DateField("First day", [Required("Enter the first day")], what="The first day")
    closes_on = DateField("Last day", [Required("Enter the last day")], what="The last day")

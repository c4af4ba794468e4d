"""What company returns come to: shared credit, totals and the response rate. Pure.

The rule of shared credit (this product's own): what a company owes to the support is shared among
the networks that supported it in the year by the minutes of their interactions with it, in equal
parts where no minutes are recorded. The shares of one company add up to one, so that those of all
networks add up to the nation's total, in which each company stands once.

What is counted of an answer is what the company reported times the share that it owes to the
support. Nothing is added for companies that did not answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Self

from portal.adoption.rules.shares import Share
from portal.impact.models import InvestmentKind, ReturnState

ANSWERED = frozenset({ReturnState.HANDED_IN, ReturnState.ACCEPTED})
"""States in which an answer counts: what was asked back does not, until it is handed in again."""
NO_CREDIT, ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Answer:
    """One company's return, as far as totals need it."""

    return_id: int
    state: ReturnState
    jobs_created: float = 0.0
    jobs_safeguarded: float = 0.0
    share_owed: int = 0
    """In percent."""
    investments: Mapping[InvestmentKind, int] = field(default_factory=dict)
    minutes: Mapping[int, int] = field(default_factory=dict)
    """Of each network's interactions with the company in the year, by network."""

    @property
    def counts(self) -> bool:
        """Whether it was answered and the answer stands."""
        return self.state in ANSWERED

    def shared_by(self, minutes: Mapping[int, int]) -> Self:
        """Return it with the networks among which its credit is shared."""
        return replace(self, minutes=minutes)

    def as_kept(self) -> dict[str, Any]:
        """Return its numbers as a step keeps them."""
        return {
            "jobs_created": self.jobs_created,
            "jobs_safeguarded": self.jobs_safeguarded,
            "share_owed": self.share_owed,
            "investments": {kind.value: pounds for kind, pounds in self.investments.items()},
        }

    @classmethod
    def kept(cls, return_id: int, state: ReturnState, given: Mapping[str, Any]) -> Self:
        """Return the answer of a return whose step keeps these numbers."""
        money = given.get("investments", {})
        return cls(
            return_id,
            state,
            given.get("jobs_created", 0.0),
            given.get("jobs_safeguarded", 0.0),
            given.get("share_owed", 0),
            {InvestmentKind(kind): pounds for kind, pounds in money.items()},
        )


def network_shares(minutes: Mapping[int, int]) -> dict[int, Fraction]:
    """Return each network's share of a company's credit; they add up to exactly one."""
    whole = sum(minutes.values())
    if whole == 0:
        return {hin_id: Fraction(1, len(minutes)) for hin_id in minutes}
    return {hin_id: Fraction(each, whole) for hin_id, each in minutes.items()}


def credit(answer: Answer, hin_id: int | None) -> Fraction:
    """Return which part of a company's reported numbers counts for a network; None is England."""
    owed = Fraction(answer.share_owed, 100)
    if hin_id is None:
        return owed
    return owed * network_shares(answer.minutes).get(hin_id, NO_CREDIT)


@dataclass(frozen=True, slots=True)
class Totals:
    """What the returns of a year come to, for a network or England."""

    asked: int
    answered: int
    accepted: int
    jobs_created: Fraction
    jobs_safeguarded: Fraction
    investment: Mapping[InvestmentKind, Fraction]

    @property
    def response(self) -> Share:
        """How many of the companies that were asked answered."""
        return Share(self.answered, self.asked)

    @property
    def pounds(self) -> Fraction:
        """All kinds of investment together."""
        return sum(self.investment.values(), NO_CREDIT)


def totals(answers: Iterable[Answer], hin_id: int | None = None) -> Totals:
    """Return what returns come to for a network, or (None) for England."""
    asked = [one for one in answers if hin_id is None or hin_id in one.minutes]
    counted = [(one, credit(one, hin_id)) for one in asked if one.counts]
    return Totals(
        asked=len(asked),
        answered=len(counted),
        accepted=sum(one.state is ReturnState.ACCEPTED for one in asked),
        jobs_created=sum((Fraction(one.jobs_created) * part for one, part in counted), NO_CREDIT),
        jobs_safeguarded=sum(
            (Fraction(one.jobs_safeguarded) * part for one, part in counted), NO_CREDIT
        ),
        investment={
            kind: sum((one.investments.get(kind, 0) * part for one, part in counted), NO_CREDIT)
            for kind in InvestmentKind
        },
    )

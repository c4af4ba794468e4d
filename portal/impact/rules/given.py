"""An answer as it is typed, and with what it begins. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.clock import PartialDate, Precision
from portal.impact.models import (
    CompanyReturn,
    HeardInvestment,
    InvestmentKind,
    ReturnState,
    Via,
)

Money = Mapping[InvestmentKind, tuple[int, PartialDate]]


@dataclass(frozen=True, slots=True)
class ReturnAnswers:
    """What was typed: None and {} are not answered."""

    jobs_created: float | None = None
    jobs_safeguarded: float | None = None
    share_owed: int | None = None
    investments: Money = field(default_factory=dict)
    evidence: str = ""
    may_publish: bool | None = None
    spoken_to: str = ""


PLAIN = (
    *("jobs_created", "jobs_safeguarded", "share_owed"),
    *("evidence", "may_publish", "spoken_to"),
)
"""The answers that are numbers, words, yes or no."""
NOTHING = ReturnAnswers(jobs_created=0.0, jobs_safeguarded=0.0, share_owed=0, may_publish=False)
"""The answer of a company that has nothing to report: an answer like any other."""

ASKED = (
    ("jobs_created", "Enter the jobs created, 0 if there were none"),
    ("jobs_safeguarded", "Enter the jobs safeguarded, 0 if there were none"),
    ("share_owed", "Select how much of it you owe to the support"),
    ("may_publish", "Select yes if we may publish your answer"),
)
"""What must be answered before an answer is handed in, and what is said where it is not."""


def unanswered(given: ReturnAnswers, *, by_phone: bool) -> list[tuple[str, str]]:
    """Return the questions that are not answered, with what is said beside each."""
    found = [(name, words) for name, words in ASKED if getattr(given, name) is None]
    if by_phone and not given.spoken_to:
        found.append(("spoken_to", "Enter whom you spoke to"))
    return found


def given_so_far(row: CompanyReturn) -> ReturnAnswers:
    """Return what a return holds."""
    return ReturnAnswers(
        jobs_created=row.jobs_created,
        jobs_safeguarded=row.jobs_safeguarded,
        share_owed=row.share_owed,
        investments={one.kind: (one.pounds, one.day) for one in row.investments},
        evidence=row.evidence,
        may_publish=row.may_publish,
        spoken_to=row.spoken_to,
    )


def as_draft(given: ReturnAnswers, via: Via) -> dict[str, Any]:
    """Return what was typed as plain data, with how it came."""
    money = {
        kind.value: [pounds, day.first.isoformat(), day.precision.value]
        for kind, (pounds, day) in given.investments.items()
    }
    plain = {name: getattr(given, name) for name in PLAIN}
    return {**plain, "investments": money, "via": via.value}


def from_draft(draft: Mapping[str, Any]) -> ReturnAnswers:
    """Return what was typed, as `as_draft` kept it."""
    money = {
        InvestmentKind(kind): (pounds, PartialDate(date.fromisoformat(first), Precision(how)))
        for kind, (pounds, first, how) in draft["investments"].items()
    }
    return ReturnAnswers(investments=money, **{name: draft[name] for name in PLAIN})


def draft_came(row: CompanyReturn) -> Via | None:
    """Return how the answer came that is begun and not handed in; None where none is."""
    if row.state is ReturnState.BEGUN:
        return row.via
    return Via(row.draft["via"]) if row.draft else None


def is_companys_draft(row: CompanyReturn) -> bool:
    """Whether the company itself has begun an answer that it has not handed in: no network reads
    what is in it."""
    return draft_came(row) in {Via.LINK, Via.ACCOUNT}


def first_given(before: CompanyReturn | None, heard: Iterable[HeardInvestment]) -> ReturnAnswers:
    """Return with what an answer begins: the investment that networks heard of, and from the last
    answer the share owed. Its jobs and pounds are of another year, and whoever agreed to publish
    that answer has not seen this one: they stand beside the questions and are not filled in."""
    return ReturnAnswers(
        share_owed=before.share_owed if before else None,
        investments=_summed(heard),
    )


def _summed(heard: Iterable[HeardInvestment]) -> Money:
    """Return pounds by kind, with the day of the largest."""
    found: dict[InvestmentKind, list[HeardInvestment]] = {}
    for one in heard:
        found.setdefault(one.kind, []).append(one)
    return {
        kind: (sum(one.pounds for one in rows), max(rows, key=lambda one: one.pounds).day)
        for kind, rows in found.items()
    }

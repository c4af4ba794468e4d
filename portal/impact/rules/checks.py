"""What makes an answer worth a second look before it is accepted: the written rule. Pure.

The thresholds are this product's own. A mark is no refusal: whoever checks accepts the answer all
the same, or asks the company.
"""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.accounts.models import OrganisationSize


class Mark(enum.StrEnum):
    """What makes an answer worth a second look."""

    JOBS_JUMP = "jobs_jump"
    JOBS_SIZE = "jobs_size"
    MONEY_JUMP = "money_jump"
    MONEY_BARE = "money_bare"
    FELL_AWAY = "fell_away"


TIMES = 3
"""More than so many times last year's number is marked."""
FEW_JOBS = 10
"""Up to so many jobs no change is marked."""
LITTLE = 100_000
"""Up to so many pounds no change is marked."""
MUCH = 1_000_000
"""From so many pounds on, evidence is expected."""
PEOPLE = {
    OrganisationSize.MICRO: 9,
    OrganisationSize.SMALL: 49,
    OrganisationSize.MEDIUM: 249,
}
"""How many people work at most at a company of a size."""


@dataclass(frozen=True, slots=True)
class ReportedYear:
    """What a company reported of a year, as far as it is checked."""

    jobs: float
    """Created and safeguarded together."""
    pounds: int
    has_evidence: bool = False


Test = Callable[[ReportedYear, ReportedYear | None, OrganisationSize | None], bool]


def _jobs_jump(
    now: ReportedYear, before: ReportedYear | None, _size: OrganisationSize | None
) -> bool:
    return before is not None and now.jobs > max(FEW_JOBS, TIMES * before.jobs)


def _jobs_size(
    now: ReportedYear, _before: ReportedYear | None, size: OrganisationSize | None
) -> bool:
    return size in PEOPLE and now.jobs > PEOPLE[size]


def _money_jump(
    now: ReportedYear, before: ReportedYear | None, _size: OrganisationSize | None
) -> bool:
    return before is not None and now.pounds > max(LITTLE, TIMES * before.pounds)


def _money_bare(
    now: ReportedYear, _before: ReportedYear | None, _size: OrganisationSize | None
) -> bool:
    return now.pounds >= MUCH and not now.has_evidence


def _fell_away(
    now: ReportedYear, before: ReportedYear | None, _size: OrganisationSize | None
) -> bool:
    if before is None or now.jobs or now.pounds:
        return False
    return before.jobs > FEW_JOBS or before.pounds > LITTLE


TESTS: Mapping[Mark, tuple[str, Test]] = {
    Mark.JOBS_JUMP: (
        f"More than {FEW_JOBS} jobs, and more than {TIMES} times last year’s",
        _jobs_jump,
    ),
    Mark.JOBS_SIZE: ("More jobs than people work at a company of its size", _jobs_size),
    Mark.MONEY_JUMP: (
        f"More than £{LITTLE:,}, and more than {TIMES} times last year’s",
        _money_jump,
    ),
    Mark.MONEY_BARE: (f"£{MUCH:,} or more without evidence", _money_bare),
    Mark.FELL_AWAY: (
        f"Nothing, after more than {FEW_JOBS} jobs or £{LITTLE:,} last year",
        _fell_away,
    ),
}
"""Each mark with its rule in words."""


def marks(
    now: ReportedYear, before: ReportedYear | None, size: OrganisationSize | None
) -> list[Mark]:
    """Return what is marked at an answer, given last year's (None: there is none)."""
    return [mark for mark, (_, test) in TESTS.items() if test(now, before, size)]


def words(mark: Mark) -> str:
    """Return the rule of a mark in words."""
    return TESTS[mark][0]

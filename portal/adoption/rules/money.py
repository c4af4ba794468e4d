"""Whether a site's money is agreed, on a day. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Protocol

from portal.adoption.rules.spread import Pair
from portal.innovations.rules.adoption import TRIAL

NOT_STATED = "NOT_STATED"
"""The code of a site in use of whose money nobody said anything."""
IN_SERVICE = TRIAL
"""From this stage on a site has it in use, in part or everywhere: its money is asked for."""


class FundingRow(Protocol):
    """What the rules read of a row."""

    @property
    def id(self) -> int: ...
    @property
    def site_id(self) -> int: ...
    @property
    def innovation_id(self) -> int: ...
    @property
    def on(self) -> date: ...
    @property
    def at(self) -> datetime: ...
    @property
    def corrects_id(self) -> int | None: ...
    @property
    def code(self) -> str: ...


def money_on(
    rows: Iterable[FundingRow], on: date, known: datetime | None = None
) -> dict[Pair, str]:
    """Return the code of each site's newest status on a day, of rows known before a moment."""
    there = [row for row in rows if known is None or row.at < known]
    corrected = {row.corrects_id for row in there}
    found: dict[Pair, str] = {}
    for row in sorted(there, key=lambda one: (one.on, one.id)):
        if row.id not in corrected and row.on <= on:
            found[row.site_id, row.innovation_id] = row.code
    return found


def split(in_service: Iterable[Pair], money: Mapping[Pair, str]) -> dict[str, int]:
    """Return how many sites in use have which status; they add up to those sites."""
    return dict(Counter(money.get(pair, NOT_STATED) for pair in in_service))


def flow(
    pairs: Iterable[Pair], before: Mapping[Pair, str], after: Mapping[Pair, str]
) -> dict[tuple[str, str], int]:
    """Return how many of some sites went from which status to which between two days."""
    return dict(Counter((before.get(one, NOT_STATED), after.get(one, NOT_STATED)) for one in pairs))

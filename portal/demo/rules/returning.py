"""The days of the two yearly returns of the demonstration, and what is told of each company. Pure.

One closed a year ago; the other asks about the financial year that ended last and is open today.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.clock import PartialDate, Precision
from portal.impact.models import InvestmentKind
from portal.impact.rules.given import NOTHING, ReturnAnswers

AFTER = timedelta(days=40)
"""A year is asked about so many days after its end at the soonest, so that a story has room."""
OPENED, OPEN_FOR = 28, 52
"""Days ago on which the open return opened; days from its first to its last."""


@dataclass(frozen=True, slots=True)
class Days:
    """Of one return: which year it asks about, and between which days companies answer."""

    year: int
    opens_on: date
    closes_on: date


def now_and_before(today: date) -> tuple[Days, Days]:
    """Return the days of the return that is open today, and of the one of the year before."""
    day = today - AFTER
    year = day.year - 1 - (day.month < 4)
    opens_on = today - timedelta(days=OPENED)
    first = date(year, 5, 4)
    return (
        Days(year, opens_on, opens_on + timedelta(days=OPEN_FOR)),
        Days(year - 1, first, first + timedelta(days=OPEN_FOR)),
    )


def minutes_of(row: Mapping[str, str]) -> dict[str, int]:
    """Return the minutes of each network's interactions in the year, by the network's code."""
    parts = (one.split(":") for one in row["networks"].split())
    return {code: int(minutes) for code, minutes in parts}


def given_of(row: Mapping[str, str], year: int) -> ReturnAnswers:
    """Return what a company says; blank is not answered."""
    if row["story"] == "nothing":
        return NOTHING
    money = (one.split(":") for one in row["money"].split())
    day = PartialDate(date(year, 11, 1), Precision.MONTH)
    return ReturnAnswers(
        jobs_created=_number(row["created"]),
        jobs_safeguarded=_number(row["safeguarded"]),
        share_owed=int(row["owed"]) if row["owed"] else None,
        investments={InvestmentKind(kind): (int(pounds), day) for kind, pounds in money},
        evidence=row["evidence"],
        may_publish={"true": True, "false": False}.get(row["publish"]),
        spoken_to=row["words"] if row["story"] == "phone" else "",
    )


def _number(words: str) -> float | None:
    return float(words) if words else None

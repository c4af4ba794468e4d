"""What an answer begins with, and what became of the one before."""

from dataclasses import dataclass

from portal.impact.models import CompanyReturn, ReturnState
from portal.impact.queries.answers import answers_of
from portal.impact.queries.returns import before, heard_of
from portal.impact.rules.given import Given, first_given, given_so_far
from portal.impact.rules.totals import Totals, totals


@dataclass(frozen=True, slots=True)
class LastTime:
    """A company's answer of an earlier year, and the totals in which it counts."""

    row: CompanyReturn
    totals: Totals


def prefilled(row: CompanyReturn) -> Given:
    """Return what the form of a return shows: what was kept, else with what it begins."""
    if row.state is not ReturnState.ASKED:
        return given_so_far(row)
    return first_given(before(row), heard_of(row))


def last_time(row: CompanyReturn) -> LastTime | None:
    """Return what became of the company's last answer; None where there is none."""
    found = before(row)
    return LastTime(found, totals(answers_of([found.campaign_id]))) if found else None

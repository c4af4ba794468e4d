"""What an answer begins with, and what became of the one before."""

from dataclasses import dataclass

from portal.impact.models import CompanyReturn, ReturnState
from portal.impact.queries.answers import answers_of
from portal.impact.queries.returns import before, heard_of
from portal.impact.rules.given import (
    ReturnAnswers,
    first_given,
    from_draft,
    given_so_far,
    is_companys_draft,
)
from portal.impact.rules.totals import Totals, totals


@dataclass(frozen=True, slots=True)
class LastTime:
    """A company's answer of an earlier year, and the totals in which it counts."""

    row: CompanyReturn
    totals: Totals


def prefilled(row: CompanyReturn, *, by_phone: bool = False) -> ReturnAnswers:
    """Return what the form of a return shows: what was kept, else with what it begins. A network
    that answers by phone goes on with what a network began, never with what the company did."""
    is_shown = not (by_phone and is_companys_draft(row))
    if row.draft and is_shown:
        return from_draft(row.draft)
    if row.handed_in_at or (row.state is not ReturnState.ASKED and is_shown):
        return given_so_far(row)
    return first_given(before(row), heard_of(row))


def last_time(row: CompanyReturn) -> LastTime | None:
    """Return what became of the company's last answer; None where there is none."""
    found = before(row)
    return LastTime(found, totals(answers_of([found.campaign_id]))) if found else None

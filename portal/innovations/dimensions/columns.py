"""What a record has one value of, as SQL over `Innovation`, and the values of periods."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, null, select

from portal.accounts.models import Organisation
from portal.clock import begin_of, today
from portal.figures.dimensions import Day, Value, numbered, place_of
from portal.innovations.models import Innovation
from portal.innovations.queries import on_day
from portal.merging import holder_at, moment_of
from portal.reference.models import Ics
from portal.reference.rules import Quarter


def organisation(column: Any, kinds: Iterable[Any]) -> Callable[[Day], ColumnElement[Any]]:
    """Return SQL for a column of the organisation that makes it, as its member's place."""

    def found(day: Day) -> ColumnElement[Any]:
        maker = holder_at(Innovation, "organisation_id", moment_of(day))
        of = select(place_of(column, kinds)).where(Organisation.id == maker)
        return of.correlate(Innovation).scalar_subquery()

    return found


def region(_day: Day) -> ColumnElement[Any]:
    """Return SQL for the id of the NHS region of its integrated care system."""
    found = select(Ics.region_id).where(Ics.id == Innovation.ics_id)
    return found.correlate(Innovation).scalar_subquery()


def how_used(day: Day) -> ColumnElement[int]:
    """Number how far a record is used: 1 in use, 2 on trial only, 0 neither."""
    return case((on_day.is_in_use_on(day), 1), (on_day.is_on_trial_on(day), 2), else_=0)


FIRST_YEAR = 2013
"""The Networks began in April 2013: what was registered before is one value."""
BEFORE = "Earlier"


def quarters() -> list[Quarter]:
    """Return the quarters up to today's, oldest first."""
    found = [Quarter.of(today())]
    while found[-1].years[:4] >= str(FIRST_YEAR):
        found.append(found[-1].previous)
    return found[-2::-1]


def years() -> list[Quarter]:
    """Return the first quarter of every year, oldest first."""
    return [quarter for quarter in quarters() if quarter.number == 1]


def period(quarters: Sequence[Quarter]) -> ColumnElement[Any]:
    """Number the period in which a record was first submitted, 1 for the first, 0 for before.

    The newest are asked for first: most records are new.
    """
    numbers = list(enumerate(quarters, start=1))
    return case(
        (Innovation.submitted_at.is_(None), null()),
        *((Innovation.submitted_at >= begin_of(q.first), n) for n, q in reversed(numbers)),
        else_=0,
    )


def periods(labels: Iterable[str]) -> Mapping[int, Value]:
    """Return the values of a dimension of periods, oldest first: 0 is before them."""
    return numbered((number, label, label) for number, label in enumerate((BEFORE, *labels)))

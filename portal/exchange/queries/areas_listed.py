"""Read every system of today with what the list and the map say of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.adoption.queries.in_area import published_in_use
from portal.challenges.queries.areas import open_by_area
from portal.clock import today
from portal.exchange.rules.areas import with_those_before
from portal.reference.models import Ics
from portal.reference.queries import icss
from portal.reference.queries.networks import leads_on, successions


@dataclass(frozen=True, slots=True)
class ListedArea:
    """A system of today, and what anybody may read of it."""

    ics: Ics
    hin: str
    challenges: int
    """Open challenges and calls that anybody may read."""
    in_use: int
    """Published innovations that are in use at some place there."""


def areas_of_today() -> Sequence[ListedArea]:
    """Return the systems of today, by name: five statements. What was stated or used in one that
    ended counts in those that followed it."""
    day = today()
    leads, challenges, in_use = leads_on(day), open_by_area(), published_in_use(day)
    became = {(row.predecessor_id, row.successor_id) for row in successions() if row.on <= day}
    found = []
    for one in icss(day):
        ids, hin = with_those_before(one.id, became), leads.get(one.id)
        used = set[int]().union(*(in_use.get(number, ()) for number in ids))
        stated = sum(challenges.get(number, 0) for number in ids)
        found.append(ListedArea(one, hin.name if hin else "", stated, len(used)))
    return found

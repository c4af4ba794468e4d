"""How many people of each equality group a programme's products reached, where it is known. Pure.

One person may be in several groups, so groups are never added up. Of each group the newest quarter
is told: the nation's own count, or the networks' together with how many of them counted. What is
shown follows the rule of small numbers also for England: with few people a group is soon a person.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.programmes.models import ProgrammeValue
from portal.programmes.rules.numbers import disclosed_words
from portal.programmes.rules.values import standing


@dataclass(frozen=True, slots=True)
class GroupReach:
    """People of one group whom one product of a programme reached in a quarter."""

    newest: ProgrammeValue
    people: float
    networks: int
    """How many networks counted; 0 where the count is England's own."""

    @property
    def words(self) -> str:
        """Return the count as it may be shown: rounded to 5, "*" for 1 to 7."""
        return disclosed_words(self.people)


def groups_reached(rows: Iterable[ProgrammeValue], order: Iterable[str]) -> list[GroupReach]:
    """Return each product's groups, the products as they come and the groups in this order."""
    found: dict[tuple[int, int | None, str], list[ProgrammeValue]] = defaultdict(list)
    for row in standing(rows):
        if row.value is not None and row.quarter_on is not None:
            found[row.programme_id, row.product_id, row.part].append(row)
    place = {label: number for number, label in enumerate(order)}
    products = {key[:2]: number for number, key in reversed(list(enumerate(found)))}
    keys = sorted(found, key=lambda key: (products[key[:2]], _place(place, key[2]), key[2]))
    return [_reached(found[key]) for key in keys]


def _place(place: Mapping[str, int], label: str) -> int:
    return place.get(label, len(place))


def _reached(rows: list[ProgrammeValue]) -> GroupReach:
    quarter = max(row.quarter_on for row in rows if row.quarter_on is not None)
    now = [row for row in rows if row.quarter_on == quarter]
    own = [row for row in now if row.hin_id is None]
    counted = own[-1:] or now
    people = sum(row.value for row in counted if row.value is not None)
    return GroupReach(counted[-1], people, 0 if own else len(counted))

"""The matchers: one for each readership, made from what that readership may see alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.innovations.models import Sharing
from portal.matching.engine import Matcher, Need, Pairing
from portal.matching.models import Readership
from portal.matching.queries import SHARED_WITH_ICSS, candidates
from portal.matching.rules import FLOOR, TOP, WORTH_TELLING

Found = dict[Readership, list[Pairing]]


@dataclass(frozen=True)
class Matchers:
    """A matcher for every readership."""

    by_readership: Mapping[Readership, Matcher]

    def match(self, need: Need) -> Found:
        """Return every readership's suggestions for one challenge."""
        return {
            whom: matcher.match(need, top=None, least_alike=WORTH_TELLING)
            if whom is Readership.INNOVATOR
            else matcher.match(need, top=TOP, floor=FLOOR)
            for whom, matcher in self.by_readership.items()
        }

    def pair(self, need: Need, innovation_id: int) -> dict[Readership, Pairing | None]:
        """Return what one innovation would be on each readership's list; None: not on it."""
        found = {
            whom: matcher.pair(need, innovation_id) for whom, matcher in self.by_readership.items()
        }
        return {
            whom: pairing if _is_kept(whom, pairing) else None for whom, pairing in found.items()
        }


def _is_kept(whom: Readership, pairing: Pairing | None) -> bool:
    if pairing is None:
        return False
    if whom is Readership.INNOVATOR:
        return pairing.reasons.likeness >= WORTH_TELLING
    return pairing.score > FLOOR and pairing.rank <= TOP


def matchers() -> Matchers:
    """Read what there is to match and make it ready."""
    found = candidates()
    every = [one.solution for one in found]
    shared = [one for one in found if one.sharing in SHARED_WITH_ICSS]
    public = [one.solution for one in found if one.sharing is Sharing.PUBLIC]
    return Matchers(
        {
            Readership.STAFF: Matcher([one.solution for one in found if one.is_proven], every),
            Readership.ICS: Matcher(
                [one.solution for one in shared if one.is_proven], [one.solution for one in shared]
            ),
            Readership.INNOVATOR: Matcher(every, public),
        }
    )

"""The matchers: one for each readership, made from what that readership may see alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import current_app

from portal.accounts.models import Actor
from portal.innovations.models import Innovation, Sharing
from portal.matching.engine import Matcher, Need, Pairing, Solution
from portal.matching.engine.glance import Counted
from portal.matching.models import Readership
from portal.matching.queries import SHARED_WITH_ICSS, Candidate, candidates, comparable, named
from portal.matching.rules import (
    FLOOR,
    MOST_GLANCED,
    MOST_SIMILAR,
    TOP,
    TOP_PROMISING,
    WORTH_TELLING,
    Strength,
    strength,
)

PROMISING = frozenset({Readership.PROMISING_STAFF, Readership.PROMISING_ICS})
Found = dict[Readership, list[Pairing]]


@dataclass(frozen=True)
class Matchers:
    """A matcher for every readership."""

    by_readership: Mapping[Readership, Matcher]

    @property
    def every(self) -> Sequence[Solution]:
        """Every submitted innovation."""
        return self.by_readership[Readership.INNOVATOR].solutions

    def match(self, need: Need) -> Found:
        """Return every readership's suggestions for one challenge."""
        return {
            whom: matcher.match(need, top=None, least_alike=WORTH_TELLING)
            if whom is Readership.INNOVATOR
            else matcher.match(need, top=length(whom), floor=FLOOR)
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
    return pairing.score > FLOOR and pairing.rank <= length(whom)


def length(whom: Readership) -> int:
    """Return how many suggestions a readership's list keeps for a challenge."""
    return TOP_PROMISING if whom in PROMISING else TOP


def similar(need: Need, among: Matcher) -> list[Pairing]:
    """Return the open needs (`among`, of `likenesses`) that ask for much the same as this one."""
    found = among.match(need, top=MOST_SIMILAR + 1, least_alike=WORTH_TELLING)
    return [pairing for pairing in found if pairing.solution_id != need.id][:MOST_SIMILAR]


def likenesses(open_needs: Sequence[Need]) -> Matcher:
    """Make the open needs ready to be compared with each other. No draft is among them."""
    return Matcher([Solution(one.id, _asked(one), one.facets) for one in open_needs])


def _asked(need: Need) -> dict[str, str]:
    return {name: text for name, text in need.fields.items() if name != "tried"}


def matchers() -> Matchers:
    """Read what there is to match and make it ready."""
    found = candidates()
    every = [one.solution for one in found]
    shared = [one for one in found if one.sharing in SHARED_WITH_ICSS]
    for_ics = [one.solution for one in shared]
    public = [one.solution for one in found if one.sharing is Sharing.PUBLIC]
    return Matchers(
        {
            Readership.STAFF: Matcher(_those(found, proven=True), every),
            Readership.ICS: Matcher(_those(shared, proven=True), for_ics),
            Readership.PROMISING_STAFF: Matcher(_those(found, proven=False), every),
            Readership.PROMISING_ICS: Matcher(_those(shared, proven=False), for_ics),
            Readership.INNOVATOR: Matcher(every, public),
        }
    )


def _those(found: Sequence[Candidate], *, proven: bool) -> list[Solution]:
    return [one.solution for one in found if one.is_proven is proven]


# What looks close while a challenge is typed -------------------------------------------------


@dataclass(frozen=True)
class Close:
    """What looks close to a text, of what its writer may see and is proven."""

    total: int
    best: list[tuple[Innovation, Strength]]
    """The first few, best first."""


def keep_words(solutions: Sequence[Solution]) -> None:
    """Keep the counted words of all solutions for `close_to`, which runs in the web process."""
    Counted.of(solutions).save(Path(current_app.config["MATCHING_WORDS"]))


def close_to(actor: Actor, need: Need) -> Close | None:
    """Return what looks close to a need, for the eyes of its writer; None before the first job.

    What the writer may not see changes nothing of it, not even by making a word rarer.
    """
    path = Path(current_app.config["MATCHING_WORDS"])
    if not path.exists():
        return None
    seen = comparable(actor)
    shown = [one for one, is_proven in seen.items() if is_proven]
    alike = _kept(path, path.stat().st_mtime_ns).likeness(need, among=shown, background=seen)
    found = {one: value for one, value in alike.items() if value >= WORTH_TELLING}
    first = sorted(found, key=lambda one: (-found[one], one))[:MOST_GLANCED]
    return Close(len(found), [(row, strength(found[row.id])) for row in named(first)])


@lru_cache(maxsize=1)
def _kept(path: Path, _changed_at: int) -> Counted:
    return Counted.load(path)

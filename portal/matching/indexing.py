"""The matchers: one for each readership, made from what that readership may see alone.

A worker keeps what it has read: of the records and challenges only those that changed since are
read again, by the moment of their change. Every weight is computed anew from what is there now.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from flask import current_app

from portal.accounts.models import Actor
from portal.innovations.models import Innovation, Sharing
from portal.matching.engine import TOTAL, Asking, Catalogue, Id, Matcher, Need, Pairing, Solution
from portal.matching.engine.glance import StemCounts
from portal.matching.models import Readership
from portal.matching.queries import SHARED_WITH_ICSS, comparable, named
from portal.matching.queries.to_match import (
    Stamp,
    Stated,
    SubmittedRow,
    asking,
    needs,
    solutions,
    submitted,
)
from portal.matching.rules import (
    MAX_PREVIEWED_MATCHES,
    MAX_PROMISING_MATCHES,
    MAX_SHOWN_MATCHES,
    MAX_SIMILAR_CHALLENGES,
    MIN_SCORE,
    WORTH_TELLING,
    Strength,
    strength,
)

PROMISING = frozenset({Readership.PROMISING_STAFF, Readership.PROMISING_ICS})
Mask = npt.NDArray[np.bool_]
ABOUT = 0.95
"""Stored scores may be a little older than what they are compared with."""
Ends = Mapping[tuple[int, Readership], tuple[int, float]]
"""For each challenge and readership how long the list is, and its least score."""
Found = dict[Readership, list[Pairing]]


@dataclass(frozen=True)
class Matchers:
    """A matcher for every readership, over every submitted record or `only` one of them."""

    catalogue: Catalogue
    submitted: Mapping[int, SubmittedRow]
    asked: "ChallengesQuery"
    only: int | None = None

    def of(self, innovation_id: int) -> "Matchers":
        """Return the matchers of one record alone, its words weighed beside all the others'."""
        return replace(self, only=innovation_id)

    def match(self, need: Need) -> Found:
        """Return every readership's suggestions for one challenge."""
        return {
            whom: matcher.match(need, top=None, least_alike=WORTH_TELLING)
            if whom is Readership.INNOVATOR
            else matcher.match(need, top=length(whom), floor=MIN_SCORE)
            for whom, matcher in self.by_readership.items()
        }

    @cached_property
    def by_readership(self) -> dict[Readership, Matcher]:
        """The matchers: whom they are for, what they match, and by what they weigh words."""
        found = [self.submitted[int(one.id)] for one in self.catalogue.solutions]
        every = np.ones(len(found), bool)
        proven = np.array([one.is_proven for one in found], bool)
        shared = np.array([one.sharing in SHARED_WITH_ICSS for one in found], bool)
        public = np.array([one.sharing is Sharing.PUBLIC for one in found], bool)
        return {
            Readership.STAFF: self._matcher(proven, every, self.asked.open),
            Readership.ICS: self._matcher(proven & shared, shared, self.asked.open),
            Readership.PROMISING_STAFF: self._matcher(~proven, every, self.asked.open),
            Readership.PROMISING_ICS: self._matcher(~proven & shared, shared, self.asked.open),
            Readership.INNOVATOR: self._matcher(every, public, self.asked.read_by_innovators),
        }

    def _matcher(self, matched: Mask, background: Mask, asking: Asking) -> Matcher:
        if self.only is not None:
            matched = matched & [one.id == self.only for one in self.catalogue.solutions]
        rows, known = np.flatnonzero(matched), np.flatnonzero(background)
        return Matcher(self.catalogue, rows, known, asking)


@dataclass(frozen=True)
class ChallengesQuery:
    """The words of the open challenges that a readership may see: ICSs and HINs see them all."""

    open: Asking
    read_by_innovators: Asking


@dataclass
class ReadCache:
    """What this process has read, and when each of it had last changed."""

    solutions: Catalogue = field(default_factory=Catalogue)
    challenges: Catalogue = field(default_factory=Catalogue)
    """The open ones, to be compared with each other. No draft is among them."""
    needs: dict[int, Need] = field(default_factory=dict)
    records: dict[int, SubmittedRow] = field(default_factory=dict)
    asking: dict[int, Stated] = field(default_factory=dict)
    asked: ChallengesQuery = field(default_factory=lambda: ChallengesQuery(Asking(), Asking()))
    written: tuple[Catalogue, Asking] | None = None
    """What the words on disk were counted of."""


_kept = ReadCache()


def forget() -> None:
    """Read everything again, every night: for what changed without its record's knowing, as the
    name of a term does."""
    global _kept  # noqa: PLW0603 - one memory for one process
    _kept = ReadCache()


def matchers() -> Matchers:
    """Return the matchers of the records and the challenges as they are now."""
    needs_to_match()
    now = submitted()
    stale = [one for one, found in now.items() if _stamp(_kept.records.get(one)) != found.stamp]
    gone = _kept.records.keys() - now.keys()
    if stale or gone:
        _kept.solutions = _kept.solutions.changed(solutions(stale), gone)
    _kept.records = now
    return Matchers(_kept.solutions, now, _kept.asked)


def _stamp(known: SubmittedRow | None) -> Stamp | None:
    return known.stamp if known else None


@dataclass(frozen=True)
class Needs:
    """The challenges to match."""

    every: list[Need]
    """Open ones first: somebody waits for those. Then the drafts."""
    open_ids: frozenset[Id]
    others: Matcher
    """The open ones, to be compared with each other."""

    def similar(self, need: Need) -> list[Pairing]:
        """Return the open needs that ask for much the same as this one."""
        found = self.others.match(need, top=MAX_SIMILAR_CHALLENGES + 1, least_alike=WORTH_TELLING)
        return [pairing for pairing in found if pairing.solution_id != need.id][
            :MAX_SIMILAR_CHALLENGES
        ]


def needs_to_match() -> Needs:
    """Return the open challenges and the drafts as they are now."""
    now = asking()
    stale = [one for one, found in now.items() if _kept.asking.get(one) != found]
    gone = _kept.asking.keys() - now.keys()
    open_ids = frozenset(one for one, found in now.items() if found.is_open)
    if stale or gone:
        read = {int(one.id): one for one in needs(stale)}
        _kept.needs = {one: need for one, need in {**_kept.needs, **read}.items() if one in now}
        out = [_as_solution(one) for one in read.values() if one.id in open_ids]
        _kept.challenges = _kept.challenges.changed(out, gone | (set(stale) - open_ids))
        asked = _asked(now)
        _kept.asked = _kept.asked if _kept.asked == asked else asked
    _kept.asking = now
    every = sorted(_kept.needs.values(), key=lambda one: (one.id not in open_ids, one.id))
    return Needs(every, open_ids, Matcher(_kept.challenges))


def _asked(now: Mapping[int, Stated]) -> ChallengesQuery:
    """Count the words of the open challenges."""
    is_open = {one: found for one, found in now.items() if found.is_open}
    shown = [one for one, found in is_open.items() if found.is_read_by_innovators]
    return ChallengesQuery(
        Asking.of(_kept.needs[one] for one in is_open),
        Asking.of(_kept.needs[one] for one in shown),
    )


def _as_solution(need: Need) -> Solution:
    """Return an open need as something to be found."""
    fields = {name: text for name, text in need.fields.items() if name != "tried"}
    return Solution(need.id, fields, need.facets, need.people)


def length(whom: Readership) -> int:
    """Return how many suggestions a readership's list keeps for a challenge."""
    return MAX_PROMISING_MATCHES if whom in PROMISING else MAX_SHOWN_MATCHES


def concerned(needs: Needs, alone: Matchers, listing: Collection[int], ends: Ends) -> list[Need]:
    """Return the challenges on whose lists a record stands, or would stand if they were made anew.

    `ends` tells where the lists end, `listing` on which it stands.
    """
    found = set(listing)
    for whom, matcher in alone.by_readership.items():
        if matcher.solutions:
            scores = matcher.best(matcher.ask(needs.every), 1).scores[:, 0].tolist()
            found |= {
                int(need.id)
                for need, score in zip(needs.every, scores, strict=True)
                if score >= ABOUT * _least(whom, *ends.get((int(need.id), whom), (0, 0.0)))
            }
    return [need for need in needs.every if need.id in found]


def _least(whom: Readership, count: int, last: float) -> float:
    """Return the score that is on a list which is so long and ends with this one."""
    if whom is Readership.INNOVATOR:
        return WORTH_TELLING / TOTAL
    return last if count >= length(whom) else MIN_SCORE


# What looks close while a challenge is typed -------------------------------------------------


@dataclass(frozen=True)
class Close:
    """What looks close to a text, of what its writer may see and is proven."""

    total: int
    best: list[tuple[Innovation, Strength]]
    """The first few, best first."""


def keep_words(catalogue: Catalogue, asking: Asking) -> None:
    """Keep the counted words for `close_to`, which runs in the web process, where they changed."""
    path = Path(current_app.config["MATCHING_WORDS"])
    known = _kept.written
    is_kept = known is not None and known[0] is catalogue and known[1] is asking
    if not is_kept or not path.exists():
        StemCounts.of(catalogue, asking).save(path)
        _kept.written = catalogue, asking


def close_to(actor: Actor, need: Need) -> Close | None:
    """Return what looks close to a need, for the eyes of its writer; None before the first job.

    What the writer may not see changes nothing of it, not even by making a word rarer.
    """
    path = Path(current_app.config["MATCHING_WORDS"])
    if not path.exists():
        return None
    seen = comparable(actor)
    shown = [one for one, is_proven in seen.items() if is_proven]
    alike = _read(path, path.stat().st_mtime_ns).likeness(need, among=shown, background=seen)
    found = {one: value for one, value in alike.items() if value >= WORTH_TELLING}
    first = sorted(found, key=lambda one: (-found[one], one))[:MAX_PREVIEWED_MATCHES]
    return Close(len(found), [(row, strength(found[row.id])) for row in named(first)])


@lru_cache(maxsize=1)
def _read(path: Path, _changed_at: int) -> StemCounts:
    return StemCounts.load(path)

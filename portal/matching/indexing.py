"""The matchers: one for each readership, made from what that readership may see alone.

A worker keeps what it has read: of the records and challenges only those that changed since are
read again, by the moment of their change. Every weight is computed anew from what is there now.
"""

import logging
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
from flask import current_app

from portal.accounts.models import Actor
from portal.clock import today
from portal.innovations.models import Innovation, Sharing
from portal.matching.engine import (
    TOTAL,
    Asking,
    Catalogue,
    Id,
    Limits,
    Matcher,
    Need,
    Pairing,
    Question,
    RematchResult,
    Solution,
)
from portal.matching.engine.glance import StemCounts
from portal.matching.models import Readership
from portal.matching.queries import SHARED_WITH_ICSS, comparable, named
from portal.matching.queries.to_match import (
    ChallengeRow,
    Stamp,
    Standing,
    SubmittedRow,
    asking,
    ends_of_lists,
    listing,
    needs,
    solutions,
    standing,
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
from portal.stores import Shared, shared

log = logging.getLogger(__name__)

PROMISING = frozenset({Readership.PROMISING_STAFF, Readership.PROMISING_ICS})
Mask = npt.NDArray[np.bool_]
ABOUT = 0.95
"""Stored scores may be a little older than what they are compared with."""
Found = dict[Readership, list[Pairing]]


@dataclass(frozen=True)
class ChallengesQuery:
    """The words of the open challenges that a readership may see: ICSs and HINs see them all."""

    open: Asking
    read_by_innovators: Asking


class Matchers:
    """A matcher for every readership, over every submitted record; each is made when asked for."""

    def __init__(
        self, catalogue: Catalogue, submitted: Mapping[int, SubmittedRow], asked: ChallengesQuery
    ) -> None:
        self.catalogue = catalogue
        self.submitted = submitted
        self.asked = asked
        self.day = today()
        """As of when what is proven is proven."""
        self._made: dict[Readership, Matcher] = {}

    def asked_by(self, asked: ChallengesQuery) -> "Matchers":
        """Return the same records, beside other challenges."""
        other = copy(self)
        other.asked = asked
        other._made = {whom: one.asked_by(other._asking(whom)) for whom, one in self._made.items()}
        return other

    def match(self, need: Need) -> Found:
        """Return every readership's suggestions for one challenge."""
        return {
            whom: matcher.match(need, **limits(whom)._asdict())
            for whom, matcher in self.by_readership.items()
        }

    @property
    def by_readership(self) -> dict[Readership, Matcher]:
        """Every matcher, by whom it is for."""
        return {whom: self.of(whom) for whom in Readership}

    def of(self, whom: Readership) -> Matcher:
        """Return the matcher for one readership."""
        if whom not in self._made:
            matched, known = (np.flatnonzero(mask) for mask in self._masks[whom])
            self._made[whom] = Matcher(self.catalogue, matched, known, self._asking(whom))
        return self._made[whom]

    def shows(self, whom: Readership, innovation_id: int) -> bool:
        """Return whether a readership is shown a record."""
        shown, _ = self._masks[whom]
        ids = [one.id for one in self.catalogue.solutions]
        return innovation_id in ids and bool(shown[ids.index(innovation_id)])

    def _asking(self, whom: Readership) -> Asking:
        is_innovator = whom is Readership.INNOVATOR
        return self.asked.read_by_innovators if is_innovator else self.asked.open

    @cached_property
    def _masks(self) -> dict[Readership, tuple[Mask, Mask]]:
        """Which records each readership is shown, and by which their words are weighed."""
        found = [self.submitted[int(one.id)] for one in self.catalogue.solutions]
        every = np.ones(len(found), bool)
        proven = np.array([self._is_proven(one) for one in found], bool)
        shared = np.array([one.sharing in SHARED_WITH_ICSS for one in found], bool)
        public = np.array([one.sharing is Sharing.PUBLIC for one in found], bool)
        return {
            Readership.STAFF: (proven, every),
            Readership.ICS: (proven & shared, shared),
            Readership.PROMISING_STAFF: (~proven, every),
            Readership.PROMISING_ICS: (~proven & shared, shared),
            Readership.INNOVATOR: (every, public),
        }

    def _is_proven(self, row: SubmittedRow) -> bool:
        return row.proven_until is not None and row.proven_until >= self.day


def limits(whom: Readership) -> Limits:
    """Return how long a readership's list of a challenge is, and how far down it goes."""
    if whom is Readership.INNOVATOR:
        return Limits(least_alike=WORTH_TELLING)
    return Limits(
        top=MAX_PROMISING_MATCHES if whom in PROMISING else MAX_SHOWN_MATCHES, floor=MIN_SCORE
    )


@dataclass
class ReadCache:
    """What this process has read, and when each of it had last changed."""

    solutions: Catalogue = field(default_factory=Catalogue)
    challenges: Catalogue = field(default_factory=Catalogue)
    """The open ones, to be compared with each other. No draft is among them."""
    needs: dict[int, Need] = field(default_factory=dict)
    records: dict[int, SubmittedRow] = field(default_factory=dict)
    asking: dict[int, ChallengeRow] = field(default_factory=dict)
    asked: ChallengesQuery = field(default_factory=lambda: ChallengesQuery(Asking(), Asking()))
    matchers: Matchers | None = None
    written: tuple[Catalogue, Asking, str | None] | None = None
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
    now = submitted(_kept.records)
    stale = [one for one, found in now.items() if _stamp(_kept.records.get(one)) != found.stamp]
    gone = _kept.records.keys() - now.keys()
    if stale or gone:
        _kept.solutions = _kept.solutions.changed(solutions(stale), gone)
    is_same = now == _kept.records and not stale
    _kept.records = now
    _kept.matchers = _brought_up_to_date(_kept.matchers if is_same else None)
    return _kept.matchers


def _brought_up_to_date(known: Matchers | None) -> Matchers:
    """Return the matchers, those known where nothing but the challenges has changed."""
    if known is None or known.day != today():
        return Matchers(_kept.solutions, _kept.records, _kept.asked)
    return known if known.asked is _kept.asked else known.asked_by(_kept.asked)


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


def _asked(now: Mapping[int, ChallengeRow]) -> ChallengesQuery:
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


@dataclass(frozen=True, slots=True)
class AffectedList:
    """A list on which a record stands, or would stand if it were made anew."""

    whom: Readership
    question: Question
    standing: Mapping[int, Standing]
    """What is on it, by innovation."""


def concerned(needs: Needs, solutions: Matchers, innovation_id: int) -> list[AffectedList]:
    """Return every list that a changed record concerns."""
    found, listed = [], listing(innovation_id)
    for whom in Readership:
        ids, questions = listed.get(whom, set()), []
        if solutions.shows(whom, innovation_id):
            questions = solutions.of(whom).ask(needs.every)
            ids = ids | _fitting(questions, solutions, innovation_id, whom)
        elif ids:
            questions = solutions.of(whom).ask([need for need in needs.every if need.id in ids])
        kept = standing(ids, whom) if ids else {}
        found += [
            AffectedList(whom, one, kept.get(int(one.need.id), {}))
            for one in questions
            if one.need.id in ids
        ]
    return found


def _fitting(
    questions: Sequence[Question], solutions: Matchers, innovation_id: int, whom: Readership
) -> set[int]:
    """Return the challenges that a record fits as well as what is on their lists."""
    alone, top = solutions.of(whom).alone(innovation_id), limits(whom).top
    ends = ends_of_lists(whom, top) if top else {}
    otherwise = MIN_SCORE if top else WORTH_TELLING / TOTAL
    scores = alone.best(questions, 1).scores[:, 0].tolist()
    return {
        int(need.id)
        for (need, _), score in zip(questions, scores, strict=True)
        if score >= ABOUT * ends.get(int(need.id), otherwise)
    }


def placed(solutions: Matchers, innovation_id: int, found: AffectedList) -> RematchResult:
    """Return the list as it is now; what is told of the record is made anew in any case."""
    known = {one: row.score for one, row in found.standing.items() if one != innovation_id}
    matcher = solutions.of(found.whom)
    return matcher.match_again(found.question, known, limits(found.whom))


# What looks close while a challenge is typed -------------------------------------------------


@dataclass(frozen=True)
class Close:
    """What looks close to a text, of what its writer may see and is proven."""

    total: int
    best: list[tuple[Innovation, Strength]]
    """The first few, best first."""


def keep_words(catalogue: Catalogue, asking: Asking) -> None:
    """Keep the counted words for `close_to`, which runs in the web process, where they changed."""
    words = _words()
    if not _is_kept(words, catalogue, asking):
        words.replace(StemCounts.of(catalogue, asking).packed())
        _kept.written = catalogue, asking, words.stamp()


def _is_kept(words: Shared, catalogue: Catalogue, asking: Asking) -> bool:
    if _kept.written is None:
        return False
    counted, asked, stamp = _kept.written
    is_same = counted is catalogue and asked is asking and stamp == words.stamp()
    return is_same and StemCounts.is_whole(words.read())


def _words() -> Shared:
    return shared(current_app.config["MATCHING_WORDS"], "matching-words")


def close_to(actor: Actor, need: Need) -> Close | None:
    """Return what looks close to a need, for its writer alone; None before the first job,
    and where its file is damaged: the next job of matching makes it anew.

    What the writer may not see changes nothing of it, not even by making a word rarer.
    """
    words = _kept_words()
    if words is None:
        return None
    seen = comparable(actor)
    shown = [one for one, is_proven in seen.items() if is_proven]
    alike = words.likeness(need, among=shown, background=seen)
    found = {one: value for one, value in alike.items() if value >= WORTH_TELLING}
    first = sorted(found, key=lambda one: (-found[one], one))[:MAX_PREVIEWED_MATCHES]
    return Close(len(found), [(row, strength(found[row.id])) for row in named(first)])


def _kept_words() -> StemCounts | None:
    stamp = _words().stamp()
    try:
        return _read(stamp) if stamp else None
    except (OSError, ValueError) as problem:
        log.warning("nothing is shown that looks close: %s", problem)
        return None


@lru_cache(maxsize=1)
def _read(_stamp: str) -> StemCounts:
    return StemCounts.unpacked(_words().read())

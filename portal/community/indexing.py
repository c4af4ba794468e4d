"""What looks like an idea that is typed: other ideas, open challenges and proven records.

All three are compared by the matcher's own words and weights (`matching.engine`). Of the rows of
this room and of challenges a process keeps what it has counted, and counts anew what changed. What
the reader may not see changes nothing, not even by making a word rarer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeState
from portal.challenges.queries import visible_to as challenge_visible_to
from portal.community.models import Campaign, Idea
from portal.community.policy import Standing
from portal.community.queries import visible_to
from portal.community.rules import SHOWN
from portal.db import db
from portal.innovations.models import Innovation
from portal.matching.engine import Catalogue, Need, Solution
from portal.matching.engine.glance import StemCounts
from portal.matching.indexing import close_to
from portal.matching.rules import WORTH_TELLING

MAX_SIMILAR = 4
"""So many of each kind are shown."""
IDEA_FIELDS = ("title", "problem", "words", "benefit")
CHALLENGE_FIELDS = ("title", "problem", "who_affected", "outcome_wanted")


@dataclass(frozen=True)
class Similar:
    """What looks like a text, best first."""

    ideas: Sequence[Idea]
    challenges: Sequence[Challenge]
    records: Sequence[Innovation]
    """Proven ones."""

    def __bool__(self) -> bool:
        return bool(self.ideas or self.challenges or self.records)


@dataclass
class _Counted:
    """The words of some rows as they were when this process read them."""

    catalogue: Catalogue = field(default_factory=Catalogue)
    texts: dict[int, tuple[str, ...]] = field(default_factory=dict)
    counts: StemCounts | None = None

    def of(self, texts: Mapping[int, tuple[str, ...]]) -> StemCounts:
        """Return the counted words of at least these rows, read anew where they changed."""
        stale = [one for one, words in texts.items() if self.texts.get(one) != words]
        if stale or self.counts is None:
            changed = [_solution(one, texts[one]) for one in stale]
            self.catalogue = self.catalogue.changed(changed, frozenset(stale))
            self.texts.update({one: texts[one] for one in stale})
            self.counts = StemCounts.of(self.catalogue)
        return self.counts


_ideas, _challenges = _Counted(), _Counted()


def need_of(texts: Mapping[str, str]) -> Need:
    """Return what stands in the form of an idea, right or not, as the engine takes it."""
    return Need(0, {"title": texts["title"], "problem": texts["problem"], "idea": texts["words"]})


def similar_to(actor: Actor, standing: Standing, need: Need, besides: int = 0) -> Similar:
    """Return what looks like a need, of what its writer may see; `besides` is the idea itself."""
    ideas = (
        select(Idea.id, *(getattr(Idea, name) for name in IDEA_FIELDS))
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(visible_to(actor, standing), Idea.state.in_(sorted(SHOWN)), Idea.id != besides)
    )
    asked = select(Challenge.id, *(getattr(Challenge, name) for name in CHALLENGE_FIELDS)).where(
        challenge_visible_to(actor), Challenge.state == ChallengeState.OPEN
    )
    close = close_to(actor, need)
    return Similar(
        _ideas_of(_alike(_ideas, ideas, need)),
        _challenges_of(_alike(_challenges, asked, need)),
        [record for record, _ in close.best[:MAX_SIMILAR]] if close else [],
    )


def _alike(counted: _Counted, rows: Select[*tuple[Any, ...]], need: Need) -> list[int]:
    """Return the ids of those rows that are most like a need, best first."""
    texts = {row[0]: tuple(row[1:]) for row in db.session.execute(rows)}
    if not texts or not need.bag:
        return []
    alike = counted.of(texts).likeness(need, among=texts, background=texts)
    telling = [one for one, value in alike.items() if value >= WORTH_TELLING]
    return sorted(telling, key=lambda one: (-alike[one], one))[:MAX_SIMILAR]


def _ideas_of(ids: Sequence[int]) -> list[Idea]:
    found = {one.id: one for one in db.session.scalars(select(Idea).where(Idea.id.in_(ids)))}
    return [found[one] for one in ids if one in found]


def _challenges_of(ids: Sequence[int]) -> list[Challenge]:
    stmt = select(Challenge).where(Challenge.id.in_(ids))
    found = {one.id: one for one in db.session.scalars(stmt)}
    return [found[one] for one in ids if one in found]


def _solution(number: int, texts: Sequence[str]) -> Solution:
    first, *rest = texts
    return Solution(number, {"name": first, "need": " ".join(rest)})

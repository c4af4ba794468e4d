"""What was planned and what was seen of a programme's product, and what an outcome cost. Pure.

Counts are added over quarters that are over and areas that reported; each stands against what was
planned for the same quarters and areas, so that a network that has sent nothing yet makes no
achievement smaller. How many sent nothing is said beside it. Nothing modelled is added.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.programmes.rules.numbers import Share, plain
from portal.programmes.rules.values import Planned
from portal.reference.rules import Quarter


@dataclass(frozen=True, slots=True)
class Realised:
    """Planned against seen, over the same quarters and areas."""

    share: Share | None
    """Seen out of planned; None where nothing was reported."""
    reported: int
    """How many pairs of quarter and area were reported."""
    expected: int
    """How many are over and were planned."""
    first: date | None
    last: date | None
    """First days of the first and the last quarter that is over; None where none is."""

    @property
    def period(self) -> str:
        """Return the quarters in words: "Q1 2026/27 to Q3 2026/27"."""
        if self.first is None or self.last is None:
            return "No quarter of the plan is over"
        quarters = (Quarter.of(self.first), Quarter.of(self.last))
        return " to ".join(dict.fromkeys(f"Q{one.number} {one.years}" for one in quarters))


def realised(cells: Iterable[Planned], today: date) -> Realised:
    """Return what a trajectory's cells come to on a day: the networks' own where they have any,
    else the nation's."""
    over = [one for one in cells if Quarter.of(one.quarter_on).last < today]
    own = [one for one in over if one.hin_id is not None] or over
    seen = [(one.counted, one.planned) for one in own if one.counted is not None]
    days = [one.quarter_on for one in own]
    return Realised(
        share=Share(sum(part for part, _ in seen), sum(whole for _, whole in seen))
        if seen
        else None,
        reported=len(seen),
        expected=len(own),
        first=min(days, default=None),
        last=max(days, default=None),
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """What a programme's fund has spent for each outcome that was seen."""

    pounds: int
    outcomes: float

    @property
    def each(self) -> float:
        """Return pounds for one outcome."""
        return self.pounds / self.outcomes

    @property
    def words(self) -> str:
        """Return the sum with its numbers: "£12,400 ÷ 3,210 = £3.86"."""
        return f"£{self.pounds:,} ÷ {plain(self.outcomes)} = £{self.each:,.2f}"


def cost(spent: int | None, found: Realised) -> Cost | None:
    """Return the cost of an outcome; None where no spend or no outcome is known."""
    if not spent or found.share is None or not found.share.part:
        return None
    return Cost(spent, found.share.part)

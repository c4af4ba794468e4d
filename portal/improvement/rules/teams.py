"""Whether teams take part, how many stayed, and how far their cycles are. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.adoption.rules.shares import Share
from portal.improvement.models import Cycle, Decision, TeamState, TeamStatus

TESTING = frozenset({TeamStatus.RECRUITED, TeamStatus.ACTIVE, TeamStatus.PAUSED})
"""Those that take part: a team that was recruited stays one until it finishes or withdraws."""
FOLLOWS: Mapping[TeamStatus, Sequence[TeamStatus]] = {
    TeamStatus.RECRUITED: (TeamStatus.ACTIVE, TeamStatus.WITHDRAWN),
    TeamStatus.ACTIVE: (TeamStatus.PAUSED, TeamStatus.FINISHED, TeamStatus.WITHDRAWN),
    TeamStatus.PAUSED: (TeamStatus.ACTIVE, TeamStatus.FINISHED, TeamStatus.WITHDRAWN),
    TeamStatus.FINISHED: (TeamStatus.ACTIVE,),
    TeamStatus.WITHDRAWN: (TeamStatus.RECRUITED,),
}
"""What may come after what."""


def status_on(rows: Iterable[TeamState], on: date) -> TeamState | None:
    """Return the newest state of a team by a day, by its day and then by its number; None before
    the team was recruited."""
    fitting = [row for row in rows if row.on <= on]
    return max(fitting, key=lambda row: (row.on, row.id), default=None)


@dataclass(frozen=True, slots=True)
class Retention:
    """How many of the teams that were ever recruited by a day stand where."""

    counts: Mapping[TeamStatus, int]

    @property
    def recruited(self) -> int:
        """Return how many were ever recruited."""
        return sum(self.counts.values())

    @property
    def taking_part(self) -> int:
        """Return how many take part."""
        return sum(self.counts[status] for status in TESTING)

    @property
    def kept(self) -> Share:
        """Return those that did not withdraw, of all that were recruited."""
        return Share(self.recruited - self.counts[TeamStatus.WITHDRAWN], self.recruited)


def retention(states: Iterable[TeamState | None]) -> Retention:
    """Return where teams stand, from the newest state of each; None was not recruited yet."""
    found = [row.status for row in states if row is not None]
    return Retention({status: found.count(status) for status in TeamStatus})


def cycle_step(cycle: Cycle) -> str:
    """Return how far a cycle is, in words: what was filled in last."""
    if cycle.decision is not None:
        return cycle.decision.label
    if cycle.studied:
        return "Studied"
    return "Done" if cycle.did else "Planned"


def decisions(cycles: Sequence[Cycle]) -> dict[Decision, int]:
    """Return how many cycles ended with which decision."""
    return {one: sum(cycle.decision is one for cycle in cycles) for one in Decision}

"""How far something has spread over the places that could use it. Pure.

Unknown and "asked, no answer" are told apart and count as stage 0 in every denominator; so do
stopped, declined and not relevant here. Who is in the denominator is said by the list of eligible
places alone.
"""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.adoption.rules.history import Position, is_stalled
from portal.adoption.rules.shares import Share
from portal.innovations.models import AdoptionState
from portal.innovations.rules.adoption import ENDED, INTRODUCED, STATES
from portal.reference.rules import Quarter

Pair = tuple[int, int]
"""A site and an innovation, by their numbers: of a group of products a site makes several."""
Positions = Mapping[Pair, Position | None]
"""By pair; None where nobody asked."""


class Move(enum.StrEnum):
    """What became of a site between two days."""

    NEW = "new"
    UP = "up"
    DOWN = "down"
    STOPPED = "stopped"


MOVE_LABELS = {
    Move.NEW: "Newly at stage 1 or above",
    Move.UP: "Moved up",
    Move.DOWN: "Fell",
    Move.STOPPED: "Stopped or declined",
}


def state_of(position: Position | None) -> AdoptionState:
    """Return a site's state: unknown where nobody asked."""
    return position.state if position else AdoptionState.STAGE_0


def tally(found: Positions) -> dict[AdoptionState, int]:
    """Return how many sites stand where, every state in the order of pages."""
    unknown = AdoptionState.STAGE_0
    counts = Counter(one.state if one else unknown for one in found.values())
    return {state: counts[state] for state in STATES}


def share_of(counts: Mapping[AdoptionState, int], level: int) -> Share:
    """Return the share of sites at a stage or above, of how many stand where."""
    reached = sum(number for state, number in counts.items() if state.level >= level)
    return Share(reached, sum(counts.values()))


def answered(found: Positions, on: date) -> Share:
    """Return the share of sites of which something was said in the quarter up to the day."""
    first = Quarter.of(on).first
    said = sum(
        position is not None
        and position.said_on >= first
        and position.state not in (AdoptionState.NO_ANSWER, AdoptionState.STAGE_0)
        for position in found.values()
    )
    return Share(said, len(found))


def move(before: AdoptionState, after: AdoptionState) -> Move | None:
    """Return how a site moved; None where it did not.

    One that stops or declines is that alone; of the others the stage decides.
    """
    if after in ENDED:
        return Move.STOPPED if before not in ENDED else None
    if before.level < INTRODUCED <= after.level:
        return Move.NEW
    if after.level == before.level:
        return None
    return Move.UP if after.level > before.level else Move.DOWN


def moves(before: Positions, after: Positions) -> dict[Pair, Move]:
    """Return which sites moved and how; those that could use it on one of the days only did not
    move."""
    found = {
        pair: move(state_of(before[pair]), state_of(position))
        for pair, position in after.items()
        if pair in before
    }
    return {pair: one for pair, one in found.items() if one is not None}


def stalled(found: Positions, on: date) -> list[Pair]:
    """Return the sites that have begun, do not use it and have not moved for two quarters."""
    return [pair for pair, position in found.items() if is_stalled(position, on)]


@dataclass(frozen=True, slots=True)
class GroupTotals:
    """Three different totals of a group of products."""

    pairs: int
    """Of a site and a product."""
    sites: int
    """Sites with one of the products or more."""
    trusts: int
    """Trusts that run such a site, or are one."""


def group_totals(pairs: Iterable[Pair], trust_of: Mapping[int, int]) -> GroupTotals:
    """Return the totals of pairs of site and innovation; a site that no trust runs has none."""
    every = set(pairs)
    sites = {site_id for site_id, _ in every}
    trusts = {trust_of[site_id] for site_id in sites if site_id in trust_of}
    return GroupTotals(len(every), len(sites), len(trusts))

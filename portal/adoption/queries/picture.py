"""The tables of a page about spread, worked out from what was read once."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.adoption.queries.spread import EVERYWHERE, Narrowing, Spread
from portal.adoption.rules import spread as rules
from portal.adoption.rules.history import Position, sustained
from portal.adoption.rules.money import IN_SERVICE, NOT_STATED, flow, split
from portal.adoption.rules.shares import Share, added
from portal.adoption.rules.spread import Move, Pair, Positions
from portal.innovations.models import AdoptionState
from portal.innovations.rules.adoption import IN_USE, STATES, waiting
from portal.reference.models import Ics
from portal.reference.rules import Quarter

QUARTERS = 8
PREPARING = 3
BANDS: Sequence[tuple[str, frozenset[AdoptionState]]] = (
    (
        "In use (stages 5 to 7)",
        frozenset({AdoptionState.STAGE_5, AdoptionState.STAGE_6, AdoptionState.STAGE_7}),
    ),
    (
        "Getting ready or trying it (3 and 4)",
        frozenset({AdoptionState.STAGE_3, AdoptionState.STAGE_4}),
    ),
    ("Contacted (1 and 2)", frozenset({AdoptionState.STAGE_1, AdoptionState.STAGE_2})),
    (
        "Not begun, not asked or ended",
        frozenset(STATES[-1:])
        | {
            AdoptionState.NO_ANSWER,
            AdoptionState.STOPPED,
            AdoptionState.DECLINED,
            AdoptionState.NOT_RELEVANT,
        },
    ),
)
"""Four bands are what a bar can show; the table beside it has every state."""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One network, system or England: how many of its sites stand where."""

    code: str
    name: str
    counts: Mapping[AdoptionState, int]
    at_3: Share
    at_5: Share
    answered: Share

    @property
    def total(self) -> int:
        """Return how many could use it."""
        return self.at_3.denominator

    @property
    def unknown(self) -> int:
        """Return how many nobody asked."""
        return self.counts[AdoptionState.STAGE_0]

    @property
    def no_answer(self) -> int:
        """Return how many were asked and gave no answer."""
        return self.counts[AdoptionState.NO_ANSWER]

    @property
    def bands(self) -> list[int]:
        """Return the numbers of the bar."""
        return [sum(self.counts[state] for state in held) for _, held in BANDS]


def area_row(code: str, name: str, found: Positions, on: date) -> AreaRow:
    """Return the row of one area."""
    counts = rules.tally(found)
    return AreaRow(
        code,
        name,
        counts,
        rules.share_of(counts, PREPARING),
        rules.share_of(counts, IN_USE),
        rules.answered(found, on),
    )


def by_hin(spread: Spread, found: Positions, on: date) -> list[AreaRow]:
    """Return a row for each network in whose area a place lies, by name."""
    names = {hin.id: (hin.code, hin.name) for hin in spread.areas.hins.values()}
    return _rows(found, on, names, lambda site_id: spread.areas.hin_id(site_id, on))


def by_ics(
    spread: Spread, found: Positions, on: date, icss: Iterable[Ics], every: bool = False
) -> list[AreaRow]:
    """Return a row for each system in which a place lies, or for each there is, by name."""
    names = {one.id: (one.code, one.name) for one in icss}
    return _rows(found, on, names, lambda site_id: spread.areas.ics_id(site_id, on), every)


def by_kind(spread: Spread, found: Positions, on: date) -> list[AreaRow]:
    """Return a row for each kind of place, the most frequent first."""
    kinds = {one.site_id: one.kind for one in spread.places}
    names = {kind: (kind.value, kind.label) for kind in set(kinds.values())}
    rows = _rows(found, on, names, kinds.get)
    return sorted(rows, key=lambda row: (-row.total, row.name))


def _rows(
    found: Positions,
    on: date,
    names: Mapping[Any, tuple[str, str]],
    where: Callable[[int], Any],
    every: bool = False,
) -> list[AreaRow]:
    held: dict[Any, dict[Pair, Position | None]] = {key: {} for key in names} if every else {}
    for pair, position in found.items():
        held.setdefault(where(pair[0]), {})[pair] = position
    rows = [
        area_row(*names.get(key, ("", "In no area that is known")), mine, on)
        for key, mine in held.items()
    ]
    return sorted(rows, key=lambda row: (not row.code, row.name))


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """How far it had spread at the end of a quarter."""

    label: str
    on: date
    at_3: Share
    at_5: Share
    unknown: int


def over_quarters(spread: Spread, narrowing: Narrowing, on: date) -> list[QuarterRow]:
    """Return the last eight quarters up to a day, the oldest first; the running one as it is."""
    quarters = [Quarter.of(on)]
    while len(quarters) < QUARTERS:
        quarters.append(quarters[-1].previous)
    rows = []
    for quarter in reversed(quarters):
        day = min(quarter.last, on)
        counts = rules.tally(spread.positions(day, narrowing))
        at_3, at_5 = (rules.share_of(counts, level) for level in (PREPARING, IN_USE))
        unknown = counts[AdoptionState.STAGE_0]
        rows.append(QuarterRow(f"Q{quarter.number} {quarter.years}", day, at_3, at_5, unknown))
    return rows


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """A funding status on two days."""

    code: str
    label: str
    before: int
    after: int


@dataclass(frozen=True)
class SpreadPage:
    """Everything that a page about spread shows."""

    england: AreaRow
    areas: Sequence[AreaRow]
    systems: Sequence[AreaRow]
    kinds: Sequence[AreaRow]
    quarters: Sequence[QuarterRow]
    moves: Mapping[Move, int]
    stalled: int
    sustained: Mapping[int, Share]
    money: Sequence[MoneyRow]
    flows: Sequence[tuple[str, str, int]]
    in_service: int
    claims: int
    """Places that the innovator alone says use it."""
    indicative: int
    totals: Mapping[str, rules.GroupTotals]
    """Pairs, sites and trusts: that could use it, and that use it."""


def page(
    spread: Spread,
    narrowing: Narrowing,
    on: date,
    since: date,
    icss: Sequence[Ics],
    labels: Mapping[str, str],
) -> SpreadPage:
    """Work out a page."""
    found = spread.positions(on, narrowing)
    before = spread.positions(since, narrowing)
    moved = Counter(rules.moves(before, found).values())
    money, flows = _money(spread, found, on, since, labels)
    return SpreadPage(
        england=area_row("", "England" if narrowing == EVERYWHERE else "These places", found, on),
        areas=by_hin(spread, found, on),
        systems=by_ics(spread, found, on, icss),
        kinds=by_kind(spread, found, on),
        quarters=over_quarters(spread, narrowing, on),
        moves={one: moved[one] for one in Move},
        stalled=len(rules.stalled(found, on)),
        sustained={months: _sustained(spread, found, on, months) for months in (12, 24)},
        money=money,
        flows=flows,
        in_service=len(in_service(found)),
        claims=len(claimed(spread, found, on)),
        indicative=sum(one is not None and one.is_indicative for one in found.values()),
        totals=totals(spread, found),
    )


def in_service(found: Positions) -> list[Pair]:
    """Return the pairs of which the money is asked: in use in part or everywhere."""
    return [pair for pair, one in found.items() if rules.state_of(one).level >= IN_SERVICE]


def claimed(spread: Spread, found: Positions, on: date) -> set[Pair]:
    """Return the pairs of which a claim of use waits to be confirmed on a day."""
    return {(row.site_id, row.innovation_id) for row in waiting(spread.rows, on)} & set(found)


def _sustained(spread: Spread, found: Positions, on: date, months: int) -> Share:
    return added(
        sustained(history, [site_id for site_id, one in found if one == number], on, months)
        for number, history in spread.histories.items()
    )


def _money(
    spread: Spread, found: Positions, on: date, since: date, labels: Mapping[str, str]
) -> tuple[list[MoneyRow], list[tuple[str, str, int]]]:
    before_at = spread.of([one for one in spread.places if not one.left_out_why], since)
    before = [pair for pair in in_service(before_at) if pair in found]
    after = in_service(found)
    then, now = spread.money(since), spread.money(on)
    was, is_ = split(before, then), split(after, now)
    codes = [code for code in labels if code in was or code in is_]
    codes += sorted({*was, *is_} - set(codes))
    rows = [
        MoneyRow(code, labels.get(code, code), was.get(code, 0), is_.get(code, 0)) for code in codes
    ]
    both = flow(set(before) & set(after), then, now)
    flows = [(labels.get(a, a), labels.get(b, b), n) for (a, b), n in sorted(both.items())]
    return rows, flows


def totals(spread: Spread, found: Positions) -> dict[str, rules.GroupTotals]:
    """Return pairs, sites and trusts, of all that could use it and of those that do."""
    trusts = {one.site_id: one.trust_id for one in spread.places if one.trust_id is not None}
    using = [pair for pair, one in found.items() if rules.state_of(one).level >= IN_USE]
    return {
        "eligible": rules.group_totals(found, trusts),
        "in_use": rules.group_totals(using, trusts),
    }


__all__ = ["NOT_STATED", "AreaRow", "SpreadPage", "by_hin", "by_ics", "page"]

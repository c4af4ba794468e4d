"""Where a place stands with an innovation on a day, from its dated rows. Pure: rows in.

A row counts unless another one, known by then, corrects it. Of those that count and had begun by
the end of the day the newest tells: by its day, then by the order in which they were recorded. An
innovator's own claim is told apart and does not count until somebody else says so. Where parts of a
place have rows of their own, the place stands where the furthest of them stands. The same rule is
SQL in `queries.adoption`; a property test compares the two.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from portal.innovations.models import AdoptionSource, AdoptionState

IN_USE = 5
"""From this stage on a place uses it; one stage below it tries it out, or a part of it does."""
TRIAL = 4
INTRODUCED = 1

ORDER = (
    AdoptionState.NOT_RELEVANT,
    AdoptionState.STAGE_0,
    AdoptionState.NO_ANSWER,
    AdoptionState.DECLINED,
    AdoptionState.STOPPED,
    *(AdoptionState(f"STAGE_{number}") for number in range(1, 8)),
)
"""From what tells least to what tells most: of several parts of a place the last one tells."""
RANK = {state: rank for rank, state in enumerate(ORDER)}
STATES = (
    *(AdoptionState(f"STAGE_{number}") for number in range(7, 0, -1)),
    AdoptionState.STOPPED,
    AdoptionState.DECLINED,
    AdoptionState.NOT_RELEVANT,
    AdoptionState.NO_ANSWER,
    AdoptionState.STAGE_0,
)
"""In the order of pages: the furthest first, unknown last."""
ENDED = frozenset({AdoptionState.STOPPED, AdoptionState.DECLINED})


class StageRow(Protocol):
    """What the rules read of a row."""

    @property
    def id(self) -> int: ...
    @property
    def site_id(self) -> int | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def state(self) -> AdoptionState: ...
    @property
    def on(self) -> date: ...
    @property
    def at(self) -> datetime: ...
    @property
    def source(self) -> AdoptionSource: ...
    @property
    def corrects_id(self) -> int | None: ...


class ClaimRow(StageRow, Protocol):
    """What the rule of claims reads of a row besides."""

    @property
    def innovation_id(self) -> int: ...
    @property
    def confirms_id(self) -> int | None: ...


R = TypeVar("R", bound=StageRow)
C = TypeVar("C", bound=ClaimRow)


def standing(rows: Iterable[R], known: datetime | None = None) -> list[R]:
    """Return the rows that nothing corrects, claims among them, as known before a moment."""
    there = [row for row in rows if known is None or row.at < known]
    corrected = {row.corrects_id for row in there}
    return [row for row in there if row.id not in corrected]


def counted(rows: Iterable[R], known: datetime | None = None) -> list[R]:
    """Return the rows that count: standing, and not an innovator's own claim."""
    return [row for row in standing(rows, known) if row.source is not AdoptionSource.INNOVATOR]


def newest(rows: Iterable[R], on: date) -> R | None:
    """Return the row that tells of the end of the day, of rows of one part of one place."""
    begun = [row for row in rows if row.on <= on]
    return max(begun, key=lambda row: (row.on, row.id), default=None)


def waiting(rows: Sequence[C], on: date) -> list[C]:
    """Return the innovator's claims of use that wait to be confirmed at the end of a day, of places
    of the directory, by the day from which they hold.

    A claim is the innovator's last word on a part of a place that nobody confirmed, where it says
    use or trial. It waits until somebody else says, after it was recorded, where the place stands;
    where the place is known to be as far there is nothing to confirm.
    """
    begun = [row for row in standing(rows) if row.site_id is not None and row.on <= on]
    confirmed = {row.confirms_id for row in rows}
    claims: dict[tuple[int, int | None, str], C] = {}
    others: dict[tuple[int, int | None], list[C]] = {}
    for row in sorted(begun, key=lambda one: (one.on, one.id)):
        if row.source is not AdoptionSource.INNOVATOR:
            others.setdefault((row.innovation_id, row.site_id), []).append(row)
        elif row.id not in confirmed:
            claims[row.innovation_id, row.site_id, row.unit] = row
    return [
        row
        for row in sorted(claims.values(), key=lambda one: (one.on, one.id))
        if row.state.level >= TRIAL
        and not _is_answered(row, others.get((row.innovation_id, row.site_id), ()), on)
    ]


def _is_answered(claim: StageRow, others: Sequence[StageRow], on: date) -> bool:
    """Whether others said since where the place of a claim stands, or knew it to be as far."""
    if any(row.id > claim.id for row in others):
        return True
    last = (newest(mine, on) for mine in by_part(others).values())
    return any(row is not None and RANK[row.state] >= RANK[claim.state] for row in last)


def by_part(rows: Iterable[R]) -> dict[tuple[int | None, str], list[R]]:
    """Return rows by place and part of it."""
    found: dict[tuple[int | None, str], list[R]] = {}
    for row in rows:
        found.setdefault((row.site_id, row.unit), []).append(row)
    return found


def positions(rows: Sequence[R], on: date, known: datetime | None = None) -> dict[int, R]:
    """Return the row that tells of each site of the directory on the day, by the site's number;
    a site without one was never asked."""
    found: dict[int, R] = {}
    for (site_id, _), mine in by_part(counted(rows, known)).items():
        row = newest(mine, on)
        if row is None or site_id is None:
            continue
        before = found.get(site_id)
        if before is None or _tells_more(row, before):
            found[site_id] = row
    return found


def _tells_more(row: StageRow, than: StageRow) -> bool:
    return (RANK[row.state], row.on, row.id) > (RANK[than.state], than.on, than.id)


def state_of(found: Mapping[int, StageRow], site_id: int) -> AdoptionState:
    """Return where a site stands: unknown where nobody asked."""
    row = found.get(site_id)
    return row.state if row else AdoptionState.STAGE_0


def needs_reason(before: AdoptionState, after: AdoptionState) -> bool:
    """Whether a change has to say why: it stops, declines or falls. Not to be relevant, or to
    know less, is a fall where it was at a stage before. What has ended already is no change."""
    return after is not before and (after in ENDED or after.level < before.level)


@dataclass(frozen=True, slots=True)
class UsePeriod:
    """A time in which a part of a place used it or tried it out, as lines of a record tell it."""

    begins: StageRow
    """The row that tells of it: the first, or what confirmed it."""
    is_trial: bool
    from_on: date
    until_on: date | None
    """The last day."""
    ends: StageRow | None


def spells(rows: Iterable[StageRow]) -> list[UsePeriod]:
    """Return the times of use of one part of one place, claims among them, the oldest first."""
    days: dict[date, StageRow] = {}
    for row in sorted(standing(rows), key=lambda one: (one.on, one.id)):
        days[row.on] = row
    found: list[UsePeriod] = []
    for row in days.values():
        last = found[-1] if found and found[-1].until_on is None else None
        is_same = last is not None and _kind(last.begins.state) == _kind(row.state)
        if last is not None and is_same:
            found[-1] = _told_by(last, row)
            continue
        if last is not None:
            end = row.on - timedelta(days=1)
            found[-1] = UsePeriod(last.begins, last.is_trial, last.from_on, end, row)
        if _kind(row.state):
            found.append(UsePeriod(row, row.state.level == TRIAL, row.on, None, None))
    return found


def _kind(state: AdoptionState) -> int:
    return min(state.level, IN_USE) if state.level >= TRIAL else 0


def _told_by(spell: UsePeriod, row: StageRow) -> UsePeriod:
    """A claim that somebody else says again is theirs from then on."""
    is_claim = spell.begins.source is AdoptionSource.INNOVATOR
    begins = row if is_claim else spell.begins
    return UsePeriod(begins, spell.is_trial, spell.from_on, None, None)

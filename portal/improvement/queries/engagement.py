"""Who is engaged, by kind of stakeholder, network and quarter, against how many there are."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.adoption.rules.shares import Share
from portal.db import by_name, db
from portal.errors import NotFound
from portal.improvement.models import (
    NetworkMeeting,
    SafetyNetwork,
    StakeholderKind,
    StakeholderTotal,
)
from portal.programmes.models import Programme, ProgrammeValue, ValueKind
from portal.programmes.rules.values import standing, with_nation
from portal.reference.rules import Quarter


@dataclass(frozen=True, slots=True)
class StakeholderCount:
    """One kind of stakeholder in a quarter."""

    kind: StakeholderKind
    total: int | None
    """How many there are in England on the quarter's last day; None where nobody knows."""
    now: float | None
    """How many are engaged; None is not known, never 0."""
    before: float | None
    """The same in the quarter before."""
    by_hin: dict[int, float] = field(default_factory=dict)
    source: str = ""

    @property
    def share(self) -> Share | None:
        """Return how many of all are engaged; None where either is not known."""
        if self.now is None or self.total is None:
            return None
        return Share(int(self.now), self.total)

    @property
    def words(self) -> str:
        """Return it in words: "14 of 14 (100%)", "81", "Not known"."""
        if self.now is None:
            return "Not known"
        return self.share.words if self.share else f"{self.now:,.0f}"

    @property
    def change(self) -> str:
        """Return the change against the quarter before: "+3", "−1", "0", "Not known"."""
        if self.now is None or self.before is None:
            return "Not known"
        by = int(self.now - self.before)
        return f"+{by:,}" if by > 0 else f"−{-by:,}" if by < 0 else "0"


def kinds(programme_ids: Collection[int] | None = None) -> Sequence[StakeholderKind]:
    """Return the kinds of stakeholder of some programmes, or all of them, by programme and name."""
    found = select(StakeholderKind).join(StakeholderKind.programme)
    if programme_ids is not None:
        found = found.where(StakeholderKind.programme_id.in_(programme_ids))
    return db.session.scalars(
        found.options(
            joinedload(StakeholderKind.programme), joinedload(StakeholderKind.measure)
        ).order_by(by_name(Programme.name), by_name(StakeholderKind.name), StakeholderKind.id)
    ).all()


def kind_for(kind_id: int) -> StakeholderKind:
    """Return a kind of stakeholder; raises NotFound."""
    found = db.session.get(StakeholderKind, kind_id)
    if found is None:
        raise NotFound("There is no such kind of stakeholder.")
    return found


def totals_on(on: date) -> dict[int, int]:
    """Return how many of each kind there are in England on a day, by the number of the kind."""
    rows = db.session.scalars(
        select(StakeholderTotal)
        .where(StakeholderTotal.from_on <= on)
        .order_by(StakeholderTotal.from_on, StakeholderTotal.id)
    )
    return {row.kind_id: row.total for row in rows}


def totals_of(kind_id: int) -> Sequence[StakeholderTotal]:
    """Return every total that was said of a kind, the newest first."""
    return db.session.scalars(
        select(StakeholderTotal)
        .where(StakeholderTotal.kind_id == kind_id)
        .order_by(StakeholderTotal.from_on.desc(), StakeholderTotal.id.desc())
    ).all()


Key = tuple[int, int, str]


def engaged_in(quarter: Quarter, found: Sequence[StakeholderKind]) -> list[StakeholderCount]:
    """Return how many of some kinds are engaged in a quarter and were in the one before: two
    statements. England is its own row where it has one, else the sum of its networks."""
    rows = _values(quarter, found)
    totals = totals_on(quarter.last)
    return [
        _engaged(kind, rows.get(_key(kind), []), quarter, totals.get(kind.id)) for kind in found
    ]


def _key(kind: StakeholderKind) -> Key:
    return kind.programme_id, kind.measure_id, kind.part


def _values(quarter: Quarter, found: Sequence[StakeholderKind]) -> dict[Key, list[ProgrammeValue]]:
    rows = db.session.scalars(
        select(ProgrammeValue)
        .where(
            ProgrammeValue.programme_id.in_({kind.programme_id for kind in found}),
            ProgrammeValue.measure_id.in_({kind.measure_id for kind in found}),
            ProgrammeValue.kind == ValueKind.ACTUAL,
            ProgrammeValue.quarter_on.in_([quarter.first, quarter.previous.first]),
        )
        .order_by(ProgrammeValue.id)
    ).all()
    sorted_out: dict[Key, list[ProgrammeValue]] = defaultdict(list)
    for row in standing(rows):
        sorted_out[row.programme_id, row.measure_id, row.part].append(row)
    return sorted_out


def _engaged(
    kind: StakeholderKind, rows: Sequence[ProgrammeValue], quarter: Quarter, total: int | None
) -> StakeholderCount:
    cells = with_nation(
        {
            (row.quarter_on, row.hin_id): row.value
            for row in rows
            if row.quarter_on is not None and row.value is not None
        }
    )
    national = [row for row in rows if row.hin_id is None and row.quarter_on == quarter.first]
    return StakeholderCount(
        kind,
        total,
        cells.get((quarter.first, None)),
        cells.get((quarter.previous.first, None)),
        {
            hin_id: value
            for (first, hin_id), value in cells.items()
            if first == quarter.first and hin_id is not None
        },
        national[-1].source if national else "",
    )


def value_of(kind: StakeholderKind, quarter: Quarter, hin_id: int | None) -> ProgrammeValue | None:
    """Return the value that stands for a kind, a quarter and a network (None: England)."""
    rows = _values(quarter, [kind]).get(_key(kind), [])
    mine = [row for row in rows if row.hin_id == hin_id and row.quarter_on == quarter.first]
    return mine[-1] if mine else None


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """A network of people with its meetings."""

    network: SafetyNetwork
    meetings: Sequence[NetworkMeeting]

    def state_on(self, on: date) -> str:
        """Return how it stands on a day: "Planned", "Running" or "Ended"."""
        network = self.network
        if network.ended_on is not None and network.ended_on <= on:
            return "Ended"
        is_running = network.running_from is not None and network.running_from <= on
        return "Running" if is_running else "Planned"

    @property
    def attendances(self) -> int:
        """Return how many attendances its meetings had; who came twice counts twice."""
        return sum(one.people for one in self.meetings)


def networks(
    programme_ids: Collection[int] | None = None, hin_id: int | None = None
) -> list[NetworkRow]:
    """Return networks of people with their meetings, by Health Innovation Network and name."""
    found = select(SafetyNetwork)
    if programme_ids is not None:
        found = found.where(SafetyNetwork.programme_id.in_(programme_ids))
    if hin_id is not None:
        found = found.where(SafetyNetwork.hin_id == hin_id)
    rows = db.session.scalars(
        found.options(joinedload(SafetyNetwork.hin), joinedload(SafetyNetwork.programme)).order_by(
            SafetyNetwork.hin_id, by_name(SafetyNetwork.name), SafetyNetwork.id
        )
    ).all()
    meetings: dict[int, list[NetworkMeeting]] = defaultdict(list)
    for one in db.session.scalars(
        select(NetworkMeeting)
        .where(NetworkMeeting.network_id.in_([row.id for row in rows]))
        .order_by(NetworkMeeting.on.desc(), NetworkMeeting.id.desc())
    ):
        meetings[one.network_id].append(one)
    return [NetworkRow(row, meetings[row.id]) for row in rows]


def network_for(network_id: int) -> SafetyNetwork:
    """Return a network of people; raises NotFound."""
    found = db.session.get(SafetyNetwork, network_id)
    if found is None:
        raise NotFound("There is no such network.")
    return found

"""A driver diagram as it stood on a day, and where its nodes may be moved. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from portal.errors import Invalid
from portal.improvement.models import Confidence, NodeKind, Origin

SOONEST, LAST = -1e9, 1e9
"""Before and after every place."""
MAX_NODES = 400
"""So many aims, drivers and change ideas a diagram may have: more could not be read."""
MAX_DEPTH = 6


class StateRow(Protocol):
    """What is asked of a row of states."""

    @property
    def id(self) -> int: ...
    @property
    def node_id(self) -> int: ...
    @property
    def on(self) -> date: ...
    @property
    def at(self) -> datetime: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def place(self) -> float: ...
    @property
    def kind(self) -> NodeKind: ...
    @property
    def words(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def is_ended(self) -> bool: ...
    @property
    def why(self) -> str: ...
    @property
    def origin(self) -> Origin: ...
    @property
    def confidence(self) -> Confidence | None: ...
    @property
    def source(self) -> str: ...
    @property
    def note(self) -> str: ...


@dataclass(slots=True)
class Branch:
    """A node as it stood on the day, with what stands below it in its order."""

    row: StateRow
    depth: int = 0
    parent: "Branch | None" = None
    children: list["Branch"] = field(default_factory=list)

    @property
    def id(self) -> int:
        """Return the number of the node."""
        return self.row.node_id

    @property
    def label(self) -> str:
        """Return what it is: "Aim", "Primary driver", "Secondary driver", "Change idea"."""
        if self.row.kind is not NodeKind.DRIVER:
            return self.row.kind.label
        return "Primary driver" if self.depth == 1 else "Secondary driver"

    @property
    def is_sure(self) -> bool:
        """Whether nothing says that the source may have it otherwise."""
        return self.row.confidence in (None, Confidence.HIGH)

    def walk(self) -> Iterator["Branch"]:
        """Return it and everything below it, as an outline is read."""
        yield self
        for child in self.children:
            yield from child.walk()


def standing(
    rows: Iterable[StateRow], on: date, known: datetime | None = None
) -> dict[int, StateRow]:
    """Return the state of each node on a day, by its number: the newest by day, then by number, as
    known at a moment (None: now). What ended by the day is left out, whatever was said of later
    days, until its end is taken back: a row of that day or a later one, written after it."""
    found: dict[int, StateRow] = {}
    ended: dict[int, int] = {}
    for row in sorted(rows, key=lambda one: (one.on, one.id)):
        if row.on > on or (known is not None and row.at > known):
            continue
        found[row.node_id] = row
        if row.is_ended:
            ended[row.node_id] = max(row.id, ended.get(row.node_id, 0))
        elif row.id > ended.get(row.node_id, row.id):
            del ended[row.node_id]
    return {number: row for number, row in found.items() if number not in ended}


def outline(rows: Iterable[StateRow], on: date, known: datetime | None = None) -> list[Branch]:
    """Return the aims of a day (one, where the diagram has any), each with what stands below it. A
    node whose parent ended by the day is no part of it."""
    there = {number: Branch(row) for number, row in standing(rows, on, known).items()}
    for branch in sorted(there.values(), key=lambda one: (one.row.place, one.id)):
        above = there.get(branch.row.parent_id or 0)
        if above is not None:
            branch.parent = above
            above.children.append(branch)
    aims = [one for one in there.values() if one.row.parent_id is None]
    aims.sort(key=lambda one: (one.row.place, one.id))
    for aim in aims:
        _deepen(aim, 0)
    return aims


def _deepen(branch: Branch, depth: int) -> None:
    branch.depth = depth
    for child in branch.children:
        _deepen(child, depth + 1)


def nodes(aims: Sequence[Branch]) -> list[Branch]:
    """Return every node of an outline, in the order in which it is read."""
    return [branch for aim in aims for branch in aim.walk()]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a node is to stand: below which one, at which place among its children."""

    parent: Branch
    index: int
    after: float
    before: float

    @property
    def place(self) -> float | None:
        """Return a place between its neighbours; None where no number lies between them, so that
        the neighbours must be given new places."""
        if self.after <= SOONEST and self.before >= LAST:
            return 0.0
        if self.after <= SOONEST:
            return self.before - 1.0
        if self.before >= LAST:
            return self.after + 1.0
        middle = (self.after + self.before) / 2
        return middle if self.after < middle < self.before else None


def _spot(parent: Branch, index: int, *, without: Branch | None = None) -> Spot:
    """Return the spot before the child with this index, as if `without` stood elsewhere."""
    children = [one for one in parent.children if one is not without]
    after = children[index - 1].row.place if index > 0 else SOONEST
    before = children[index].row.place if index < len(children) else LAST
    return Spot(parent, index, after, before)


def spot_below(near: Branch) -> Spot:
    """Return the spot for a new node right after another, on its level; raises Invalid for the aim,
    of which a diagram has one."""
    if near.parent is None:
        raise Invalid("A diagram has one aim: add inside it", field="node")
    return _spot(near.parent, near.parent.children.index(near) + 1)


def spot_inside(near: Branch) -> Spot:
    """Return the spot for a new node at the end of what stands below another."""
    return _spot(near, len(near.children))


def check_below(kind: NodeKind, parent: Branch, height: int = 1) -> None:
    """Raise Invalid where something of this kind, `height` levels high, may not stand."""
    if kind is NodeKind.DRIVER and parent.row.kind is NodeKind.IDEA:
        raise Invalid("A driver cannot stand below a change idea", field="node")
    if parent.depth + height > MAX_DEPTH:
        raise Invalid(f"A diagram has at most {MAX_DEPTH} levels below its aim", field="node")


def height_of(branch: Branch) -> int:
    """Return how many levels a node and what stands below it take."""
    return 1 + max((height_of(child) for child in branch.children), default=0)


def spot_moved(branch: Branch, way: str) -> Spot:
    """Return where a node comes to stand when it is moved "up", "down", "in" or "out".

    Raises Invalid, with why, where it cannot be moved so.
    """
    parent = branch.parent
    if parent is None:
        raise Invalid("The aim stays where it is", field="node")
    index = parent.children.index(branch)
    spot = {"up": _up, "down": _down, "in": _in, "out": _out}[way](branch, parent, index)
    check_below(branch.row.kind, spot.parent, height_of(branch))
    return spot


def _up(branch: Branch, parent: Branch, index: int) -> Spot:
    if index == 0:
        raise Invalid("It is the first on its level already", field="node")
    return _spot(parent, index - 1, without=branch)


def _down(branch: Branch, parent: Branch, index: int) -> Spot:
    if index == len(parent.children) - 1:
        raise Invalid("It is the last on its level already", field="node")
    return _spot(parent, index + 1, without=branch)


def _in(branch: Branch, parent: Branch, index: int) -> Spot:
    if index == 0:
        raise Invalid("Nothing stands above it on its level: move it down first", field="node")
    return spot_inside(parent.children[index - 1])


def _out(branch: Branch, parent: Branch, _index: int) -> Spot:
    if parent.parent is None:
        raise Invalid("It stands directly below the aim already", field="node")
    return spot_below(parent)


def end_of(rows: Iterable[StateRow], node_id: int) -> StateRow | None:
    """Return the row that ends a node, now or on a day to come, and was not taken back; of several
    the one that was written last. None where nothing does."""
    mine = [row for row in rows if row.node_id == node_id]
    ends = [row for row in mine if row.is_ended and not _is_taken_back(row, mine)]
    return max(ends, key=lambda row: row.id, default=None)


def _is_taken_back(end: StateRow, mine: Iterable[StateRow]) -> bool:
    return any(not row.is_ended and row.id > end.id and row.on >= end.on for row in mine)


def before_end(rows: Iterable[StateRow], end: StateRow) -> StateRow:
    """Return what a node said when it ended."""
    mine = [row for row in rows if row.node_id == end.node_id and not row.is_ended]
    return max((row for row in mine if row.on <= end.on), key=lambda row: (row.on, row.id))


def ended_now(rows: Sequence[StateRow]) -> list[tuple[StateRow, StateRow]]:
    """Return what ends, by now or on a day to come, each with what it said then: the newest end
    first."""
    ends = [end for number in {row.node_id for row in rows} if (end := end_of(rows, number))]
    ends.sort(key=lambda end: (end.on, end.id), reverse=True)
    return [(end, before_end(rows, end)) for end in ends]

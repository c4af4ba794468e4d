"""What changed in a driver diagram between two days. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.improvement.rules.outline import Branch, StateRow, nodes, outline


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of a node between two days."""

    what: str
    """"Added", "Ended", "Reworded", "Moved", or several of the last."""
    label: str
    before: str
    """Its words on the first day, "" where it was not there."""
    after: str
    why: str = ""


def differences(rows: Sequence[StateRow], first: date, second: date) -> list[Difference]:
    """Return what changed from one day to another: what is there on the second day in its order,
    then what was there on the first and is gone."""
    before = {one.id: one for one in nodes(outline(rows, first))}
    after = {one.id: one for one in nodes(outline(rows, second))}
    moved = _moved(before, after)
    found = [_difference(before.get(number), one, moved) for number, one in after.items()]
    whys = {row.node_id: row.why for row in rows if row.is_ended}
    gone = [
        Difference("Ended", one.label, said(one.row), "", whys.get(number, ""))
        for number, one in before.items()
        if number not in after
    ]
    return [one for one in found if one is not None] + gone


def _difference(before: Branch | None, after: Branch, moved: set[int]) -> Difference | None:
    if before is None:
        return Difference("Added", after.label, "", said(after.row))
    what = [
        name
        for name, is_so in (
            ("reworded", said(before.row) != said(after.row)),
            ("moved", after.id in moved),
            ("of another kind", before.label != after.label),
        )
        if is_so
    ]
    if not what:
        return None
    words = ", ".join(what)
    return Difference(words[0].upper() + words[1:], after.label, said(before.row), said(after.row))


def said(row: StateRow) -> str:
    """Return what a node says, with its target: "Smoke-free pregnancies (94% by March 2023)"."""
    return f"{row.words} ({row.target})" if row.target else row.words


def _moved(before: Mapping[int, Branch], after: Mapping[int, Branch]) -> set[int]:
    """Return those that stand below another node, or in another order among those that stayed."""
    moved = set()
    for number, branch in after.items():
        was = before.get(number)
        if was is None:
            continue
        if branch.row.parent_id != was.row.parent_id:
            moved.add(number)
        moved |= _reordered(was, branch)
    return moved


def _reordered(before: Branch, after: Branch) -> set[int]:
    """Return the fewest children of a node that were moved, so that the others kept their order:
    those outside the longest run of the old order that the new one still has."""
    stayed = {one.id for one in before.children} & {one.id for one in after.children}
    was = {one.id: n for n, one in enumerate(before.children)}
    now = [one.id for one in after.children if one.id in stayed]
    return stayed - set(_longest_rising(now, was))


def _longest_rising(numbers: Sequence[int], place: Mapping[int, int]) -> list[int]:
    best: list[list[int]] = []
    for n, number in enumerate(numbers):
        runs = [best[k] for k in range(n) if place[numbers[k]] < place[number]]
        best.append([*max(runs, key=len, default=[]), number])
    return max(best, key=len, default=[])

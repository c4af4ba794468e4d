"""What a reader may see of counts: whole places from their parts, and small numbers. Pure.

Charts, tables, files and sentences are all made from what comes out of here, so that limits,
titles and the order of a list tell no more than the numbers do. The rule itself is the one of
`programmes.rules.numbers`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.improvement.rules.spc_chart import Reading
from portal.programmes.rules.numbers import Shown, disclosed, disclosed_total, disclosed_whole


@dataclass(frozen=True, slots=True)
class CountedReading:
    """What was counted in a period, as it is; `parts` is 0 where it was entered itself."""

    count: float | None
    out_of: float | None = None
    parts: int = 0
    reading_id: int | None = None


Readings = Mapping[date, CountedReading]


def whole(own: Readings, parts: Sequence[Readings], *, adds_up: bool) -> dict[date, CountedReading]:
    """Return the readings of a place: its own, else the sum of what its parts counted.

    Numerators and denominators are added, percentages never.
    """
    days = {day for part in parts for day in part} if adds_up else set()
    found: dict[date, CountedReading] = {}
    for day in sorted(days | set(own)):
        told = [part[day] for part in parts if day in part]
        found[day] = own[day] if day in own else _sum(told)
    return found


def _sum(told: Sequence[CountedReading]) -> CountedReading:
    known = [one for one in told if one.count is not None]
    if not known:
        return CountedReading(None, parts=len(told))
    out_of = [one.out_of for one in known if one.out_of is not None]
    return CountedReading(
        sum(one.count or 0.0 for one in known),
        sum(out_of) if out_of else None,
        sum(max(one.parts, 1) for one in known),
    )


def shown(day: date, of: CountedReading, *, is_exact: bool) -> Reading:
    """Return a reading of a network or a place in it: as it is, or by the rule of small numbers."""
    if of.count is None or is_exact:
        return Reading(day, of.count, of.out_of, False, of.parts, of.reading_id)
    return _reading(day, of, disclosed(of.count), _disclosed(of.out_of))


def shown_whole(
    day: date, of: CountedReading, parts: Iterable[CountedReading], *, is_exact: bool
) -> Reading:
    """Return a reading of a network beside those of the places in it: neither follows from the
    other."""
    if of.count is None or is_exact:
        return shown(day, of, is_exact=True)
    told = [one for one in parts if one.count is not None]
    count, _ = disclosed_whole(of.count, [one.count or 0.0 for one in told])
    out_of = of.out_of
    if out_of is not None:
        out_of, _ = disclosed_whole(out_of, [one.out_of or 0.0 for one in told])
    return _reading(day, of, count, out_of)


@dataclass(frozen=True, slots=True)
class NetworkCount:
    """What a network that is shown by the rule counted, with the places in it."""

    whole: CountedReading
    parts: Sequence[CountedReading]

    def shown(self) -> tuple[Shown, Shown]:
        """Return how its count and its denominator are shown."""
        told = [one for one in self.parts if one.count is not None]
        return (
            disclosed_whole(self.whole.count or 0.0, [one.count or 0.0 for one in told]),
            disclosed_whole(self.whole.out_of or 0.0, [one.out_of or 0.0 for one in told]),
        )


def shown_nation(day: date, of: CountedReading, hidden: Iterable[NetworkCount]) -> Reading:
    """Return a reading of the nation, beside parts that the reader sees by the rule: it is as it
    is, but where one of the parts would follow from it."""
    if of.count is None:
        return Reading(day, None, of.out_of, False, of.parts, of.reading_id)
    told = [one for one in hidden if one.whole.count is not None]
    ways = [one.shown() for one in told]
    counts = [one.whole.count or 0.0 for one in told]
    count = disclosed_total(of.count, counts, [way for way, _ in ways])
    out_of = of.out_of
    if out_of is not None:
        parts = [one.whole.out_of or 0.0 for one in told]
        out_of = disclosed_total(out_of, parts, [way for _, way in ways])
    return _reading(day, of, count, out_of)


def _disclosed(count: float | None) -> float | None:
    return None if count is None else disclosed(count)


def _reading(day: date, of: CountedReading, count: float | None, out_of: float | None) -> Reading:
    is_hidden = count is None or (of.out_of is not None and out_of is None)
    if is_hidden:
        return Reading(day, None, None, True, of.parts, of.reading_id)
    return Reading(day, count, out_of, False, of.parts, of.reading_id)


def withheld(day: date, of: CountedReading) -> Reading:
    """Return a reading of which nothing is shown: each point of a chart of rare events is a case
    of its own."""
    return Reading(day, None, None, True, 0, of.reading_id)

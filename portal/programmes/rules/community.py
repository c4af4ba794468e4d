"""How many people events reached: sums that say of how many events nothing is known. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.programmes.models import EventKind, ProgrammeEvent


@dataclass(frozen=True, slots=True)
class EventAttendance:
    """The events of one kind that have been, and who came."""

    label: str
    events: int
    attended: int
    unknown: int
    """Of so many events nobody said how many came."""


def reached(events: Iterable[ProgrammeEvent], day: date) -> list[EventAttendance]:
    """Return the sums of each kind of event that has been by a day, and of all where there are
    several kinds; none where nothing has been."""
    been = [one for one in events if one.on <= day]
    kinds = [kind for kind in EventKind if any(one.kind is kind for one in been)]
    rows = [_sum(kind.label, [one for one in been if one.kind is kind]) for kind in kinds]
    return [*rows, _sum("All", been)] if len(rows) > 1 else rows


def _sum(label: str, events: list[ProgrammeEvent]) -> EventAttendance:
    known = [one.attended for one in events if one.attended is not None]
    return EventAttendance(label, len(events), sum(known), len(events) - len(known))

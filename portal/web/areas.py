"""What stands on the page of an integrated care system: rooms contribute its parts.

`portal/rooms.py` names each room's once, in the order of the page; the page itself knows no room's
tables. It is the same for everybody, so a part tells only what anybody may read. An `ics` is a row
of the reference data, which this package does not know.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

EXTENSION = "portal-area-parts"


@dataclass(frozen=True, slots=True)
class AreaOnDay:
    """The area that is shown, and for which day."""

    ics: Any
    ids: frozenset[int]
    """The numbers of the area and of those that became part of it: organisations and what they
    wrote keep the area that they name."""
    on: date
    """Today; of an area that ended its last day."""
    is_past: bool


@dataclass(frozen=True, slots=True)
class AreaPart:
    """A part of the page: its heading, and a template of the room's own below it."""

    code: str
    """What the address of the part ends with: "#use"."""
    title: str
    template: str
    values: Callable[[AreaOnDay], Mapping[str, Any]]
    """Return what the template shows, in few statements: strangers open the page."""

"""What stands on the home page: rooms contribute its cards, what is asked of a person, and lists.

`portal/rooms.py` names each room's once; the page itself knows no room's tables. A reader is an
`accounts.models.Actor`, which this package does not know.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select

from portal.web.charts import Spark

Reader = Any
Counts = Mapping[str, int]
"""What was counted, by code."""


@dataclass(frozen=True, slots=True)
class HomeCard:
    """A number with the list behind it, of those whom `may` lets see it."""

    code: str
    label: Callable[[], str]
    may: Callable[[Reader], bool]
    count: Callable[[Reader], Select[Any]]
    """Return a statement with one number: all cards are counted in one statement."""
    href: Callable[[], str]
    sub: Callable[[Counts], str] = lambda _: ""
    """The words below the label, from all the counts."""
    also: Mapping[str, Callable[[Reader], Select[Any]]] = field(default_factory=dict)
    """More that `sub` needs, counted with it."""
    picture: Callable[[Reader], Spark | None] | None = None
    """A small line; its sentence stands below the label."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that is asked of a person: its title leads to where it is done."""

    title: str
    href: str
    who: str
    """Who asks."""
    due_on: date | None = None


Asks = Callable[[Reader], Sequence[Ask]]


@dataclass(frozen=True, slots=True)
class HomeList:
    """A list of a room's own, shown by a template of that room below the cards."""

    template: str
    may: Callable[[Reader], bool]
    values: Callable[[Reader], Mapping[str, Any]]
    """Return what the template shows."""


def in_order(asks: Sequence[Ask]) -> list[Ask]:
    """Return what is asked, the earliest day first, what has no day last."""
    return sorted(asks, key=lambda ask: (ask.due_on is None, ask.due_on or date.max))

"""What stands on the home page: rooms contribute its cards, what is asked of a person, and lists.

`portal/rooms.py` names each room's once; the page itself knows no room's tables. A reader is an
`accounts.models.Actor`, which this package does not know.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

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
    """Return a statement with one number, or with several that `sub` needs, each under its code:
    all cards are counted in one or two statements, which are put together once for all who act
    alike (`accounts.queries.alike`)."""
    href: Callable[[], str]
    sub: Callable[[Counts], str] = lambda _: ""
    """The words below the label, from all the counts."""
    also: Mapping[str, Callable[[Reader], Select[Any]]] = field(default_factory=dict)
    """More that `sub` needs, counted with it."""
    own: Callable[[Reader], Select[Any]] | None = None
    """A statement with what is added for this reader alone, where `count` gives a number that is
    the same for all of their organisation or role: that one is kept until a row changes."""
    picture: Callable[[Reader], Spark | None] | None = None
    """A small line; its sentence stands below the label."""


class AskRow(NamedTuple):
    """One thing that is asked of a person, as its source's statement gives it."""

    id: int
    """Of the row that it is about: what the address needs."""
    key: str
    """What else the address or the words need: a kind, a section or a state."""
    text: str
    """Words that somebody typed: the title of a task, the change wanted."""
    name: str
    """The innovation that it is about."""
    who: str
    """Who asks."""
    due_on: date | None


@dataclass(frozen=True, slots=True)
class AskSource:
    """One kind of what is asked of people, of those whom `may` lets be asked."""

    may: Callable[[Reader], bool]
    rows: Callable[[Reader], Select[*tuple[Any, ...]]]
    """Return a statement with columns named as in `AskRow`; `id` alone must be there. It is not
    in order: all sources are read in one statement, the earliest day first, put together once for
    all who act alike."""
    title: Callable[[AskRow], str]
    href: Callable[[AskRow], str]


@dataclass(frozen=True, slots=True)
class HomeList:
    """A list of a room's own, shown by a template of that room below the cards."""

    template: str
    may: Callable[[Reader], bool]
    values: Callable[[Reader], Mapping[str, Any]]
    """Return what the template shows."""

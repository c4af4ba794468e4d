"""Sums of a fund, by theme and by network: worked out from applications, never typed. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.programmes.models import ApplicationState, FundApplication
from portal.programmes.rules.numbers import Share
from portal.text import folded, folded_for_sorting


@dataclass(frozen=True, slots=True)
class Sum:
    """The applications of one theme, one network, or all: how many, how much in pounds."""

    label: str
    applications: int
    awards: int
    awarded: int
    spent: int
    waiting: int = 0
    """Applications that are not decided: among the applications, and nobody was refused yet."""

    @property
    def won(self) -> Share:
        """Return the awards out of the applications."""
        return Share(self.awards, self.applications)


def can_be_changed(row: FundApplication, day: date) -> bool:
    """Whether what is applied for can still be changed: before it is decided, while the round is
    open, so that nobody asks for more after having seen what others were given."""
    is_open = row.round.opens_on <= day <= row.round.closes_on
    return is_open and row.state is ApplicationState.APPLIED


def in_all(rows: Iterable[FundApplication], label: str = "In all") -> Sum:
    """Return the sum of applications."""
    found = list(rows)
    won = [row for row in found if row.state is ApplicationState.AWARDED]
    awarded = sum(row.awarded or 0 for row in won)
    spent = sum(row.spent or 0 for row in won)
    waiting = sum(row.state is ApplicationState.APPLIED for row in found)
    return Sum(label, len(found), len(won), awarded, spent, waiting)


def by_theme(rows: Sequence[FundApplication]) -> list[Sum]:
    """Return a sum for each theme, by its name; together they are all."""
    return _by(rows, lambda row: row.theme)


def by_network(rows: Sequence[FundApplication]) -> list[Sum]:
    """Return a sum for each network, by its name; together they are all."""
    return _by(rows, lambda row: row.hin.name)


def _by(rows: Sequence[FundApplication], key: Callable[[FundApplication], str]) -> list[Sum]:
    called: dict[str, str] = {}
    for row in rows:
        called.setdefault(folded(key(row)), key(row))
    return [
        in_all([row for row in rows if folded(key(row)) == name], label)
        for name, label in sorted(called.items(), key=lambda one: folded_for_sorting(one[1]))
    ]

"""What a weekly email says of a table: its figures, and what changed since the last one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

WEEK = timedelta(days=7)
SLACK = timedelta(hours=12)
"""The job does not run at the same second every day: a week is nearly seven days."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the email."""

    name: str
    count: float
    before: float | None
    """What the last email said; None in the first email."""

    @property
    def words(self) -> str:
        """Return "+3", "−2", "no change", or nothing in the first email."""
        if self.before is None:
            return ""
        by = self.count - self.before
        return "no change" if by == 0 else f"{'+' if by > 0 else '−'}{abs(by):,}"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question that people save, named by the room that knows how to answer it."""

    noun: str
    """What one is called, as in "the saved search"."""
    plural: str
    most: int | None = None
    """How many a person may keep; None for any number."""


def is_due(told_at: datetime | None, now: datetime) -> bool:
    """Whether a week has passed since the last email, or none was sent yet."""
    return told_at is None or told_at <= now - WEEK + SLACK


def changes(now: Mapping[str, float], before: Mapping[str, float]) -> list[Change]:
    """Return a line for every figure, gone ones too; `before` is empty in the first email."""
    names: Iterable[str] = dict.fromkeys([*now, *before])
    return [
        Change(name, now.get(name, 0), before.get(name, 0) if before else None) for name in names
    ]

"""What support knows by itself: which outcome may follow which, and when a record is proven.

The rules of *proven* are this product's own, worked out from what adopters ask for before they
take up somebody else's solution: published results, results from a real service, somebody who
uses it already, a finished product, and the approvals that the law demands. No outside scheme is
copied; a change here changes what counts from that day, never what was verified before.
"""

import calendar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.support.models import EngagementState

LONDON = ZoneInfo("Europe/London")

LIVE = frozenset(set(EngagementState) - {EngagementState.UNSUITABLE, EngagementState.CLOSED})
"""States in which a HIN still works with the innovation, or is about to."""

STATE_WORDS = {
    EngagementState.NEW: "New",
    EngagementState.ASSESSING: "Assessing",
    EngagementState.ENGAGING: "Engaging",
    EngagementState.WAITING: "Waiting",
    EngagementState.CHANGES: "Changes requested",
    EngagementState.UNSUITABLE: "Unsuitable",
    EngagementState.CLOSED: "Closed",
}


PICKED_UP_FROM = frozenset(
    {EngagementState.NEW, EngagementState.UNSUITABLE, EngagementState.CLOSED}
)
"""Who reopens what was ended reads it again before deciding."""

OUTCOMES: dict[EngagementState, tuple[EngagementState, ...]] = {
    EngagementState.NEW: (),
    EngagementState.ASSESSING: (
        EngagementState.ENGAGING,
        EngagementState.WAITING,
        EngagementState.CHANGES,
        EngagementState.UNSUITABLE,
    ),
    EngagementState.ENGAGING: (
        EngagementState.WAITING,
        EngagementState.CHANGES,
        EngagementState.CLOSED,
    ),
    EngagementState.WAITING: (
        EngagementState.ENGAGING,
        EngagementState.WAITING,
        EngagementState.CHANGES,
        EngagementState.UNSUITABLE,
        EngagementState.CLOSED,
    ),
    EngagementState.CHANGES: (
        EngagementState.ENGAGING,
        EngagementState.WAITING,
        EngagementState.UNSUITABLE,
        EngagementState.CLOSED,
    ),
    EngagementState.UNSUITABLE: (),
    EngagementState.CLOSED: (),
}
"""Which outcomes may follow a state. A new case is picked up and read before it is decided."""

LEVELS = (1, 2, 3, 4)


def is_overdue(due_on: date | None, today: date) -> bool:
    """Whether the promised day has passed; the day itself is still in time."""
    return due_on is not None and due_on < today


def due_words(due_on: date | None, today: date) -> str:
    """Return the deadline in words: "Overdue by 3 days", "Due today", "Due in 2 days" or ""."""
    if due_on is None:
        return ""
    days = (due_on - today).days
    if days == 0:
        return "Due today"
    amount = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"Due in {amount}" if days > 0 else f"Overdue by {amount}"


def day_words(day: date) -> str:
    """Return a day as "5 November 2026"."""
    return f"{day.day} {day:%B %Y}"


def moment_words(at: datetime) -> str:
    """Return a moment as "5 November 2026 at 14:30", England's time."""
    moment = at.astimezone(LONDON)
    return f"{moment.day} {moment:%B %Y} at {moment:%H:%M}"


def months_after(start: date, months: int) -> date:
    """Return the same day so many months on, or that month's last day where it is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


# Proven

"""What support knows by itself: which states are live and which outcome may follow which."""

from portal.support.models import EngagementState

LIVE = frozenset(set(EngagementState) - {EngagementState.UNSUITABLE, EngagementState.CLOSED})
"""States in which a HIN still works with the innovation, or is about to."""


WORKED_ON = LIVE - {EngagementState.NEW}
"""Somebody picked it up, and its support goes on."""
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


# Proven

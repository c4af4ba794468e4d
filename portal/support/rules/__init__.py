"""What support knows by itself: which outcome may follow which, and when a record is proven.

The rules of *proven* are this product's own, worked out from what adopters ask for before they
take up somebody else's solution: published results, results from a real service, somebody who
uses it already, a finished product, and the approvals that the law demands. No outside scheme is
copied; a change here changes what counts from that day, never what was verified before.
"""

from portal.support.models import EngagementState

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


# Proven

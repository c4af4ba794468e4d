"""The tables of improvement, by what they tell of."""

from portal.improvement.models.diagrams import (
    Confidence,
    Diagram,
    Node,
    NodeKind,
    NodeMeasure,
    NodeRecord,
    NodeState,
    Origin,
)
from portal.improvement.models.people import (
    Lesson,
    NetworkMeeting,
    SafetyNetwork,
    StakeholderKind,
    StakeholderTotal,
)
from portal.improvement.models.teams import (
    Cycle,
    Decision,
    Team,
    TeamKind,
    TeamState,
    TeamStatus,
    WithdrawalReason,
)

__all__ = [
    "Confidence",
    "Cycle",
    "Decision",
    "Diagram",
    "Lesson",
    "NetworkMeeting",
    "Node",
    "NodeKind",
    "NodeMeasure",
    "NodeRecord",
    "NodeState",
    "Origin",
    "SafetyNetwork",
    "StakeholderKind",
    "StakeholderTotal",
    "Team",
    "TeamKind",
    "TeamState",
    "TeamStatus",
    "WithdrawalReason",
]

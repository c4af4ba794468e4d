"""The tables of support, by what they tell of."""

from portal.support.models.cases import (
    Engagement,
    EngagementChange,
    EngagementState,
    LevelChange,
)
from portal.support.models.figures import FigureFreeze, FrozenFigure
from portal.support.models.interactions import (
    BudgetAnswer,
    BudgetAsk,
    Interaction,
    InteractionEvent,
    InteractionKind,
    Participant,
    interaction_event_term,
)
from portal.support.models.milestones import MilestoneReached
from portal.support.models.validations import (
    Validation,
    ValidationChange,
    ValidationReport,
    ValidationState,
    validation_term,
)

__all__ = [
    "BudgetAnswer",
    "BudgetAsk",
    "Engagement",
    "EngagementChange",
    "EngagementState",
    "FigureFreeze",
    "FrozenFigure",
    "Interaction",
    "InteractionEvent",
    "InteractionKind",
    "LevelChange",
    "MilestoneReached",
    "Participant",
    "Validation",
    "ValidationChange",
    "ValidationReport",
    "ValidationState",
    "interaction_event_term",
    "validation_term",
]

"""The tables of support, by what they tell of."""

from portal.support.models.cases import (
    Engagement,
    EngagementChange,
    EngagementState,
    LevelChange,
)
from portal.support.models.validations import Validation, ValidationState

__all__ = [
    "Engagement",
    "EngagementChange",
    "EngagementState",
    "LevelChange",
    "Validation",
    "ValidationState",
]

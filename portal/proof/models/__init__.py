"""The tables of proof, by what they tell of."""

from portal.proof.models.milestones import MilestoneReached
from portal.proof.models.validations import (
    Validation,
    ValidationChange,
    ValidationReport,
    ValidationState,
    validation_term,
)

__all__ = [
    "MilestoneReached",
    "Validation",
    "ValidationChange",
    "ValidationReport",
    "ValidationState",
    "validation_term",
]

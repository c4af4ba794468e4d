"""The tables of support, by what they tell of."""

from portal.desk.models import Capacity, MessageTemplate
from portal.proof.models.milestones import MilestoneReached
from portal.proof.models.validations import (
    Validation,
    ValidationChange,
    ValidationReport,
    ValidationState,
    validation_term,
)
from portal.support.models.cases import (
    Engagement,
    EngagementChange,
    EngagementState,
    LeadChange,
    LevelChange,
)
from portal.support.models.closings import Closing, ClosingReason, Survey, SurveyAnswer
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
from portal.support.models.matters import (
    Doer,
    Matter,
    MatterFile,
    MatterMessage,
    MatterReader,
    MatterState,
)
from portal.support.models.messages import DeskMessage
from portal.support.models.partnerships import Partnership, PartnershipReview
from portal.support.models.promises import Exemption, PromiseReminder, ReminderKind
from portal.support.models.proposals import Proposal, ProposalKind, ProposalState

__all__ = [
    "BudgetAnswer",
    "BudgetAsk",
    "Capacity",
    "Closing",
    "ClosingReason",
    "DeskMessage",
    "Doer",
    "Engagement",
    "EngagementChange",
    "EngagementState",
    "Exemption",
    "FigureFreeze",
    "FrozenFigure",
    "Interaction",
    "InteractionEvent",
    "InteractionKind",
    "LeadChange",
    "LevelChange",
    "Matter",
    "MatterFile",
    "MatterMessage",
    "MatterReader",
    "MatterState",
    "MessageTemplate",
    "MilestoneReached",
    "Participant",
    "Partnership",
    "PartnershipReview",
    "PromiseReminder",
    "Proposal",
    "ProposalKind",
    "ProposalState",
    "ReminderKind",
    "Survey",
    "SurveyAnswer",
    "Validation",
    "ValidationChange",
    "ValidationReport",
    "ValidationState",
    "interaction_event_term",
    "validation_term",
]

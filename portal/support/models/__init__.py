"""The tables of support, by what they tell of."""

from portal.support.models.cases import (
    Engagement,
    EngagementChange,
    EngagementState,
    LeadChange,
    LeadPersonChange,
    LevelChange,
)
from portal.support.models.closings import Closing, ClosingReason, Survey, SurveyAnswer
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
    "Closing",
    "ClosingReason",
    "DeskMessage",
    "Doer",
    "Engagement",
    "EngagementChange",
    "EngagementState",
    "Exemption",
    "Interaction",
    "InteractionEvent",
    "InteractionKind",
    "LeadChange",
    "LeadPersonChange",
    "LevelChange",
    "Matter",
    "MatterFile",
    "MatterMessage",
    "MatterReader",
    "MatterState",
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
    "interaction_event_term",
]

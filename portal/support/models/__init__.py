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
from portal.support.models.directory import Certainty, DirectoryEntry, HelperKind, Signpost
from portal.support.models.due_dates import DueDateReminder, Exemption, ReminderKind
from portal.support.models.interactions import (
    BudgetAnswer,
    BudgetAsk,
    Interaction,
    InteractionKind,
    InteractionShare,
    Participant,
    interaction_term,
)
from portal.support.models.messages import DeskMessage
from portal.support.models.partnerships import Partnership, PartnershipReview
from portal.support.models.proposals import Proposal, ProposalKind, ProposalState
from portal.support.models.tasks import (
    THREADS,
    Assignee,
    Task,
    TaskFile,
    TaskMessage,
    TaskReader,
    TaskState,
)

__all__ = [
    "THREADS",
    "Assignee",
    "BudgetAnswer",
    "BudgetAsk",
    "Certainty",
    "Closing",
    "ClosingReason",
    "DeskMessage",
    "DirectoryEntry",
    "DueDateReminder",
    "Engagement",
    "EngagementChange",
    "EngagementState",
    "Exemption",
    "HelperKind",
    "Interaction",
    "InteractionKind",
    "InteractionShare",
    "LeadChange",
    "LeadPersonChange",
    "LevelChange",
    "Participant",
    "Partnership",
    "PartnershipReview",
    "Proposal",
    "ProposalKind",
    "ProposalState",
    "ReminderKind",
    "Signpost",
    "Survey",
    "SurveyAnswer",
    "Task",
    "TaskFile",
    "TaskMessage",
    "TaskReader",
    "TaskState",
    "interaction_term",
]

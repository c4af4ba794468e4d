"""The tables of programmes, by what they tell of."""

from portal.programmes.models.aims import Aim, Rating, RatingOverride
from portal.programmes.models.funds import ApplicationState, FundApplication, FundRound
from portal.programmes.models.lists import ProgrammeList
from portal.programmes.models.mandate import (
    Answer,
    Comparison,
    MandateCriterion,
    MandateResult,
)
from portal.programmes.models.measures import (
    Basis,
    CountingRule,
    Direction,
    Measure,
    ProgrammeValue,
    Quality,
    Trajectory,
    TrajectoryPoint,
    ValueKind,
)
from portal.programmes.models.notes import (
    DeliveryStep,
    NoteKind,
    Outcome,
    ProgrammeNote,
    QuarterReview,
    ReviewState,
)
from portal.programmes.models.programmes import (
    ProductRole,
    Programme,
    ProgrammeKind,
    ProgrammeLead,
    ProgrammeProduct,
    ProgrammeResource,
    programme_setting,
)
from portal.programmes.models.proposals import (
    Assessor,
    Chosen,
    Decision,
    PanelWeights,
    Proposal,
    Score,
    SelectionCriterion,
)

__all__ = [
    "Aim",
    "Answer",
    "ApplicationState",
    "Assessor",
    "Basis",
    "Chosen",
    "Comparison",
    "CountingRule",
    "Decision",
    "DeliveryStep",
    "Direction",
    "FundApplication",
    "FundRound",
    "MandateCriterion",
    "MandateResult",
    "Measure",
    "NoteKind",
    "Outcome",
    "PanelWeights",
    "ProductRole",
    "Programme",
    "ProgrammeKind",
    "ProgrammeLead",
    "ProgrammeList",
    "ProgrammeNote",
    "ProgrammeProduct",
    "ProgrammeResource",
    "ProgrammeValue",
    "Proposal",
    "Quality",
    "QuarterReview",
    "Rating",
    "RatingOverride",
    "ReviewState",
    "Score",
    "SelectionCriterion",
    "Trajectory",
    "TrajectoryPoint",
    "ValueKind",
    "programme_setting",
]

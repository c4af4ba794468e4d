"""The tables of programmes, by what they tell of."""

from portal.programmes.models.aims import Aim, Rating, RatingOverride
from portal.programmes.models.funds import ApplicationState, FundApplication, FundRound
from portal.programmes.models.lists import ProgrammeList
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

__all__ = [
    "Aim",
    "ApplicationState",
    "Basis",
    "CountingRule",
    "DeliveryStep",
    "Direction",
    "FundApplication",
    "FundRound",
    "Measure",
    "NoteKind",
    "Outcome",
    "ProductRole",
    "Programme",
    "ProgrammeKind",
    "ProgrammeLead",
    "ProgrammeList",
    "ProgrammeNote",
    "ProgrammeProduct",
    "ProgrammeResource",
    "ProgrammeValue",
    "Quality",
    "QuarterReview",
    "Rating",
    "RatingOverride",
    "ReviewState",
    "Trajectory",
    "TrajectoryPoint",
    "ValueKind",
    "programme_setting",
]

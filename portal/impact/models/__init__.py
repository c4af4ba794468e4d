"""Company returns, estimates, and what is told of a day."""

from portal.impact.models.estimates import Cash, Effect, Estimate, EstimateChoice
from portal.impact.models.events import EventKind, ImpactEvent
from portal.impact.models.returns import (
    CompanyReturn,
    HeardInvestment,
    InvestmentKind,
    ReturnCampaign,
    ReturnInvestment,
    ReturnKey,
    ReturnNetwork,
    ReturnState,
    ReturnStep,
    StepKind,
    Via,
)

__all__ = [
    "Cash",
    "CompanyReturn",
    "Effect",
    "Estimate",
    "EstimateChoice",
    "EventKind",
    "HeardInvestment",
    "ImpactEvent",
    "InvestmentKind",
    "ReturnCampaign",
    "ReturnInvestment",
    "ReturnKey",
    "ReturnNetwork",
    "ReturnState",
    "ReturnStep",
    "StepKind",
    "Via",
]

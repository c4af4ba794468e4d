"""Company returns and estimates."""

from portal.impact.models.estimates import Cash, Effect, Estimate, EstimateChoice
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
    "HeardInvestment",
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

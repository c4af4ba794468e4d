"""The tables of adoption, by what they tell of. Where a place stands: `innovations.Adoption`."""

from portal.adoption.models.funding import Funding
from portal.adoption.models.lists import (
    Cohort,
    CohortPlace,
    EligibleList,
    EligiblePlace,
    GroupMember,
    HasSubject,
    ProductGroup,
)
from portal.adoption.models.sheets import Sheet, SheetRow, SheetState

__all__ = [
    "Cohort",
    "CohortPlace",
    "EligibleList",
    "EligiblePlace",
    "Funding",
    "GroupMember",
    "HasSubject",
    "ProductGroup",
    "Sheet",
    "SheetRow",
    "SheetState",
]

"""What matching contributes to the public page of an integrated care system."""

from portal.matching.queries.judging import published_in_area
from portal.web.areas import AreaPart

UNMET = AreaPart(
    "unmet-needs",
    "Unmet needs",
    "matching/_area_part.html",
    lambda area: {"unmet_needs": published_in_area(area.ids)},
)

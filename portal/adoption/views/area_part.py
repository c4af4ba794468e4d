"""What adoption contributes to the public page of an integrated care system."""

from portal.adoption.queries.in_area import used_in_area
from portal.web.areas import AreaPart

IN_USE = AreaPart(
    "use",
    "What is in use, and how far",
    "adoption/_area_part.html",
    lambda area: {"used": used_in_area(area.ids, area.on)},
)

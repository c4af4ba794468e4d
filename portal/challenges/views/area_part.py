"""What challenges contribute to the public page of an integrated care system."""

from portal.challenges.queries.areas import open_in_area
from portal.clock import today
from portal.web.areas import AreaPart

OPEN = AreaPart(
    "challenges",
    "Open challenges and calls",
    "challenges/_area_part.html",
    lambda area: {"challenges": open_in_area(area.ids, today())},
)

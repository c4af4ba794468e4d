"""What content contributes to the public page of an integrated care system."""

from portal.exchange.queries.content import in_area
from portal.exchange.serialise.content import address
from portal.web.areas import AreaPart

CONTENT = AreaPart(
    "content",
    "Case studies and more",
    "exchange/_area_part.html",
    lambda area: {"items": in_area(area.ids, area.on), "address": address},
)

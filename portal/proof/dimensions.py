"""By what of proof innovations are counted and filtered (`portal/rooms.py`)."""

from portal.figures.dimensions import PROOF, Dimension, DimensionSet, yes, yes_or_no
from portal.innovations.queries.on_day import is_proven_on

DIMENSIONS = DimensionSet(
    [
        Dimension(
            "proven",
            "Proven",
            PROOF,
            "Verified by HIN staff against the coded rules, not yet lapsed and not withdrawn by "
            "the end of the day. Never self-declared.",
            yes_or_no("Proven", "Not proven"),
            "Dated verifications by HIN staff",
            column=lambda day: yes(is_proven_on(day)),
            is_dated=True,
            none="",
        )
    ]
)

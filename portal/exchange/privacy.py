"""Where people stand in the exchange."""

from portal.personal import Place

PLACES = (
    Place(
        "area_fact",
        "facts on the pages of areas",
        typed="words more state unit counts period partners note",
        plain="code qualifier link source",
    ),
)

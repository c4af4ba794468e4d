"""Where people stand in improvement."""

from portal.personal import Place

PLACES = (
    Place(
        "improvement_measure",
        "measures over time",
        typed="name numerator denominator exclusions data_source unit",
    ),
    Place("measure_series", "places that count measures", typed="team"),
    Place("measure_reading", "readings of measures", typed="source corrected_why"),
    Place("measure_mark", "marks on charts", typed="words"),
    Place("measure_target", "goals of measures", typed="why"),
)

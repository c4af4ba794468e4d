"""Where people stand in improvement."""

from portal.personal import Place

PLACES = (
    Place("driver_diagram", "driver diagrams"),
    Place("driver_node", plain="code"),
    Place("driver_node_state", "drivers and change ideas", typed="words target why source note"),
    Place("driver_node_record", "records of change ideas"),
    Place("driver_node_measure", plain="part"),
    Place("driver_node_chart", "measures of drivers"),
    Place("testing_team", "teams that test changes", typed="name"),
    Place("testing_team_state", "steps of teams", typed="words"),
    Place(
        "pdsa_cycle",
        "cycles of plan, do, study, act",
        typed="question plan prediction measured did studied decided_why",
    ),
    Place(
        "stakeholder_kind",
        "kinds of stakeholder",
        plain="code name level part confidence source note",
    ),
    Place("stakeholder_total", "totals of kinds of stakeholder", typed="source"),
    Place("safety_network", "networks of people", typed="name"),
    Place("network_meeting", "meetings of networks", typed="words"),
    Place("improvement_lesson", "what was learnt", typed="title words audience"),
    Place("site_survey", "surveys of places", plain="template", typed="name"),
    Place("site_survey_count", plain="question"),
    Place("site_survey_words", plain="question", typed="words"),
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

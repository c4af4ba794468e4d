"""Where people stand in proof."""

from portal.personal import Place

PLACES = (
    Place(
        "validation",
        "validations",
        typed="question site partner method numbers result",
        plain="report_url",
    ),
    Place("validation_change", "steps of validations", typed="why"),
    Place(
        "validation_report",
        "reports of validations",
        typed="name",
        plain="stored media_type",
        files="validations",
    ),
    Place("milestone_reached", "milestones", typed="evidence undone_why", plain="link"),
    Place("proven_status", "proven statuses", typed="findings withdrawn_why"),
)

"""Where people stand in proof."""

from portal.personal import Place
from portal.proof.models import ValidationReport

PLACES = (
    Place(
        "validation",
        "validations",
        typed="question site partner method numbers result",
        plain="report_url",
    ),
    Place("validation_change", "steps of validations", typed="why"),
    ValidationReport.place("reports of validations"),
    Place("milestone_reached", "milestones", typed="evidence undone_why", plain="link"),
    Place("proven_status", "proven statuses", typed="findings withdrawn_why"),
)

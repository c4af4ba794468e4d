"""What impact does when a lower room changes."""

from portal.impact.services.loading import load
from portal.programmes.outbox import loaded
from portal.reference.services import Report


@loaded.connect
def _load(_sender: object, report: Report) -> None:
    """Load the published estimates with the values that they name, in the same transaction."""
    load(report)

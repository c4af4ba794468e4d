"""What improvement does when a lower room changes."""

from portal.improvement.services.loading import load
from portal.programmes.outbox import loaded
from portal.reference.services import Report


@loaded.connect
def _load(_sender: object, report: Report) -> None:
    """Load diagrams and stakeholders with the programmes, in the same transaction."""
    load(report)

"""What improvement does when a lower room changes."""

from portal.improvement.services.loading import load
from portal.programmes.outbox import loaded


@loaded.connect
def _load(_sender: object, told: list[str]) -> None:
    """Load diagrams and stakeholders with the programmes, in the same transaction."""
    told.extend(load().lines())

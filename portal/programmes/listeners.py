"""What programmes do when a lower room changes."""

from portal.programmes.services.loading import load_all
from portal.reference.outbox import loaded


@loaded.connect
def _load(_sender: object, told: list[str]) -> None:
    """Load the programmes with the reference data, in the same transaction."""
    told.extend(load_all())

"""What the exchange does when a lower room changes."""

from portal.exchange.services.areas_loading import load
from portal.reference.outbox import loaded


@loaded.connect
def _load_areas(_sender: object, told: list[str]) -> None:
    """Load what sources say of areas with the reference data, in the same transaction."""
    told.extend(load().lines())

"""The organisations of the reference data are there from the first load on."""

from portal.accounts.services.organisations import make_known
from portal.reference.outbox import loaded


@loaded.connect
def _make_known(_sender: object, told: list[str]) -> None:
    made = make_known()
    if made:
        told.append(f"organisations: {made} added")

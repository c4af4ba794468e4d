"""What this room tells higher rooms and people."""

from blinker import Signal

from portal.accounts.models import User
from portal.notifications.outbox import tell

erased = Signal("A person was erased: whatever holds words of the tables must be made anew.")
"""Sent with the number of the person's account, inside the last transaction of the erasure."""


def tell_copy_ready(person: User, *, days: int) -> None:
    """Tell who asked for a copy that it can be fetched."""
    tell([person], "privacy/emails/copy_ready.txt", url="/account/data", days=days)

"""The messages that this room sends."""

from datetime import date

from portal.accounts.models import User
from portal.innovations.models import Innovation
from portal.notifications.outbox import tell
from portal.reference.models import Hin


def tell_submitted(
    owner: User, innovation: Innovation, hin: Hin | None, due_on: date | None, *, is_first: bool
) -> None:
    """Tell the owner that the record, or changes to it, arrived, and what happens next."""
    words = "submitted" if is_first else "updated"
    tell(
        [owner],
        f"innovations/emails/{words}.txt",
        url=f"/innovations/{innovation.id}",
        innovation=innovation,
        hin=hin,
        due_on=due_on,
    )

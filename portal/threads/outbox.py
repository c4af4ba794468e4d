"""Who is told of a message; the words of the email are the room's."""

from collections.abc import Iterable
from typing import Any

from portal.accounts.models import Actor, User
from portal.notifications.outbox import tell


def tell_of_message(
    people: Iterable[User], template: str, *, url: str, by: Actor, **words: Any
) -> None:
    """Tell those who read a message that it is there, each once and never who wrote it.

    Emails outlive permissions: they say that there is something to read and where, never what.
    """
    tell(people, template, url=url, by=by, **words)

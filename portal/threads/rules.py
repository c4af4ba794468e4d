"""What a reader finds in a thread: its messages, and which are new to them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from portal.threads.models import M, Message


@dataclass(frozen=True, slots=True)
class Thread(Generic[M]):
    """The messages that somebody may read, oldest first, and how far they have read them."""

    messages: Sequence[M]
    read_up_to: int
    reader_id: int | None
    is_following: bool = False

    def is_unread(self, message: Message) -> bool:
        """Whether it is another's, newer than what the reader said they had read.

        `queries.unread` counts the same in SQL.
        """
        return message.id > self.read_up_to and message.by_id != self.reader_id

    @property
    def has_unread(self) -> bool:
        """Whether anything is new to the reader."""
        return any(self.is_unread(message) for message in self.messages)

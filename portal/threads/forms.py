"""What is asked of a message: its words, and a file that comes with it."""

from collections.abc import Mapping
from typing import Any

from portal.db import id_from
from portal.web.fields import DocumentField, LongTextField
from portal.web.forms import PortalForm
from portal.web.validators import Required


class MessageForm(PortalForm):
    """One message; a room says under it who reads it."""

    body = LongTextField("Message", [Required("Enter a message")])
    file = DocumentField("File (optional)")

    readers = ""
    """Who reads what is written, in a sentence."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.body.description = self.readers


def newest_shown(sent: Mapping[str, str]) -> int:
    """Return the newest message that a page showed whose reader says that they have read it."""
    return id_from(sent.get("message", "")) or 0

"""What can go wrong in a service or at a door; the page kit turns each into its page."""


class PortalError(Exception):
    """A refusal with words that the person who caused it may read."""


class NotFound(PortalError):
    """There is no such thing, or this person may not know that there is (a 404 page)."""


class Ended(NotFound):
    """What is named is there no longer, and the message says what to name instead."""


class MovedTo(NotFound):
    """It was made one with another thing, which this person may see: its addresses lead there."""

    def __init__(self, argument: str, was_id: int, now_id: int, name: str) -> None:
        super().__init__(f"It was made one with “{name}”. Open that one and send it there.")
        self.argument = argument
        """What the number is called in an address: "innovation_id"."""
        self.was_id, self.now_id, self.name = was_id, now_id, name


class Forbidden(PortalError):
    """The person may know of it but may not do this (a 403 page)."""


class Conflict(PortalError):
    """It was changed first (a 409 page that keeps what was typed)."""


OUTDATED = "This was changed after you opened the page."


class Outdated(Conflict):
    """A row is not the version any more that the person saw; `row` is what it is now."""

    def __init__(self, row: object, message: str = "") -> None:
        super().__init__(message or OUTDATED)
        self.row = row
        self.says_who = bool(message)


class Invalid(PortalError):
    """A rule refuses what was asked; `field` names the form field beside which to say so."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field

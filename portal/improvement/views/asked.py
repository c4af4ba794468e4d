"""What the address of a page asks for."""

from datetime import date

from flask import request

from portal.errors import NotFound
from portal.reference.rules import Quarter


def quarter_asked(day: date) -> Quarter:
    """Return the quarter that the address asks for, the running one without; raises NotFound."""
    code = request.args.get("quarter")
    if not code:
        return Quarter.of(day)
    try:
        found = Quarter.named(code)
    except ValueError:
        raise NotFound("There is no such quarter.") from None
    if found.first > day:
        raise NotFound("That quarter has not begun.")
    return found

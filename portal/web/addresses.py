"""Addresses and numbers that came from outside. Pure."""

from urllib.parse import urlsplit

from werkzeug.routing import IntegerConverter, Map, UnicodeConverter, ValidationError

from portal.db import MAX_ID, id_from
from portal.text import has_control_characters


class RowId(IntegerConverter):
    """The number of a row in an address: what no row can have is no address of ours (404)."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map, max=MAX_ID)


class Plain(UnicodeConverter):
    """A word in an address: control characters are no address of ours (404)."""

    def to_python(self, value: str) -> str:
        """Return the word."""
        if has_control_characters(value):
            raise ValidationError
        return value


def as_id(text: str) -> int:
    """Return the number of a row from a query string or a form, for `args.get(…, type=as_id)`.

    Raises ValueError for whatever cannot be one.
    """
    found = id_from(text)
    if found is None:
        raise ValueError("not the number of a row")
    return found


def safe_next(target: str | None) -> str | None:
    """Return ``target`` when it is a path on this site, else None.

    Browsers read ``\\`` as ``/`` and drop control characters, so a target with either is refused.
    """
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    if any(ord(character) < 32 for character in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target

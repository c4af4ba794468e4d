"""Fields of the API that keep the rules of the portal's own forms."""

from base64 import b64decode
from datetime import UTC, date, datetime, time
from typing import Any

from marshmallow import ValidationError, fields, validate

from portal.clock import LONDON
from portal.db import MAX_ID
from portal.improvement.rules.entering import MOST
from portal.text import clean, has_control_characters


class CleanText(fields.String):
    """A text, cleaned as everything that is typed: of one line unless `lines` says otherwise."""

    def __init__(self, *, max_length: int, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(validate=validate.Length(max=max_length), **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if has_control_characters(text):
            raise ValidationError("Send text without control characters.")
        return clean(text, lines=self.lines)


class Base64(fields.String):
    """The content of a file, as text in base64."""

    def __init__(self, *, max_bytes: int, **kwargs: Any) -> None:
        longest = validate.Length(min=4, max=max_bytes * 4 // 3 + 4)
        super().__init__(validate=longest, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            b64decode(text, validate=True)
        except ValueError:
            raise ValidationError("Send the content of the file in base64.") from None
        return text


class RowNumber(fields.Integer):
    """The number of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(min=1, max=MAX_ID), **kwargs)


class Count(fields.Float):
    """What was counted, to four places as the portal's sheets take it; null where nothing was."""

    def __init__(self, **kwargs: Any) -> None:
        within = validate.Range(min=0, max=MOST)
        super().__init__(validate=within, allow_none=True, allow_nan=False, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> float:
        if isinstance(value, bool | str):
            raise ValidationError("Send a number.")
        found = super()._deserialize(value, attr, data, **kwargs)
        return round(float(found), 4)


class Moment(fields.Field[datetime]):
    """A moment with its zone, or a day: then its beginning in England."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        try:
            return _moment(str(value))
        except (ValueError, OverflowError):
            raise ValidationError(
                "Send a moment with its zone, 2026-11-28T09:30:00Z, or a day, 2026-11-28."
            ) from None


def _moment(text: str) -> datetime:
    """Return what a text says; raises ValueError."""
    if "T" not in text.upper():
        return datetime.combine(date.fromisoformat(text), time(), LONDON).astimezone(UTC)
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("without its zone nobody knows when that is")
    return found.astimezone(UTC)

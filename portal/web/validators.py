"""Rules for fields. Each speaks in a whole sentence: "Enter …", "Select …"."""

from datetime import date, datetime

from wtforms import Field, Form
from wtforms.validators import StopValidation, ValidationError

from portal.web import fields
from portal.web.format import LONDON


def _is_blank(field: Field) -> bool:
    """Say whether nothing was given, for our own fields and for WTForms' ones."""
    return bool(getattr(field, "is_blank", field.data in (None, "", [])))


class Required:
    """Something must be given: ``Required("Enter the name")``."""

    def __init__(self, message: str) -> None:
        """Take the whole sentence."""
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Stop with the message when blank, and silently when a clearer error is there."""
        if field.errors:
            raise StopValidation
        if _is_blank(field):
            raise StopValidation(self.message)


class RequiredChoice(Required):
    """Something must be chosen: ``RequiredChoice("Select a care setting")``."""


class _Rule:
    """A rule about what was given; says nothing about blanks and after another error."""

    def __call__(self, form: Form, field: Field) -> None:
        """Raise the sentence of ``problem``, if any."""
        if field.errors or _is_blank(field):
            return
        message = self.problem(field)
        if message:
            raise ValidationError(message)

    def problem(self, field: Field) -> str | None:
        """Return what is wrong, or None."""
        raise NotImplementedError


class MaxLength(_Rule):
    """At most ``n`` characters, or choices: ``MaxLength(5, "Tags")``."""

    def __init__(self, n: int, what: str) -> None:
        """Take the limit and what the sentence calls the field."""
        self.n, self.what = n, what

    def problem(self, field: Field) -> str | None:
        """Return the sentence when there is too much."""
        if len(field.data) <= self.n:
            return None
        if isinstance(field.data, list):
            return f"Select {self.n:,} or fewer: {self.what}"
        return f"{self.what} must be {self.n:,} characters or fewer"


class NotInFuture(_Rule):
    """A date of today, in England, or before."""

    def problem(self, field: Field) -> str | None:
        """Return the sentence for a later date."""
        if field.data <= england_today():
            return None
        return f"{getattr(field, 'what', 'The date')} must be today or in the past"


class NotInPast(_Rule):
    """A date of today, in England, or later."""

    def problem(self, field: Field) -> str | None:
        """Return the sentence for an earlier date."""
        if field.data >= england_today():
            return None
        return f"{getattr(field, 'what', 'The date')} must be today or in the future"


def england_today() -> date:
    """Return the day it is in England now."""
    return datetime.now(LONDON).date()


class HttpsUrl(_Rule):
    """A web address that begins with https://."""

    def problem(self, field: Field) -> str | None:
        """Return the sentence for anything else."""
        if field.data.lower().startswith("https://") and fields.is_web_address(field.data):
            return None
        return "Enter a website address that begins with https://, like https://www.example.org"


class UkPostcode(_Rule):
    """A full UK postcode, for fields that are not a ``PostcodeField``."""

    def problem(self, field: Field) -> str | None:
        """Return the sentence for anything else."""
        if fields.as_postcode(field.data) is not None:
            return None
        return "Enter a full UK postcode, like SW1A 1AA"

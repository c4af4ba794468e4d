"""Rules for fields. Each speaks in a whole sentence: "Enter …", "Select …"."""

from wtforms import Field, Form
from wtforms.validators import StopValidation, ValidationError

from portal.clock import PartialDate, today
from portal.text import count_links, has_link, personal_detail


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


class NotInFuture(_Rule):
    """A date of today, in England, or before."""

    def problem(self, field: Field) -> str | None:
        """Return the sentence for a later date."""
        day = field.data.first if isinstance(field.data, PartialDate) else field.data
        if day <= today():
            return None
        return f"{getattr(field, 'what', 'The date')} must be today or in the past"


class NotInPast(_Rule):
    """A date of today, in England, or later."""

    def problem(self, field: Field) -> str | None:
        """Return the sentence for an earlier date."""
        day = field.data.last if isinstance(field.data, PartialDate) else field.data
        if day >= today():
            return None
        return f"{getattr(field, 'what', 'The date')} must be today or in the future"


class NoLink(_Rule):
    """A name that others read in emails: no web address, of which a mail program makes a link."""

    def problem(self, field: Field) -> str | None:
        """Return the sentence for a name with one."""
        if not has_link(field.data):
            return None
        return f"{getattr(field, 'what', 'The name')} must not contain a web address"


class NoPersonalDetail(_Rule):
    """Words that strangers read, or people whose contacts are not shared yet: nothing that leads to
    a person."""

    def problem(self, field: Field) -> str | None:
        """Return the sentence for words with an address, a telephone or an NHS number."""
        found = personal_detail(field.data)
        if not found:
            return None
        what = getattr(field, "what", "The text")
        return f"{what} must not contain {found}, and part of it looks like one: take it out"


class FewLinks(_Rule):
    """Words into which nobody puts a list of web addresses."""

    def __init__(self, most: int = 3) -> None:
        """Take how many links there may be."""
        self.most = most

    def problem(self, field: Field) -> str | None:
        """Return the sentence for too many."""
        if count_links(field.data) <= self.most:
            return None
        return (
            f"{getattr(field, 'what', 'The text')} must have no more than {self.most} web addresses"
        )


IMPERSONAL = (NoPersonalDetail(), FewLinks())
"""The rules of words that many read: nothing that leads to a person, no list of web addresses."""

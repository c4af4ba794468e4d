"""Fields of forms. Each keeps what was typed, cleans it, and says what is wrong in a sentence."""

import re
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from wtforms import HiddenField as WtHiddenField
from wtforms import StringField
from wtforms.validators import StopValidation

from portal import text
from portal.web import widgets
from portal.web.base_fields import PortalField
from portal.web.choice_fields import (
    ChoiceField,
    ConfirmField,
    MultiChoiceField,
    SelectField,
    YesNoField,
)
from portal.web.date_field import DateField, PartialDateField
from portal.web.file_field import DocumentField, FileField
from portal.web.lookup_field import LookupField

__all__ = [
    "ChoiceField",
    "ConfirmField",
    "DateField",
    "DocumentField",
    "EmailField",
    "FileField",
    "HiddenField",
    "HiddenVersion",
    "LongTextField",
    "LookupField",
    "MoneyField",
    "MultiChoiceField",
    "PartialDateField",
    "PasswordField",
    "PostcodeField",
    "SearchField",
    "SelectField",
    "TextField",
    "WebsiteField",
    "WholeNumberField",
    "YesNoField",
]

MAX_TEXT_LENGTH = 200
MAX_LONG_TEXT_LENGTH = 4_000
NO_VERSION = -1
"""What a form says that came without its version: no row ever has it, so it is refused."""
MAX_NUMBER = 1_000_000_000  # fits a 32-bit column
MAX_MONEY = Decimal(1_000_000_000)

# The shape of the Royal Mail's postcodes: area, district, space, sector, unit.
_POSTCODE = re.compile(r"(?P<out>[A-Z]{1,2}[0-9][A-Z0-9]?)(?P<in>[0-9][ABD-HJLNP-UW-Z]{2})")
_HOST = re.compile(r"(?!-)([\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}")


class TextField(PortalField, StringField):
    """One line of text."""

    widget = widgets.InputWidget()
    lines = False
    _refused = False

    def __init__(
        self,
        label: str | None = None,
        validators: Any = (),
        *,
        max_length: int = MAX_TEXT_LENGTH,
        **kwargs: Any,
    ) -> None:
        """Take the longest text allowed, in characters."""
        self.max_length = max_length
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean what was typed; what cannot be seen is taken out and said."""
        if not valuelist:
            return
        typed = valuelist[0] if isinstance(valuelist[0], str) else ""
        self.data = text.clean(typed, lines=self.lines)
        if text.has_control_characters(typed):
            raise ValueError(
                f"{self.what} must not have hidden control characters."
                " They are taken out now: check it and send it again"
            )

    def pre_validate(self, form: Any) -> None:
        """Refuse what is too long, or not of the right kind, before any other rule."""
        if self.process_errors:
            raise StopValidation
        if self.is_blank:
            return
        if len(self.data) > self.max_length:
            raise StopValidation(f"{self.what} must be {self.max_length:,} characters or fewer")
        self.check()

    def check(self) -> None:
        """Raise ``StopValidation`` when the text is not of this field's kind."""


class SearchField(TextField):
    """Words to search for."""

    widget = widgets.InputWidget("search")


class LongTextField(TextField):
    """Several lines of text, with a count of the characters left."""

    widget = widgets.LongTextWidget()
    lines = True

    def __init__(
        self,
        label: str | None = None,
        validators: Any = (),
        *,
        max_length: int = MAX_LONG_TEXT_LENGTH,
        rows: int = 5,
        **kwargs: Any,
    ) -> None:
        """Take the longest text allowed and the height in lines."""
        super().__init__(label, validators, max_length=max_length, rows=rows, **kwargs)


def as_email(typed: str) -> str | None:
    """Return an email address, its domain in lower case; None for what no mail server accepts
    or only some do: before the @ are ASCII letters alone. Nothing is looked up."""
    try:
        told = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
        return told.normalized
    except EmailNotValidError:
        return None


class EmailField(TextField):
    """An email address, its domain in lower case."""

    widget = widgets.InputWidget("email", autocomplete="email", spellcheck=False, width=30)

    def check(self) -> None:
        """Accept what a mail server could accept; nothing is looked up."""
        found = as_email(self.data)
        if found is None:
            raise StopValidation(
                "Enter an email address in the correct format, like name@example.com"
            )
        self.data = found


class WebsiteField(TextField):
    """A web address; https:// is put in front when the person left it out."""

    widget = widgets.InputWidget("text", inputmode="url", autocomplete="url", spellcheck=False)

    def __init__(self, label: str | None = None, validators: Any = (), **kwargs: Any) -> None:
        """Allow longer texts than other lines do."""
        kwargs.setdefault("max_length", 500)
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Complete ``www.example.org`` to ``https://www.example.org``."""
        super().process_formdata(valuelist)
        self.data = completed_web_address(self.data or "")

    def check(self) -> None:
        """Accept http and https with a host name; no user names, no other schemes."""
        if not is_web_address(self.data):
            raise StopValidation("Enter a website address, like https://www.example.org")


def completed_web_address(typed: str) -> str:
    """Return a web address with the https:// that the person left out; "" stays ""."""
    is_left_out = typed and "://" not in typed and ":" not in typed.split("/", maxsplit=1)[0]
    return f"https://{typed}" if is_left_out else typed


def is_web_address(address: str) -> bool:
    """Say whether ``address`` is an http or https address with a plausible host name."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    usable = parts.scheme in {"http", "https"} and "@" not in parts.netloc and port != 0
    return usable and not re.search(r"\s", address) and bool(_HOST.fullmatch(host))


class PostcodeField(TextField):
    """A UK postcode, kept as "SW1A 1AA"."""

    widget = widgets.InputWidget(width=10, autocomplete="postal-code", spellcheck=False)

    def check(self) -> None:
        """Accept any spacing and case."""
        postcode = as_postcode(self.data)
        if postcode is None:
            raise StopValidation("Enter a full UK postcode, like SW1A 1AA")
        self.data = postcode


def as_postcode(given: str) -> str | None:
    """Return ``given`` in the usual form ("SW1A 1AA"), or None when it is no UK postcode."""
    found = _POSTCODE.fullmatch(re.sub(r"[\s.-]", "", given).upper())
    return f"{found['out']} {found['in']}" if found else None


class _NumberField(TextField):
    """What whole numbers and money share: the typed text stays when it is no number."""

    kind: str
    example: str

    def __init__(
        self,
        label: str | None = None,
        validators: Any = (),
        *,
        minimum: int | Decimal = 0,
        maximum: int | Decimal,
        **kwargs: Any,
    ) -> None:
        """Take the smallest and largest number allowed."""
        self.minimum, self.maximum = minimum, maximum
        self.typed: str | None = None
        super().__init__(label, validators, max_length=40, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number; a text that is none is kept in ``typed`` to be shown again."""
        if not valuelist:
            return
        super().process_formdata(valuelist)
        self.typed, self.data = self.data, None
        plain = text.without_thousands(self.typed or "").replace("£", "").strip()
        if plain:
            self.data = self.read(plain)

    def read(self, plain: str) -> int | Decimal:
        """Return the number in ``plain``, which has no separators.

        Raises:
            ValueError: it is no number of this kind.
        """
        raise NotImplementedError

    def wrong(self) -> ValueError:
        """Return the error for a text that is no such number."""
        return ValueError(f"{self.what} must be {self.kind}, like {self.example}")

    def pre_validate(self, form: Any) -> None:
        """Refuse numbers outside the bounds."""
        if self.process_errors:
            raise StopValidation
        if self.data is not None and not self.minimum <= self.data <= self.maximum:
            bounds = f"{self.minimum:,} and {self.maximum:,}"
            raise StopValidation(f"{self.what} must be between {bounds}")

    def shown(self) -> str:
        """Return what was typed, else the number."""
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else str(self.data)


class WholeNumberField(_NumberField):
    """A whole number; thousands separators are welcome."""

    widget = widgets.InputWidget(inputmode="numeric", width=10, spellcheck=False)
    kind, example = "a whole number", "1200"

    def __init__(
        self,
        label: str | None = None,
        validators: Any = (),
        *,
        minimum: int = 0,
        maximum: int = MAX_NUMBER,
        **kwargs: Any,
    ) -> None:
        """Take the bounds, by default 0 to a thousand million."""
        super().__init__(label, validators, minimum=minimum, maximum=maximum, **kwargs)

    def read(self, plain: str) -> int:
        """Return the whole number."""
        if not re.fullmatch(r"-?[0-9]{1,20}", plain):
            raise self.wrong()
        return int(plain)


class DecimalField(_NumberField):
    """A number with at most four decimal places, as ``Decimal``."""

    widget = widgets.InputWidget(inputmode="decimal", width=10, spellcheck=False)
    kind, example = "a number", "1200 or 99.3"
    places = 4

    def __init__(
        self,
        label: str | None = None,
        validators: Any = (),
        *,
        minimum: Decimal = Decimal(0),
        maximum: Decimal = MAX_MONEY,
        **kwargs: Any,
    ) -> None:
        """Take the bounds, by default 0 to a thousand million."""
        super().__init__(label, validators, minimum=minimum, maximum=maximum, **kwargs)

    def read(self, plain: str) -> Decimal:
        """Return the number."""
        if not re.fullmatch(rf"-?[0-9]{{1,20}}(\.[0-9]{{1,{self.places}}})?", plain):
            raise self.wrong()
        return Decimal(plain)


class MoneyField(DecimalField):
    """An amount in pounds as ``Decimal``, at most two decimal places."""

    widget = widgets.InputWidget(inputmode="decimal", width=10, prefix="£", spellcheck=False)
    kind, example = "an amount in pounds", "1200 or 1200.50"
    places = 2


class PasswordField(TextField):
    """A password, exactly as typed: not trimmed, not shown again."""

    widget = widgets.PasswordWidget("password")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the password as it is, without control characters only because none has any."""
        if valuelist:
            self.data = valuelist[0]
            if text.has_control_characters(self.data):
                raise ValueError(f"{self.what} must not have hidden control characters")


class HiddenField(PortalField, WtHiddenField):
    """A value that the page carries and nobody types; never trust it."""

    widget = widgets.HiddenWidget()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the value without control characters."""
        if valuelist:
            self.data = text.without_control(valuelist[0])


class HiddenVersion(HiddenField):
    """The version of the record that the form was filled in from, as a whole number."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the version; anything else than digits, or none at all, is no version that was."""
        typed = valuelist[0] if valuelist else ""
        self.data = int(typed) if re.fullmatch("[0-9]{1,18}", typed) else NO_VERSION

    def shown(self) -> str:
        """Return the version that was sent; where there was none, the record's own."""
        known = self.object_data if self.data == NO_VERSION else self.data
        return "" if known is None else str(known)

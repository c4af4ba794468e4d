"""A date as three inputs: day, month and year."""

import re
from datetime import date
from typing import Any

from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from portal import text
from portal.clock import PartialDate, Precision
from portal.web import widgets
from portal.web.base_fields import PortalField
from portal.web.format import listing

YEAR_MIN, YEAR_MAX = 1900, 2100
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MAX_PART_LENGTH = 40  # nobody's day or month is longer; keeps a pasted book out of the page


class DateField(PortalField):
    """Day, month and year, giving a ``datetime.date``.

    A month may be a number or an English name. ``typed`` holds the three texts to be shown
    again, ``wrong`` the parts to mark.
    """

    widget = widgets.DateWidget()
    PARTS = ("day", "month", "year")

    def __init__(self, label: str | None = None, validators: Any = (), **kwargs: Any) -> None:
        """Start with three empty parts."""
        self.typed: dict[str, str] = {}
        self.wrong: set[str] = set()
        super().__init__(label, validators, **kwargs)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the record's date, then the three inputs when the form was sent with them."""
        super().process(None, data, extra_filters)
        self.typed = self._parts_of(self.data)
        names = {part: f"{self.name}-{part}" for part in self.PARTS}
        if formdata is None or not any(name in formdata for name in names.values()):
            return
        given = {part: (formdata.getlist(name) or [""])[0] for part, name in names.items()}
        self.typed = {part: text.clean(value)[:MAX_PART_LENGTH] for part, value in given.items()}
        self.raw_data = list(given.values())
        try:
            self.data = self._read()
        except ValueError as error:
            self.data = None
            self.process_errors.append(str(error))

    def _parts_of(self, value: date | None) -> dict[str, str]:
        """Return the parts that show ``value``."""
        return {p: "" if value is None else str(getattr(value, p)) for p in self.PARTS}

    def _read(self) -> date | None:
        """Return the date in ``typed``, None when all is empty.

        Raises:
            ValueError: with the sentence to show; ``wrong`` then has the parts to mark.
        """
        missing = [part for part in self.PARTS if not self.typed[part]]
        if len(missing) == 3:
            return None
        if missing:
            raise self._error(f"must include a {listing(missing)}", missing)
        if not re.fullmatch("[0-9]{4}", self.typed["year"]):
            raise self._error("must have a year with 4 numbers", ["year"])
        day, month, year = _day(self.typed["day"]), _month(self.typed["month"]), self.typed["year"]
        if day is None or month is None:
            wrong = [part for part, n in (("day", day), ("month", month)) if n is None]
            raise self._error("must be a real date", wrong)
        return self._real_date(int(year), month, day)

    def _real_date(self, year: int, month: int, day: int) -> date:
        """Return the date, or raise when no calendar has it."""
        if not YEAR_MIN <= year <= YEAR_MAX:
            raise self._error(f"must have a year between {YEAR_MIN} and {YEAR_MAX}", ["year"])
        try:
            return date(year, month, day)
        except ValueError as error:
            raise self._error("must be a real date", ["day"]) from error

    def _error(self, problem: str, wrong: list[str]) -> ValueError:
        """Return the error and mark the parts it is about."""
        self.wrong = set(wrong)
        return ValueError(f"{self.what} {problem}")

    def pre_validate(self, form: Any) -> None:
        """Stop when the parts gave no date: its sentence is there already."""
        if self.process_errors:
            raise StopValidation

    @property
    def error_href(self) -> str:
        """Return the first input to mend."""
        part = next((part for part in self.PARTS if part in self.wrong), "day")
        return f"#{self.id}-{part}"


class PartialDateField(DateField):
    """Year, with month and day as far as they are known, giving a ``PartialDate``."""

    def _parts_of(self, value: PartialDate | None) -> dict[str, str]:  # type: ignore[override]
        """Return the parts that show ``value``: those that are known."""
        known = value.text.split("-") if value else []
        return {
            part: str(int(number)) if number else ""
            for part, number in zip(("year", "month", "day"), [*known, "", "", ""], strict=False)
        }

    def _read(self) -> PartialDate | None:  # type: ignore[override]
        """Return the date in ``typed``; a month needs its year, a day its month."""
        kept, known = self.typed, Precision.DAY
        if any(kept.values()) and not kept["year"]:
            missing = ["month"] if kept["day"] and not kept["month"] else []
            raise self._error(f"must include a {listing([*missing, 'year'])}", [*missing, "year"])
        if kept["year"] and not kept["day"]:
            known = Precision.MONTH if kept["month"] else Precision.YEAR
            self.typed = {**kept, "day": "1", "month": kept["month"] or "1"}
        try:
            found = super()._read()
        finally:
            self.typed = kept
        return None if found is None else PartialDate(found, known)


def _day(typed: str) -> int | None:
    """Return a day of the month, or None."""
    return int(typed) if re.fullmatch("[0-9]{1,2}", typed) and 1 <= int(typed) <= 31 else None


def _month(typed: str) -> int | None:
    """Return a month from its number or its English name, or None."""
    if re.fullmatch("[0-9]{1,2}", typed):
        return int(typed) if 1 <= int(typed) <= 12 else None
    short = typed.lower()[:3]
    return MONTHS.index(short) + 1 if typed.isalpha() and short in MONTHS else None

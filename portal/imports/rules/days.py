"""Days as people write them in England, in words or figures: the day comes first. Pure."""

import re
from datetime import date, datetime

FORMS = (
    *("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y"),
    *("%d-%m-%y", "%d %b %Y", "%d %B %Y", "%d %b %y", "%d %B %y", "%d-%b-%Y", "%d-%b-%y"),
    *("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S"),
)
MONTHS = ("%b %Y", "%B %Y", "%m/%Y", "%b-%Y", "%b %y", "%B %y", "%b-%y", "%Y-%m")
_SEPT = re.compile(r"\bsept\b\.?", re.IGNORECASE)
_SHORT = re.compile(r"\d{4}(-\d\d)?", re.ASCII)


def day_in(text: str) -> date:
    """Return the day that a cell says; raises ValueError."""
    found = _read(text, FORMS)
    if found is None:
        raise ValueError(f"no day: {text}")
    return found


def first_day_in(text: str) -> date:
    """Return the day that a cell says, of a month its first; raises ValueError."""
    return _read(text, MONTHS) or day_in(text)


def is_month(text: str) -> bool:
    """Whether a cell says a month and no day of it."""
    return _read(text, MONTHS) is not None


def iso_day(text: str) -> str:
    """Return a day, a month or a year as ISO 8601 writes it; what is none of them as it is."""
    if _SHORT.fullmatch(text):
        return text
    day = _read(text, FORMS)
    if day is not None:
        return day.isoformat()
    month = _read(text, MONTHS)
    return month.isoformat()[:7] if month is not None else text


def _read(text: str, forms: tuple[str, ...]) -> date | None:
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", _SEPT.sub("Sep", text.replace(",", " ")))
    for form in forms:
        try:
            return datetime.strptime(" ".join(plain.split()), form).date()  # noqa: DTZ007  # a day
        except ValueError:
            continue
    return None

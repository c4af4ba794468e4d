"""Working days, and the quarters of the NHS financial year."""

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from portal.clock import begin_of
from portal.errors import Conflict

SATURDAY = 5

_NOT_A_WORD = re.compile(r"[^\w]+", re.UNICODE)
_PLACE_ENDINGS = (
    *("integrated care board", "integrated care system", "integrated care partnership"),
    *("icb", "ics", "icp"),
)


def folded_label(name: str) -> str:
    """Return a name as it is compared: without case, accents, punctuation and double spaces, "&"
    as "and". Names that fold alike are one name."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    kept = "".join(letter for letter in kept if unicodedata.category(letter) != "Cf")
    return " ".join(_NOT_A_WORD.sub(" ", kept.replace("'", "").replace("’", "")).split())


def ics_called(name: str) -> tuple[str, str, str]:
    """Return the names of an ICS: its own, with what it is, and that of its board."""
    return name, f"{name} ICS", f"NHS {name} Integrated Care Board"


def folded_place(name: str) -> str:
    """Return the name of an ICS or HIN as it is compared: folded, without "NHS" in front and
    "ICS", "ICB" or their long forms behind. A name that is nothing else stays whole."""
    plain = folded_label(name)
    for ending in _PLACE_ENDINGS:
        plain = plain.removesuffix(f" {ending}")
    return plain.removeprefix("nhs ") or folded_label(name)


class HolidaysMissing(Conflict):
    """A deadline reaches into a year whose bank holidays are not loaded."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"The bank holidays of {year} are not known yet, so no due date can be set. An "
            "administrator or the national team adds them under Deadlines; nothing was saved."
        )
        self.year = year


POSTCODE_AREAS = {
    **dict.fromkeys(("BB", "FY", "LA", "PR"), "QE1"),
    **dict.fromkeys(("BD", "HD", "HX", "LS", "WF"), "QWO"),
    **dict.fromkeys(("BH", "DT"), "QVV"),
    **dict.fromkeys(("BL", "M", "OL", "WN"), "QOP"),
    **dict.fromkeys(("CA", "DH", "NE", "SR", "TS"), "QHM"),
    **dict.fromkeys(("CR", "SM"), "QWE"),
    **dict.fromkeys(("CT", "ME"), "QKS"),
    **dict.fromkeys(("CW", "L"), "QYG"),
    **dict.fromkeys(("E", "IG", "RM"), "QMF"),
    **dict.fromkeys(("EX", "TQ"), "QJK"),
    **dict.fromkeys(("HA", "UB", "W"), "QRV"),
    **dict.fromkeys(("HG", "HU", "YO"), "QOQ"),
    **dict.fromkeys(("LU", "MK"), "QHG"),
    **dict.fromkeys(("N", "NW", "WC"), "QMJ"),
    **dict.fromkeys(("BR", "SE"), "QKK"),
    "BN": "QNX",
    "BS": "QUY",
    "CB": "QUE",
    "CV": "QWU",
    "GL": "QR1",
    "HR": "QGH",
    "IP": "X26-NORFOLK-SUFFOLK",
    "LE": "QK1",
    "LN": "QJM",
    "NN": "QPM",
    "NR": "QMM",
    "OX": "QU9",
    "RH": "X26-SURREY-SUSSEX",
    "SG": "X26-CENTRAL-EAST",
    "SN": "QOX",
    "SO": "QRL",
    "SS": "QH8",
    "ST": "QNC",
    "TA": "QSL",
    "TF": "QOC",
    "TR": "QT6",
    "WR": "QGH",
}
"""The ICS, by code, in which all or nearly all of a postcode area lies. Source: general knowledge,
not a published file: it makes a suggestion that people may change; areas that several systems
share are left out."""


def ics_code_of(postcode: str) -> str | None:
    """Return the code of the ICS in which a postcode most likely lies; None where unknown."""
    area = re.match("[A-Za-z]+", postcode.strip())
    return POSTCODE_AREAS.get(area[0].upper()) if area else None


def is_working_day(day: date, holidays: Set[date]) -> bool:
    """Whether `day` is neither Saturday, Sunday nor a bank holiday in England."""
    return day.weekday() < SATURDAY and day not in holidays


def working_days_after(start: date, days: int, holidays: Set[date]) -> date:
    """Return the day that is `days` working days after `start`, which itself does not count.

    Raises HolidaysMissing when the count reaches a year of which `holidays` has no day: a
    deadline silently a day wrong is worse than none.
    """
    years = {holiday.year for holiday in holidays}
    day = start
    left = days
    while left:
        day += timedelta(days=1)
        _refuse_unknown(day, years)
        left -= is_working_day(day, holidays)
    return day


def working_day_by(day: date, holidays: Set[date]) -> date:
    """Return `day` or, where nobody works on it, the last working day before it.

    Raises HolidaysMissing as `working_days_after` does.
    """
    years = {holiday.year for holiday in holidays}
    _refuse_unknown(day, years)
    while not is_working_day(day, holidays):
        day -= timedelta(days=1)
        _refuse_unknown(day, years)
    return day


def _refuse_unknown(day: date, years: Set[int]) -> None:
    if day.year not in years:
        raise HolidaysMissing(day.year)


def working_days_between(start: date, end: date, holidays: Set[date]) -> int:
    """Return how many working days lie after `start` up to and including `end` (0 if none)."""
    days = (end - start).days
    return sum(is_working_day(start + timedelta(days=n), holidays) for n in range(1, days + 1))


_QUARTER_CODE = re.compile(
    r"(?P<year>[0-9]{4})-(?P<next>[0-9]{2})-Q(?P<number>[1-4])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of the NHS financial year: Q1 is April to June, Q4 January to March.

    A day belongs to the quarter in which it lies; a moment to the quarter of its day in England.
    """

    first: date
    """Its first day: 1 April, 1 July, 1 October or 1 January."""

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the quarter in which a day lies."""
        return cls(date(day.year, day.month - (day.month - 1) % 3, 1))

    @classmethod
    def named(cls, code: str) -> Self:
        """Return the quarter of a code such as "2026-27-Q1"; raises ValueError for no such code."""
        found = _QUARTER_CODE.fullmatch(code.strip())
        if found is None:
            raise ValueError(f"{code!r} is no quarter: write it like 2026-27-Q1")
        year, number = int(found["year"]), int(found["number"])
        if year == 0 or year > 9000 or (year + 1) % 100 != int(found["next"]):
            raise ValueError(f"{code!r} is no quarter: write it like 2026-27-Q1")
        return cls(date(year + 1, 1, 1) if number == 4 else date(year, 1 + 3 * number, 1))

    @property
    def number(self) -> int:
        """Return 1 to 4."""
        return (self.first.month - 4) % 12 // 3 + 1

    @property
    def years(self) -> str:
        """Return the financial year: "2026/27"."""
        begun = self.first.year - (self.first.month < 4)
        return f"{begun}/{(begun + 1) % 100:02d}"

    @property
    def code(self) -> str:
        """Return it as addresses and commands write it: "2026-27-Q1"."""
        return f"{self.years.replace('/', '-')}-Q{self.number}"

    @property
    def label(self) -> str:
        """Return it as people write it: "Q1 2026/27 (April to June)"."""
        last = self.last
        return f"Q{self.number} {self.years} ({self.first:%B} to {last:%B})"

    @property
    def next(self) -> Self:
        """Return the quarter after it."""
        return type(self).of(self.first + timedelta(days=100))

    @property
    def previous(self) -> Self:
        """Return the quarter before it."""
        return type(self).of(self.first - timedelta(days=1))

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def begins_at(self) -> datetime:
        """Return the moment at which it begins in England, in UTC."""
        return begin_of(self.first)

    @property
    def ends_at(self) -> datetime:
        """Return the first moment after it, in UTC."""
        return self.next.begins_at

"""What may be entered as a reading, and how pasted lines are read. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from portal.improvement.models import ChartKind, ImprovementMeasure
from portal.improvement.rules.periods import first_day
from portal.text import without_thousands

MOST = 1_000_000_000.0
DAYS_READ = ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%Y-%m-%d %H:%M:%S")
MONTHS_READ = ("%Y-%m", "%B %Y", "%b %Y", "%b-%y", "%b %y", "%m/%Y")


class Part(Enum):
    """The two numbers of a reading."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody enters for a period; without a numerator it is withdrawn."""

    on: date
    numerator: float | None
    denominator: float | None = None
    seen_id: int | None = None
    """The reading that the page showed, None for none."""


def has_denominator(measure: ImprovementMeasure) -> bool:
    """Whether readings of a measure are so many out of so many."""
    return measure.chart.has_denominator or bool(measure.denominator)


def problem(measure: ImprovementMeasure, entry: Entry, today: date) -> tuple[Part, str] | None:
    """Return which number is wrong and why; None for an entry that can stand."""
    if entry.on > today:
        return Part.NUMERATOR, "Enter nothing for a period that has not begun"
    if not has_denominator(measure):
        return None
    if entry.numerator is None:
        if entry.denominator is None:
            return None
        return Part.NUMERATOR, "Enter how many were counted, 0 for none"
    if entry.denominator is None:
        return Part.DENOMINATOR, "Enter out of how many, 0 for none"
    if measure.chart.is_share and entry.numerator > entry.denominator:
        return Part.NUMERATOR, "Enter no more than it is out of"
    return None


@dataclass(frozen=True, slots=True)
class Pasted:
    """Lines as they were understood, and what is wrong with the others."""

    entries: Sequence[Entry]
    problems: Sequence[str]


def read_lines(measure: ImprovementMeasure, rows: Iterable[tuple[int, Sequence[str]]]) -> Pasted:
    """Read lines of a period, what was counted and out of how many; a first line of headings is
    passed over, and so are empty ones."""
    entries: dict[date, Entry] = {}
    problems = []
    for place, (number, cells) in enumerate(rows):
        told = [cell.strip() for cell in cells if cell.strip()]
        if not told or (place == 0 and day_of(told[0]) is None):
            continue
        entry = _entry(measure, told)
        if entry is None:
            problems.append(f"Line {number} is not understood: {', '.join(told)[:60]}")
        elif entry.on in entries:
            problems.append(f"Line {number} is of the same period as another: {told[0][:30]}")
        else:
            entries[entry.on] = entry
    return Pasted(list(entries.values()), problems)


def _entry(measure: ImprovementMeasure, told: Sequence[str]) -> Entry | None:
    day, numbers = day_of(told[0]), [number_of(cell) for cell in told[1:]]
    if measure.chart is ChartKind.T and not numbers:
        numbers = [1.0]
    wanted = 2 if has_denominator(measure) else 1
    if day is None or len(numbers) != wanted or any(number is None for number in numbers):
        return None
    return Entry(first_day(measure.rhythm, day), numbers[0], numbers[1] if wanted == 2 else None)


def day_of(cell: str) -> date | None:
    """Return the day, or the first day of the month, that a cell names; None for anything else."""
    for shape in (*DAYS_READ, *MONTHS_READ):
        try:
            return datetime.strptime(cell, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def number_of(cell: str) -> float | None:
    """Return the number in a cell, to four places as the sheet takes it, thousands separators
    welcome; None for anything else."""
    plain = without_thousands(cell).strip()
    if not plain.isascii() or not plain.replace(".", "", 1).isdigit():
        return None
    value = round(float(plain), 4)
    return value if value <= MOST else None

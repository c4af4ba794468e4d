"""Shares, and counts of patients as they may be shown. Pure.

Numerator and denominator are what is stored; percentages are worked out here and never averaged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FEWEST = 8
"""Below the nation, counts of patients from 1 to 7 are not shown (NHS England, since 2018)."""
STEP = 5
"""Below the nation, other counts of patients are rounded to the nearest 5."""
SUPPRESSED = "*"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; the whole may be smaller than the part where a plan was passed."""

    part: float
    whole: float

    @property
    def percent(self) -> int | None:
        """Return the percentage, rounded half up as reports print it; None of nothing."""
        return rounded(self.part / self.whole * 100) if self.whole else None

    @property
    def words(self) -> str:
        """Return it with its counts: "1,465 of 1,233 (119%)"."""
        counts = f"{plain(self.part)} of {plain(self.whole)}"
        return counts if self.percent is None else f"{counts} ({self.percent}%)"


def rounded(value: float, places: int = 0) -> int:
    """Return a number rounded half up, as people round; of floats near a half too."""
    exact = Decimal(repr(round(value, 9)))
    return int(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def plain(value: float) -> str:
    """Return a number without needless places: "1,465", "99.3"."""
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0")


def disclosed(count: float | None) -> float | None:
    """Return a count of patients below the nation as it may be shown; None where it may not be,
    or is not known. Source: NHS England's rule for hospital statistics since September 2018."""
    if count is None or 0 < count < FEWEST:
        return None
    return float((int(count) + STEP // 2) // STEP * STEP)


def disclosed_words(count: float | None) -> str:
    """Return it in words: "*" for few, "" for what is not known."""
    shown = disclosed(count)
    if shown is None:
        return "" if count is None else SUPPRESSED
    return plain(shown)


def disclosed_share(part: float, whole: float) -> Share | None:
    """Return a share of patients, from counts as they may be shown; None where it rests on few."""
    shown_part, shown_whole = disclosed(part), disclosed(whole)
    if shown_part is None or shown_whole is None:
        return None
    return Share(shown_part, shown_whole)


def disclosed_total(total: float, hidden: Sequence[float]) -> float | None:
    """Return a count of the nation beside parts of which some are shown as `disclosed`.

    The nation's counts are shown as they are, but never so that one part follows by subtraction.
    `hidden` are the counts of the parts that the reader does not see as they are. Where one of them
    alone is not 0, the total takes it as it is shown; where the total could only be made in one
    way, it is not shown (None).
    """
    told = [part for part in hidden if part]
    if len(told) == 1:
        shown = disclosed(told[0])
        return None if shown is None else total - told[0] + shown
    least = sum(_least(part) for part in told)
    most = sum(_most(part) for part in told)
    return None if told and sum(told) in {least, most} else total


def _least(count: float) -> float:
    """Return the smallest count that is shown as this one is."""
    shown = disclosed(count)
    return 1 if shown is None else max(FEWEST, shown - STEP // 2)


def _most(count: float) -> float:
    """Return the largest count that is shown as this one is."""
    shown = disclosed(count)
    return FEWEST - 1 if shown is None else shown + STEP // 2

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


Span = tuple[float, float]
"""The smallest and the largest count that are shown as one is."""
Shown = tuple[float | None, Span]
"""How a count is shown (None: not at all), and which counts are shown so."""


def span(count: float) -> Span:
    """Return which counts are shown as this one is: (1, 7) for 3, (8, 12) for 9."""
    shown = disclosed(count)
    if shown is None:
        return 1.0, float(FEWEST - 1)
    return (max(float(FEWEST), shown - STEP // 2), shown + STEP // 2) if shown else (0.0, 0.0)


def disclosed_whole(whole: float, parts: Sequence[float]) -> Shown:
    """Return a count below the nation beside parts of it that are all shown as `disclosed`, and
    which counts are shown as it is.

    It is shown by the same rule, but where its rounding would fit the parts in one way alone (28 of
    four places with 7 each): then it is taken to the step that fits others too.
    """
    least, most = _together([span(part) for part in parts])
    shown, (low, high) = disclosed(whole), span(whole)
    if not parts or not least <= whole <= most:
        return shown, (low, high)
    # a step that the parts reach with their last count alone is never shown
    if low == most > least:
        return disclosed(low - 1), (max(span(low - 1)[0], least), most)
    if high == least < most:
        return disclosed(high + 1), (least, min(span(high + 1)[1], most))
    reaches = (max(low, least), min(high, most))
    if high + 1 == most and span(most)[0] == most:
        reaches = (reaches[0], most)
    if low - 1 == least and span(least)[1] == least:
        reaches = (least, reaches[1])
    return shown, reaches


def disclosed_total(
    total: float, hidden: Sequence[float], shown: Sequence[Shown] | None = None
) -> float | None:
    """Return a count of the nation beside parts of which some are shown as `disclosed`.

    The nation's counts are shown as they are, but never so that one part follows by subtraction.
    `hidden` are the counts of the parts that the reader does not see as they are, and `shown` how
    each stands beside its own parts, where it has any. Where one of them alone is not 0, the total
    takes it as it is shown; where the total could only be made in one way, it is not shown (None).
    """
    every = shown or [(disclosed(one), span(one)) for one in hidden]
    told = [(part, how) for part, how in zip(hidden, every, strict=True) if part]
    if len(told) == 1:
        ((part, (as_shown, _)),) = told
        return None if as_shown is None else total - part + as_shown
    ends = _together([could_be for _, (_, could_be) in told])
    return None if told and sum(part for part, _ in told) in ends else total


def _together(spans: Sequence[Span]) -> Span:
    """Return the smallest and the largest sum of counts that could each be so many."""
    return sum(low for low, _ in spans), sum(high for _, high in spans)

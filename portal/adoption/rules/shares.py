"""A share: a numerator of a denominator, both kept. Percentages are computed, never added up."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> int | None:
        """Return it in whole percent, None of nothing. Not all is never 100, some never 0."""
        if not self.denominator:
            return None
        found = round(100 * self.numerator / self.denominator)
        if 0 < self.numerator < self.denominator:
            return min(max(found, 1), 99)
        return found

    @property
    def words(self) -> str:
        """Return it in words: "12 of 13 (92%)"."""
        of = f"{self.numerator:,} of {self.denominator:,}"
        return of if self.percent is None else f"{of} ({self.percent}%)"


def added(shares: Iterable[Share]) -> Share:
    """Return the share of several areas together: numerators and denominators are added."""
    found = list(shares)
    return Share(sum(s.numerator for s in found), sum(s.denominator for s in found))

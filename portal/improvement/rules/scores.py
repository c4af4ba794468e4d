"""The two scores of a care bundle, from counts. Pure; never an average of percentages.

Appropriate Care Score: patients who got every element for which they were eligible, out of live
discharges. Composite Quality Score: elements given, out of elements for which patients were
eligible. Source: AHSN Network report, quarter 1 of 2021/22, section 4.5, footnotes 8 and 9; after
Nolan and Berwick, All-or-none measurement (JAMA 2006), and the composite score of the Hospital
Quality Incentive demonstration.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.programmes.rules.numbers import Share


@dataclass(frozen=True, slots=True)
class Element:
    """How often an element was given, of those who were eligible for it."""

    name: str
    given: float
    eligible: float

    @property
    def share(self) -> Share:
        """Return it as a share."""
        return Share(self.given, self.eligible)


def appropriate_care(complete: float, discharged: float) -> Share:
    """Return the Appropriate Care Score. Raises ValueError for more complete than discharged."""
    if complete > discharged:
        raise ValueError("more patients got every element than were discharged")
    return Share(complete, discharged)


def composite_quality(elements: Sequence[Element]) -> Share:
    """Return the Composite Quality Score: the sums of what was given and of what was due."""
    return Share(sum(one.given for one in elements), sum(one.eligible for one in elements))


def holds_back(elements: Sequence[Element]) -> Element | None:
    """Return the element that is given least often of those that anybody was due; the one of
    which most were missed where two are equal, None where nobody was due anything."""
    due = [one for one in elements if one.eligible]
    return min(
        due, key=lambda one: (one.given / one.eligible, one.given - one.eligible), default=None
    )

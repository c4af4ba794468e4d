"""The tests of the funding mandate: which hold in a policy year, what a number means. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from portal.db import LabelledEnum
from portal.programmes.models import Answer, Comparison, MandateCriterion


class Standing(LabelledEnum):
    """Whether a record would qualify in a policy year."""

    QUALIFIES = "qualifies", "Would qualify"
    OPEN = "open", "Not known yet"
    FAILS = "fails", "Would not qualify"


def in_force(criteria: Iterable[MandateCriterion], year: int) -> list[MandateCriterion]:
    """Return the tests of a policy year, in their order; none before the policy began."""
    held = [
        one
        for one in criteria
        if one.from_year <= year and (one.to_year is None or year <= one.to_year)
    ]
    return sorted(held, key=lambda one: (one.position, one.id))


def judged(criterion: MandateCriterion, value: float | None) -> Answer:
    """Return what a number means for a test with a threshold; None is not known."""
    if value is None or criterion.threshold is None:
        return Answer.NOT_KNOWN
    if criterion.comparison is Comparison.MORE_THAN:
        return Answer.MET if value > criterion.threshold else Answer.NOT_MET
    return Answer.MET if value <= criterion.threshold else Answer.NOT_MET


def standing(criteria: Sequence[MandateCriterion], answers: Mapping[int, Answer]) -> Standing:
    """Return whether a record would qualify, by the answer to each test (by its id): all are met,
    one is not, or something is not known. Without tests nothing is known."""
    found = [answers.get(one.id, Answer.NOT_KNOWN) for one in criteria]
    if Answer.NOT_MET in found:
        return Standing.FAILS
    if not found or Answer.NOT_KNOWN in found:
        return Standing.OPEN
    return Standing.QUALIFIES


def threshold_words(criterion: MandateCriterion) -> str:
    """Return what must be reached, in words: "more than £1,000,000"."""
    if criterion.threshold is None:
        return criterion.comparison.label
    return f"{criterion.comparison.label} {amount_words(criterion, criterion.threshold)}"


def amount_words(criterion: MandateCriterion, value: float) -> str:
    """Return a number in the unit of its test: "£20,000,000 a year", "36 months"."""
    number = f"{value:,.10g}" if value % 1 else f"{value:,.0f}"
    if criterion.unit.startswith("£"):
        return f"£{number}{criterion.unit[1:]}"
    return f"{number} {criterion.unit}"

"""How an aim stands, by one written rule. Pure.

The way from the baseline to the target is taken as even over time, from the day on which the aim
was set to the day by which it is due. Met: the target is reached. On course: at least 95% of the
way that is due by the day. Behind: at least 80%. Far behind: less, or the day has passed. Not
rated: there is no number, no value, no day, or nothing to start from. This product's own rule.
"""

from dataclasses import dataclass
from datetime import date

from portal.programmes.models import Direction, Rating

ON_COURSE, BEHIND = 0.95, 0.80


@dataclass(frozen=True, slots=True)
class Course:
    """What the rule looks at; None is not known."""

    target: float | None
    value: float | None
    baseline: float | None
    direction: Direction
    since: date | None
    by: date | None


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating with the reason for it, as a sentence."""

    rating: Rating
    because: str


def rate(course: Course, day: date) -> Rated:
    """Rate an aim on a day."""
    missing = _missing(course)
    if missing or course.target is None or course.value is None:
        return Rated(Rating.NOT_RATED, missing)
    if _is_met(course.direction, course.value, course.target):
        return Rated(Rating.MET, "The target is reached.")
    if course.by is None or course.since is None:
        return Rated(Rating.NOT_RATED, "Not reached; no days say by when it should be.")
    if day > course.by:
        return Rated(Rating.RED, "The day has passed and the target is not reached.")
    return _on_the_way(course, course.target, course.value, day)


def _on_the_way(course: Course, target: float, value: float, day: date) -> Rated:
    start = course.baseline
    if start is None and course.direction is Direction.LOWER:
        return Rated(Rating.NOT_RATED, "Without a baseline nobody knows how far it has come.")
    start = start or 0.0
    if course.since is None or course.by is None or start == target or day <= course.since:
        return Rated(Rating.NOT_RATED, "It has only begun.")
    gone = (value - start) / (target - start)
    due = (day - course.since).days / (course.by - course.since).days
    words = f"{max(0, round(gone * 100))}% of the way, {round(due * 100)}% of the time."
    if gone >= ON_COURSE * due:
        return Rated(Rating.GREEN, words)
    return Rated(Rating.AMBER if gone >= BEHIND * due else Rating.RED, words)


def _missing(course: Course) -> str:
    if course.target is None:
        return "The aim has no number."
    if course.value is None:
        return "No value of its measure was reported in its unit."
    if course.direction is Direction.NONE:
        return "Its measure does not say which way is better."
    return ""


def _is_met(direction: Direction, value: float, target: float) -> bool:
    return value >= target if direction is Direction.HIGHER else value <= target

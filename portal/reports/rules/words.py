"""How numbers are printed, and sentences that follow from them. Pure."""

from collections.abc import Sequence

from portal.programmes.rules.numbers import plain
from portal.wording import unit_words

GREAT_CHANGE = 0.5
"""A change by more than this share on the quarter before needs a word."""


def number_words(value: float | None, unit: str, step: int = 0) -> str:
    """Return a number as it is printed: "1,465 companies", "£984,000", "more than 600 companies".

    With `step` it is rounded down to a multiple; "more than" stands there only where the number is
    more than that.
    """
    if value is None:
        return "not known"
    low = value // step * step if step else value
    if not step or low == value:
        return _with_unit(plain(value), unit)
    if low <= 0:
        return f"fewer than {_with_unit(plain(step), unit)}"
    return f"more than {_with_unit(plain(low), unit)}"


def _with_unit(amount: str, unit: str) -> str:
    if unit == "pounds":
        return f"£{amount}"
    return f"{amount}%" if unit == "%" else f"{amount} {unit_words(amount, unit)}".strip()


def change_words(label: str, before: float | None, now: float | None) -> str:
    """Return a sentence on how a figure moved: "Companies supported rose from 40 to 46."; ""
    where one of the two is not known."""
    if before is None or now is None:
        return ""
    if before == now:
        return f"{label} stayed at {plain(now)}."
    way = "rose" if now > before else "fell"
    return f"{label} {way} from {plain(before)} to {plain(now)}."


def suggestion(label: str, code: str, quarter: str, before: float | None, now: float | None) -> str:
    """Return the same sentence with references in place of its numbers, for the text of a section;
    where the quarter before is not known, one that tells of this quarter alone."""
    here, last = f"{{figure:{code}}}", f"{{figure:{code} quarter={quarter}}}"
    if now is None:
        return ""
    if before is None or before == now:
        stayed = ", as in the quarter before" if before == now else ""
        return f"{label}: {here}{stayed}."
    way = "rose" if now > before else "fell"
    return f"{label} {way} from {last} to {here}."


def has_changed_much(before: float | None, now: float | None) -> bool:
    """Whether a number differs from the one of the quarter before by more than half of that."""
    if before is None or now is None or before == 0:
        return False
    return abs(now - before) > GREAT_CHANGE * abs(before)


def chart_words(bars: Sequence[tuple[str, float | None]], unit: str, *, over_time: bool) -> str:
    """Return the sentence of a chart: how it moved over time, or which bar is the longest."""
    known = [(label, value) for label, value in bars if value is not None]
    if not known:
        return "Nothing is known of it."
    first, last = known[0], known[-1]
    if over_time and len(known) > 1:
        way = "rose" if last[1] > first[1] else "fell" if last[1] < first[1] else "stayed"
        words = (
            f"from {plain(first[1])} to {plain(last[1])}"
            if way != "stayed"
            else f"at {plain(first[1])}"
        )
        what = unit_words(plain(last[1]), unit)
        return f"It {way} {words} {what}, {first[0]} to {last[0]}.".replace("  ", " ")
    label, most = max(known, key=lambda one: one[1])
    return f"Most: {label}, {number_words(most, unit)}." if most else "Nothing was counted."

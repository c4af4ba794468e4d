"""The lists that the demonstration's network brings in, as it might keep them: made up."""

from collections.abc import Sequence
from datetime import date, timedelta

HEADER = (
    *("Our ref", "Company", "Product", "Short description", "Type", "Status", "Problem"),
    *("Setting", "Case status", "Support level", "Start date", "Level date", "Lead person"),
    *("Hours spent", "Last contact", "Kind of support", "RWV site", "RWV status", "RWV start"),
    *("RWV date", "RWV positive?", "RWV result", "Sites", "Adoption stage", "Adoption date"),
)
Row = tuple[str, ...]
NO_TRIAL = ("",) * 6
NOWHERE = ("",) * 3


def first(day: date, sites: Sequence[str], lead: str) -> list[Row]:
    """Return the list as it was brought in: three that fit and one without a name."""
    watch, coach, wound = _records()
    return [
        (*watch, *_support(day, "Active", "2", 150, 150, lead, "6.5", 20), *_trial(day, sites)),
        (*coach, *_support(day, "Active", "3", 300, 210, lead, "18", 35), *_done(day)),
        (*wound, *_support(day, "on hold", "1", 90, 60, lead, "2 hours", 60), *NO_TRIAL, *NOWHERE),
        ("P-104", wound[1], "", *wound[3:], *("",) * (len(HEADER) - len(wound))),
    ]


def second(day: date, sites: Sequence[str], lead: str, known: tuple[str, str]) -> list[Row]:
    """Return the next quarter's list: two that changed, one the same, one new, one that is a record
    of the portal already (its name and maker are given), and one that does not fit."""
    watch, coach, wound = _records()
    pillow = _about("P-106", "Saltmarsh Sleep Ltd", "Saltmarsh Tide Pillow", "Falls asleep")
    twin = _about("P-107", known[1], known[0], "As it is in the portal already")
    wrong = (*_about("P-108", "Saltmarsh Sleep Ltd", "Saltmarsh Dawn Lamp", "Wakes")[:5], "Loud")
    wrong = (*wrong, *pillow[6:])
    rest = ("",) * (len(HEADER) - len(pillow))
    return [
        (*watch, *_support(day, "Active", "3", 150, 14, lead, "9", 5), *_trial(day, sites)),
        (*coach, *_support(day, "Active", "3", 300, 210, lead, "18", 35), *_done(day)),
        (*wound, *_support(day, "Active", "2", 90, 10, lead, "3.5", 10), *NO_TRIAL, *NOWHERE),
        (*pillow, *_support(day, "in triage", "", 6, 6, lead, "", 0), *NO_TRIAL, *NOWHERE),
        (*twin, *rest),
        (*wrong, *_support(day, "Active", "1", 6, 6, lead, "1", 3), *NO_TRIAL, *NOWHERE),
    ]


def _records() -> tuple[Row, Row, Row]:
    return (
        _about("P-101", "Fenbrook Health Ltd", "Fenbrook Night Watch", "Tells carers who is up"),
        _about("P-102", "Linden Motion Ltd", "Linden Gait Coach", "Trains a steady walk at home"),
        _about("P-103", "Quarry Lane Medical", "Quarry Lane Wound Map", "Follows wounds by photo"),
    )


PROBLEMS = {
    "P-101": "Staff see too late at night who has left their bed",
    "P-102": "People lose their balance after a stay in hospital",
    "P-103": "Nobody can tell whether a wound heals between two visits",
    "P-106": "Shift workers cannot fall asleep by day",
}


def _about(ref: str, maker: str, name: str, short: str) -> Row:
    problem = PROBLEMS.get(ref, "Dark mornings make people low")
    return (
        ref,
        maker,
        name,
        f"{short} (demonstration)",
        "Digital",
        "Prototype",
        problem,
        "Care home",
    )


def _support(
    day: date,
    state: str,
    level: str,
    since: int,
    on: int,
    lead: str,
    hours: str,
    contact: int,
) -> Row:
    logged = (hours, _ago(day, contact), "Evidence") if hours else ("", "", "")
    return (state, level, _ago(day, since), _ago(day, on), lead, *logged)


def _trial(day: date, sites: Sequence[str]) -> Row:
    """Return a validation that runs, and where the product is used."""
    used = (sites[0], "3", _ago(day, 40)) if sites else NOWHERE
    return ("Ward 2 of a made-up hospital", "in progress", _ago(day, 100), "", "", "", *used)


def _done(day: date) -> Row:
    """Return a validation that ended well."""
    began, ended = _ago(day, 200), _ago(day, 90)
    result = "A third fewer falls among 40 people (demonstration)"
    return ("A made-up clinic", "Completed", began, ended, "Yes", result, *NOWHERE)


def _ago(day: date, days: int) -> str:
    return f"{day - timedelta(days=days):%d/%m/%Y}"

"""What people are told, how often each kind may be posted, and what holds until they choose."""

import re
from collections.abc import Collection
from datetime import date
from urllib.parse import urlsplit

from portal.clock import is_monday
from portal.notifications.models import Kind, Rhythm

HEADER = "Kind: "
"""The first line of every email's template says of which kind it is; the second is its subject."""
SUBJECT_PAGE = re.compile(r"(?:/[a-z][a-z-]*)+/\d+")


LATER = frozenset({Rhythm.DAILY, Rhythm.WEEKLY})
"""What waits and is posted together."""

SUMMARIES = {Kind.DAY: Rhythm.DAILY, Kind.MONDAY: Rhythm.WEEKLY}
"""Emails that hold what waited, and for how long it did."""

CHOSEN = (
    *(Kind.ASKED, Kind.ANSWERS, Kind.MESSAGES, Kind.CHANGES, Kind.NEWS),
    *(Kind.EXCHANGE, Kind.MONDAY),
)
"""What people choose about, in the order of the page."""


def rhythms(kind: Kind) -> tuple[Rhythm, ...]:
    """Return how often a kind may be posted. What concerns the account is always posted at once,
    what is asked of a person at least once a day: others wait for it."""
    if kind is Kind.ACCOUNT:
        return (Rhythm.NOW,)
    if kind is Kind.ASKED:
        return (Rhythm.NOW, Rhythm.DAILY)
    if kind is Kind.MONDAY:
        return (Rhythm.WEEKLY, Rhythm.NEVER)
    return tuple(Rhythm)


def is_required(kind: Kind) -> bool:
    """Whether people get it by email whatever they choose."""
    return Rhythm.NEVER not in rhythms(kind)


OF_ROLE = frozenset({Kind.MONDAY, Kind.CHANGES})
"""What usually reaches staff otherwise than others."""


def usual_rhythm(kind: Kind, *, is_staff: bool) -> Rhythm:
    """Return what holds for somebody who has not chosen.

    Staff look after many records, so that changes reach them together; an innovator has one or
    two.
    """
    if kind is Kind.EXCHANGE:
        return Rhythm.WEEKLY
    if kind is Kind.MONDAY:
        return Rhythm.WEEKLY if is_staff else Rhythm.NEVER
    return Rhythm.DAILY if kind in OF_ROLE and is_staff else Rhythm.NOW


def page_of(url: str) -> str | None:
    """Return the page of the thing that an address is about, which people may mute:
    "/challenges/7" for "/challenges/7/call#questions"; None where it names no single thing."""
    found = SUBJECT_PAGE.match(urlsplit(url).path)
    return found.group() if found else None


def is_mutable(kind: Kind, url: str) -> bool:
    """Whether somebody who was told may ask for no more news of the same thing."""
    return not is_required(kind) and page_of(url) is not None


def due_rhythms(day: date) -> Collection[Rhythm]:
    """Return what is posted together on this day."""
    return LATER if is_monday(day) else LATER - {Rhythm.WEEKLY}


AND_MORE = " – and "
"""Between the subject of the first and how many more there are."""


def subject_of_several(subjects: list[str]) -> str:
    """Return the subject of one email that holds several messages: the first by its own."""
    more = len(subjects) - 1
    return subjects[0] if not more else f"{subjects[0]}{AND_MORE}{more} more"

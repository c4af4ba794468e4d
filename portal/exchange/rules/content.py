"""What must be right before an item is published, and where it stands on a day. Pure."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.db import LabelledEnum
from portal.exchange.models import ContentItem, ContentKind, ContentState
from portal.exchange.rules.kinds import Question, kind_of
from portal.text import count_links, personal_detail

MAX_LINKS = 10
"""Web addresses in one answer: more is a list of links, not a text."""
SPARED = {"an email address", "a telephone number"}
"""What may stand where a team says how to reach it."""


class Standing(LabelledEnum):
    """Whether funding can be applied for, or an event is still to come."""

    COMING = "coming", "Opens soon"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


def is_out(item: ContentItem, at: datetime) -> bool:
    """Whether everybody reads an item at a moment."""
    published = item.published_at
    return item.state is ContentState.PUBLISHED and published is not None and published <= at


def standing(item: ContentItem, on: date, at: datetime) -> Standing | None:
    """Return where funding or an event stands; None for a kind that has no dates."""
    if item.kind is ContentKind.FUNDING and item.closes_on is not None:
        if item.opens_on is not None and item.opens_on > on:
            return Standing.COMING
        return Standing.OPEN if item.closes_on >= on else Standing.CLOSED
    if item.kind is ContentKind.EVENT and item.starts_at is not None:
        ends = item.ends_at or item.starts_at
        return Standing.OPEN if ends >= at else Standing.CLOSED
    return None


def held_words(item: ContentItem) -> Iterator[str]:
    """Yield, for each text that holds what leads to a person or a list of links, what to do."""
    for label, text, is_contact in _texts(item):
        found = personal_detail(text)
        if found and not (is_contact and found in SPARED):
            yield (
                f"“{label}” looks as if it holds {found}. Take it out: patients and private people"
                " are never named here"
            )
        if count_links(text) > MAX_LINKS:
            yield f"“{label}” holds more than {MAX_LINKS} web addresses. Keep the ones that matter"


def _texts(item: ContentItem) -> Iterator[tuple[str, str, bool]]:
    yield "Title", item.title, False
    yield "Summary", item.summary, False
    yield "Source", item.source, False
    for one in kind_of(item.kind).questions:
        if not one.is_link:
            yield one.label, item.answer(one.code), one.is_contact
    for row in item.results:
        yield "Results", f"{row.what}\n{row.method}\n{row.period}", False
    for picture in item.pictures:
        yield "Pictures", f"{picture.alt}\n{picture.consent}\n{picture.credit}", False


def missing(item: ContentItem) -> list[str]:
    """Return what is missing before an item can be reviewed, each as what to do."""
    kind = kind_of(item.kind)
    found = [] if item.summary else ["Enter the summary"]
    found += [_enter(one) for one in kind.needed if not item.answer(one.code).strip()]
    if kind.needs_link and not item.link:
        found.append("Enter the link")
    if kind.has_dates and item.closes_on is None:
        found.append("Enter the last day")
    if kind.has_times and item.starts_at is None:
        found.append("Enter when it begins")
    if kind.has_results and not item.results:
        found.append("Add at least one result as a number, with how it was worked out")
    if (
        item.kind is ContentKind.EVENT
        and item.answer("recording")
        and not item.answer("transcript")
    ):
        found.append("Enter the transcript of the recording")
    return found


def _enter(question: Question) -> str:
    return f"Enter “{question.label}”"


def days_left(item: ContentItem, on: date) -> int | None:
    """Return how many days are left to apply, 0 on the last one; None where it is not open."""
    if item.closes_on is None or item.closes_on < on:
        return None
    return (item.closes_on - on).days


def local_time(item: ContentItem) -> str:
    """Return when an event begins where its times were given, "" for one of England's time."""
    if item.starts_at is None or item.time_zone == "Europe/London":
        return ""
    there = item.starts_at.astimezone(ZoneInfo(item.time_zone))
    return f"{there:%H:%M} in the time zone {item.time_zone.replace('_', ' ')}"

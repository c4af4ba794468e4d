"""Events as a calendar that any calendar program reads (RFC 5545)."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from portal.exchange.models import ContentItem
from portal.exchange.serialise.content import address
from portal.notifications.outbox import full_address

MEDIA_TYPE = "text/calendar"


def calendar(items: Iterable[ContentItem], name: str) -> bytes:
    """Return events as one calendar, times in UTC."""
    made = Calendar()
    made.add("prodid", "-//Innovation Exchange and pipeline//Events//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    made.add("method", "PUBLISH")
    for item in items:
        made.add_component(_event(item))
    return bytes(made.to_ical())


def _event(item: ContentItem) -> Event:
    event, where = Event(), full_address(address(item))
    event.add("uid", f"content-{item.id}@{urlsplit(where).hostname}")
    event.add("dtstamp", item.changed_at)
    event.add("last-modified", item.changed_at)
    event.add("sequence", item.version)
    event.add("summary", item.title)
    event.add("description", f"{item.summary}\n{where}")
    event.add("location", item.answer("place"))
    event.add("url", where)
    event.add("dtstart", item.starts_at)
    if item.ends_at:
        event.add("dtend", item.ends_at)
    return event

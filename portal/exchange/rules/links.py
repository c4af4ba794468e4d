"""Which addresses an item names, what an answer means, and when each is called again. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from portal.exchange.models.content import ContentItem

_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"']+")
_END = ".,;:!?"
MAX_LENGTH = 2_000
OFTEN = timedelta(days=7)
"""How long after an answer an address is called again."""
AGAIN = (timedelta(days=1), timedelta(days=2), timedelta(days=4))
"""How long to wait after the first, second and each further time that it led nowhere."""
BROKEN_AFTER = 3
"""So often in a row: a site that is away for a night is not broken."""
A_RUN = 50
"""Addresses of one run, each of another host: no site is called twice in one hour."""
UNSURE = frozenset({401, 403, 405, 406, 429, 501})
"""Answers by which a site refuses a program; people may well read the page."""
Link = TypeVar("Link")


def addresses_of(item: ContentItem) -> list[str]:
    """Return the web addresses that an item names, each once, as they stand in it."""
    said = " ".join([item.link, *map(str, item.answers.values())])
    found = (one.rstrip(_END) for one in _ADDRESS.findall(said))
    return [one for one in dict.fromkeys(found) if len(one) <= MAX_LENGTH and host_of(one)]


def host_of(url: str) -> str:
    """Return the host of an address, "" where it has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def one_a_host(links: Iterable[tuple[str, Link]]) -> list[Link]:
    """Return the first of each host among links with their addresses, `A_RUN` at most."""
    first: dict[str, Link] = {}
    for url, link in links:
        first.setdefault(host_of(url), link)
    return list(first.values())[:A_RUN]


def leads_nowhere(code: int | None) -> bool:
    """Whether an answer says that the page is not there, or nothing answers."""
    return code is None or (code >= 400 and code not in UNSURE)


def words_of(code: int | None, said: str) -> str:
    """Return in words what came back."""
    if code is None:
        return said[:1].upper() + said[1:]
    if code in UNSURE:
        return f"Answers programs with {code}: look at it yourself"
    if leads_nowhere(code):
        return f"Answers with {code}: not there"
    return "Leads to another address" if 300 <= code < 400 else "There"


def wait_after(failures: int, waits: Sequence[timedelta] = AGAIN) -> timedelta:
    """Return when an address is called again: after a week, sooner while it leads nowhere."""
    return waits[min(failures, len(waits)) - 1] if failures else OFTEN

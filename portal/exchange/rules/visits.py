"""Who counts as a visitor, and the mark that is kept of a visit for a day. Pure."""

import hmac
import re
from hashlib import sha256

LETTERS = 16
"""Of a mark: 64 bits tell a day's visitors apart, and too little to search for an address."""
GATEWAY = ""
"""The page that stands for all of them."""
_BOT = re.compile(
    r"bot|crawl|spider|slurp|scrap|preview|monitor|check|fetch|feed|headless|lighthouse|archiv"
    r"|curl|wget|python|java/|okhttp|go-http|httpclient|axios|node|libwww|ruby|php|perl",
    re.IGNORECASE,
)
MIN_AGENT = 20
"""What names itself with fewer letters is no browser."""


def is_program(agent: str, purpose: str) -> bool:
    """Whether a program asks, by how it names itself, or a browser that only fetches ahead."""
    return len(agent) < MIN_AGENT or bool(_BOT.search(agent)) or "prefetch" in purpose.lower()


def mark_of(salt: str, page: str, address: str, agent: str) -> str:
    """Return the mark of a visit of a page: from it nobody gets back to address or browser."""
    made = hmac.new(salt.encode(), f"{page}\n{address}\n{agent}".encode(), sha256)
    return made.hexdigest()[:LETTERS]

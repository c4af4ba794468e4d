"""When are two records likely the same thing? Pure: words in, likeness with reasons out.

Finding goes in two steps. `keys_of` gives each record a dozen short keys so made that records of
the same thing share some, whatever was spelt differently; the database finds who shares them.
`compare` then looks at the few that do. Keys are: the whole name without spaces, its first and
last letters, its longer words, the website's host, the organisation's name without its legal form,
and a few of the text's word triples, chosen by their hash so that similar texts choose alike
(bottom-k sketch: A. Broder, "On the resemblance and containment of documents", 1997).
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b
from urllib.parse import urlsplit

from portal.text import company_key, organisation_key, words_of

SAME_NAME = 0.88
"""A name this alike is a likely duplicate by itself."""
SIMILAR_NAME = 0.7
"""A name this alike needs the same organisation or website beside it."""
CONTAINED_NAME = 0.75
"""How alike a name counts that has all words of the other, and more."""
SAME_TEXT = 0.5
"""A likely duplicate when this share of word triples is common to both texts."""
MIN_TRIPLES = 5
"""A text with fewer says too little to be compared."""
SKETCH = 6
_END = re.compile(r"(?<=\S)\s*\([^()]*\)\s*$")
EDGE = 5
MAX_KEY_LENGTH = 60
SHARED_HOSTS = frozenset(
    {
        *("nhs.uk", "england.nhs.uk", "gov.uk", "linkedin.com", "github.com", "facebook.com"),
        *("x.com", "twitter.com", "youtube.com", "apps.apple.com", "play.google.com"),
        "sites.google.com",
    }
)
"""Hosts where many unrelated products live: the same host says nothing."""


@dataclass(frozen=True, slots=True)
class RecordTexts:
    """What is compared of a record."""

    name: str
    organisation: str = ""
    website: str = ""
    text: str = ""
    """Its summary and the problem it solves."""
    company_number: str | None = None
    """The number of its organisation at Companies House."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two records are: `score` from 0 to 1, the reasons in words, the verdict."""

    score: float
    reasons: tuple[str, ...]
    is_likely: bool


def host_of(website: str) -> str:
    """Return the host of a web address without "www.", or "" if it says nothing."""
    address = website.strip() if "//" in website else f"//{website.strip()}"
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:  # an address that is none: "http://[oops"
        return ""
    return "" if host in SHARED_HOSTS or "." not in host else host


def keys_of(record: RecordTexts) -> frozenset[str]:
    """Return the keys under which the record is found, each "kind:value"."""
    words = words_of(record.name)
    name = "".join(words)
    keys = {f"n:{name}", f"a:{name[:EDGE]}", f"z:{name[-EDGE:]}"} if name else set()
    keys |= {f"w:{word}" for word in words if len(word) > 2}
    keys |= {f"t:{triple}" for triple in _sketch(record.text)}
    if host := host_of(record.website):
        keys.add(f"d:{host}")
    if number := company_key(record.company_number):
        keys.add(f"c:{number}")
    if organisation := organisation_key(record.organisation):
        keys.add(f"o:{organisation}")
    return frozenset(key[:MAX_KEY_LENGTH] for key in keys)


def compare(one: RecordTexts, other: RecordTexts) -> Likeness:
    """Return how alike two records are."""
    name = name_likeness(one.name, other.name)
    text = text_likeness(one.text, other.text)
    organisation = _same(
        organisation_key(one.organisation), organisation_key(other.organisation)
    ) or _same(company_key(one.company_number), company_key(other.company_number))
    website = _same(host_of(one.website), host_of(other.website))
    is_likely = (
        name >= SAME_NAME
        or text >= SAME_TEXT
        or (name >= SIMILAR_NAME and (organisation or website))
        or (website and not organisation)
    )
    score = min(1.0, 0.6 * name + 0.15 * organisation + 0.15 * website + 0.3 * text)
    return Likeness(round(score, 3), _reasons(name, text, organisation, website), is_likely)


def name_likeness(one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1, whatever the spaces and order of words.

    What stands in brackets at the end of both, such as the trust at which it is used, tells nothing
    of what it is.
    """
    ends = [_END.search(name) for name in (one, other)]
    if ends[0] and ends[1] and words_of(ends[0].group()) == words_of(ends[1].group()):
        one, other = _END.sub("", one), _END.sub("", other)
    first, second = words_of(one), words_of(other)
    if not first or not second:
        return 0.0
    contained = set(first) <= set(second) or set(second) <= set(first)
    return max(
        _ratio("".join(first), "".join(second)),
        _ratio(" ".join(sorted(first)), " ".join(sorted(second))),
        CONTAINED_NAME if contained and max(map(len, first)) > 3 else 0.0,
    )


def text_likeness(one: str, other: str) -> float:
    """Return the share of word triples common to two texts (Jaccard), from 0 to 1."""
    first, second = _triples(one), _triples(other)
    if min(len(first), len(second)) < MIN_TRIPLES:
        return 0.0
    return len(first & second) / len(first | second)


def _reasons(name: float, text: float, organisation: bool, website: bool) -> tuple[str, ...]:
    found = (
        (name == 1.0, "the name is the same"),
        (SIMILAR_NAME <= name < 1.0, "the name is similar"),
        (organisation, "it is from the same organisation"),
        (website, "it has the same website"),
        (text >= SAME_TEXT, "it is described in much the same words"),
    )
    return tuple(words for holds, words in found if holds)


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other


def _ratio(one: str, other: str) -> float:
    # The ratio hangs on the order of its arguments; sorted, both pages say the same.
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _triples(text: str) -> set[str]:
    words = words_of(text)
    return {" ".join(words[i : i + 3]) for i in range(len(words) - 2)}


def _sketch(text: str) -> list[str]:
    hashes = (blake2b(triple.encode(), digest_size=6).hexdigest() for triple in _triples(text))
    return sorted(hashes)[:SKETCH]

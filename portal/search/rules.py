"""What search is made of: its facets, its orders, and the labels by which readers are told apart.

The labels say in the index what `innovations.policy.can_see` says of a submitted record; a test
holds the two together, and SQL checks every record again before a page shows it.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.accounts.models import Actor
from portal.db import LabelledEnum
from portal.innovations.models import Sharing
from portal.saved.rules import is_due as a_week_passed
from portal.search.models import Alert

PUBLIC, ICSS, STAFF = "public", "icss", "staff"
NEVER = "never"
"""The value of the facet `proven_until` of a record that does not count as proven on any day."""

PROVEN, NOT_PROVEN = "yes", "no"
FACETS: Mapping[str, str] = {
    "proven": "Proven",
    "stage": "Stage of development",
    "category": "Category",
    "care_setting": "Care setting",
    "condition_group": "Condition group",
    "condition": "Condition",
    "region": "NHS region",
    "hin": "Health Innovation Network",
}
"""The filters of the page, in their order, with their headings."""


class Order(LabelledEnum):
    """How results are sorted."""

    BEST = "best", "Best match"
    """By relevance; without words, proven first and then the newest."""
    NEWEST = "newest", "Newest"
    NAME = "name", "Name"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A search as a person asked it: `filters` by the names of `FACETS`, `page` from 1."""

    text: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    order: Order = Order.BEST
    page: int = 1

    @property
    def has_only_signs(self) -> bool:
        """Say whether what was typed holds no letter and no digit, so that it finds nothing."""
        return bool(self.text) and not any(character.isalnum() for character in self.text)


def labels_of_record(
    sharing: Sharing, organisation_id: int, user_ids: Iterable[int | None]
) -> frozenset[str]:
    """Return who may see a submitted record; `user_ids` are its owner and collaborators."""
    labels = {STAFF, f"organisation:{organisation_id}"}
    labels |= {f"user:{one}" for one in user_ids if one is not None}
    if sharing in {Sharing.PUBLIC, Sharing.HINS_AND_ICSS}:
        labels.add(ICSS)
    if sharing is Sharing.PUBLIC:
        labels.add(PUBLIC)
    return frozenset(labels)


def labels_of_reader(actor: Actor) -> frozenset[str]:
    """Return the labels of which a record needs one, for this reader to see it."""
    labels = {PUBLIC}
    if actor.is_ics:
        labels.add(ICSS)
    if actor.is_staff:
        labels.add(STAFF)
    if actor.is_signed_in:
        labels.add(f"user:{actor.user_id}")
        if actor.is_innovator:
            labels.add(f"organisation:{actor.organisation_id}")
    return frozenset(labels)


def is_proven_value(value: str, today: date) -> bool:
    """Whether a value of the facet `proven_until` counts as proven today.

    The index holds the last day, not a yes: so a status that lapses at midnight has lapsed in
    every count and filter at midnight, whenever the record was indexed.
    """
    return value != NEVER and value >= today.isoformat()


def proven_counts(by_day: Mapping[str, int], today: date) -> dict[str, int]:
    """Turn the counts of the facet `proven_until` into those of the filter "proven"."""
    yes = sum(count for value, count in by_day.items() if is_proven_value(value, today))
    return {PROVEN: yes, NOT_PROVEN: sum(by_day.values()) - yes}


def proven_values(chosen: Sequence[str], days: Iterable[str], today: date) -> frozenset[str]:
    """Return the values of `proven_until` behind the chosen values of the filter "proven".

    `days` are those that occur in the catalogue, as ISO dates. Both chosen is no filter: then,
    and for none, the answer is empty.
    """
    if len(set(chosen)) != 1:
        return frozenset()
    wants_proven = chosen[0] == PROVEN
    values = {day for day in days if is_proven_value(day, today) is wants_proven}
    return frozenset(values | ({NEVER} if not wants_proven else {today.isoformat()}))


# Saved searches ------------------------------------------------------------------------------

MAX_SAVED_SEARCHES = 50
"""Saved searches of one person."""
MAX_RANK_OF_NEWS = 50
"""With words, a new record is worth a message only among so many best results: every record with
any of the words is a result, and the last of them say little."""


def is_due(alert: Alert, told_at: datetime, moment: datetime) -> bool:
    """Whether an alert is to be looked at now; `told_at` is when it was last."""
    if alert is Alert.NEVER:
        return False
    return alert is Alert.DAILY or a_week_passed(told_at, moment)


# Gaps ----------------------------------------------------------------------------------------


# Counting without personal data --------------------------------------------------------------

MIN_PEOPLE_ASKING = 3
"""Words are written down only when so many different people asked them in one month."""
MAX_KEPT_LENGTH = 80
BUCKETS: Mapping[str, int] = {"0": 0, "1-5": 5, "6-20": 20}
MANY = "21+"
RANKS = 20
"""Ranks told apart when results are opened: those of the first page."""

_SIGNS = re.compile(r"[^\w\s&/+'’-]+")
_DIGITS = re.compile(r"\d")
_MIN_DIGITS_OF_PERSON = 6
"""So many digits may be a date of birth, a telephone or an NHS number."""


def bucket(total: int) -> str:
    """Return in which bucket a number of results falls."""
    return next((name for name, most in BUCKETS.items() if total <= most), MANY)


def countable(text: str) -> str:
    """Return words as they are counted: lower case, without signs; "" if they must not be kept.

    What looks like an address or holds many digits could name somebody, however many ask it.
    """
    plain = _without_marks(
        text
    )  # first, as it makes plain digits and signs of circled and wide ones
    if "@" in plain or len(_DIGITS.findall(plain)) >= _MIN_DIGITS_OF_PERSON:
        return ""
    words = " ".join(_SIGNS.sub(" ", plain).split())
    return words if len(words) <= MAX_KEPT_LENGTH else ""


def _without_marks(text: str) -> str:
    """Lower case without accents: one word however it is typed, and the same when asked again."""
    folded = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold()
    )
    return "".join(c for c in folded if not unicodedata.combining(c)).casefold()


def marks(secret: str, month: date, words: str, asker: str) -> tuple[str, str]:
    """Return the marks of some words and of who asked them, from which neither can be read.

    Keyed by the portal's secret. The mark of the asker holds the words, so that two searches of
    one person cannot be laid side by side.
    """
    about = f"{month:%Y-%m}\0{words}"
    return _mark(secret, about), _mark(secret, f"{about}\0{asker}")


def _mark(secret: str, text: str) -> str:
    key = hashlib.sha256(b"search counts" + secret.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16]

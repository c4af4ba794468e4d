"""What search is made of: its facets, its orders, and the labels by which readers are told apart.

The labels say in the index what `innovations.policy.can_see` says of a submitted record; a test
holds the two together, and SQL checks every record again before a page shows it.
"""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.accounts.models import Actor
from portal.innovations.models import Sharing

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


class Order(enum.StrEnum):
    """How results are sorted."""

    BEST = "best"
    """By relevance; without words, proven first and then the newest."""
    NEWEST = "newest"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search as a person asked it: `filters` by the names of `FACETS`, `page` from 1."""

    text: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    order: Order = Order.BEST
    page: int = 1


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

"""Organisations that look alike, and what is known of their becoming one."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from sqlalchemy import select

from portal.accounts.models import Actor, Organisation, OrganisationKind
from portal.clock import now
from portal.db import by_name, db
from portal.errors import NotFound
from portal.merging import UNDO_DAYS, Merge, Noun
from portal.text import company_key, organisation_key

FIXED = frozenset({OrganisationKind.ICS, OrganisationKind.HIN, OrganisationKind.NATIONAL})
"""Kinds that the reference data name: of these there is one each, with successors of its own."""
MAX_OF_KEY = 12
"""What more organisations share tells nothing, such as the page of a big university."""


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Two organisations that may be one, the older one first, and why."""

    one: Organisation
    other: Organisation
    reasons: tuple[str, ...]


def may_merge(actor: Actor) -> bool:
    """Whether the actor makes organisations one: administrators and the national team."""
    return actor.is_administrator or actor.is_national


def look_alikes() -> list[LookAlike]:
    """Return the organisations that look alike and of which nobody said that they differ: by the
    name without its legal form, the number at Companies House, the web address. Two statements."""
    every = db.session.scalars(
        select(Organisation)
        .where(Organisation.merged_into_id.is_(None), Organisation.kind.not_in(sorted(FIXED)))
        .order_by(by_name(Organisation.name), Organisation.id)
    ).all()
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for reason, groups in _groups(every):
        for group in groups:
            for one, other in combinations(sorted(group), 2):
                found[one, other].append(reason)
    known = {one.id: one for one in every}
    differ = _different()
    return [
        LookAlike(known[one], known[other], tuple(reasons))
        for (one, other), reasons in found.items()
        if (one, other) not in differ
    ]


TOLD: Mapping[str, Callable[[Organisation], str]] = {
    "the name is the same but for its legal form": lambda one: organisation_key(one.name),
    "the Companies House number is the same": lambda one: company_key(one.company_number),
    "the web address is the same": lambda one: one.website.casefold().rstrip("/"),
}
"""What two of one organisation share, with how it is said."""


def _groups(every: Sequence[Organisation]) -> Iterable[tuple[str, list[list[int]]]]:
    for reason, key_of in TOLD.items():
        sharing: dict[str, list[int]] = defaultdict(list)
        for one in every:
            if key := key_of(one):
                sharing[key].append(one.id)
        yield reason, [group for group in sharing.values() if 1 < len(group) <= MAX_OF_KEY]


def _different() -> set[tuple[int, int]]:
    """Return the pairs of which somebody said that they are different."""
    rows = db.session.execute(
        select(Merge.kept_id, Merge.other_id).where(
            Merge.noun == Noun.ORGANISATION,
            Merge.refused_at.is_not(None) | Merge.undone_at.is_not(None),
        )
    )
    return {(one, other) for one, other in rows}


def kept_organisation(organisation: Organisation) -> Organisation:
    """Return the organisation that it is today: itself, or the last it was made one with."""
    found = organisation
    while found.merged_into_id is not None:
        found = db.session.get_one(Organisation, found.merged_into_id)
    return found


def problem(one: Organisation, other: Organisation) -> str:
    """Say why two organisations cannot become one; "" where they can."""
    if one.id == other.id:
        return "An organisation is always one with itself."
    for row in (one, other):
        if row.merged_into_id is not None:
            return f"{row.name} was made one with another organisation meanwhile."
        if row.kind in FIXED:
            return f"{row.name} is named by the reference data: it is changed there."
    return ""


def two_organisations(one_id: int, other_id: int) -> tuple[Organisation, Organisation]:
    """Return two organisations, the one that is kept first: the older one. Raises NotFound."""
    found = [db.session.get(Organisation, number) for number in sorted((one_id, other_id))]
    if found[0] is None or found[1] is None:
        raise NotFound("There is no such organisation.")
    return found[0], found[1]


def merge_of_organisations(merge_id: int) -> tuple[Merge, Organisation, Organisation]:
    """Return a merge with both organisations; raises NotFound."""
    merge = db.session.get(Merge, merge_id)
    if merge is None or merge.noun is not Noun.ORGANISATION:
        raise NotFound("There is no such merge.")
    return merge, *two_organisations(merge.kept_id, merge.other_id)


def can_be_undone(merge: Merge, kept: Organisation) -> bool:
    """Whether it stands, its days last, and the kept one did not become part of another since."""
    if not merge.stands or merge.at is None or kept.merged_into_id is not None:
        return False
    return now() <= merge.at + timedelta(days=UNDO_DAYS)


def merges_that_stand() -> Sequence[tuple[Merge, Organisation]]:
    """Return the merges of organisations that can be taken back, each with the other one."""
    since = now() - timedelta(days=UNDO_DAYS)
    rows = db.session.execute(
        select(Merge, Organisation)
        .join(Organisation, Organisation.id == Merge.other_id)
        .where(
            Merge.noun == Noun.ORGANISATION,
            Merge.at >= since,
            Merge.undone_at.is_(None),
        )
        .order_by(Merge.id.desc())
    )
    return [(merge, other) for merge, other in rows]

"""Read groups of products, lists of eligible places and cohorts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Actor
from portal.adoption.models import (
    Cohort,
    CohortPlace,
    EligibleList,
    EligiblePlace,
    GroupMember,
    ProductGroup,
)
from portal.db import by_name, db
from portal.errors import NotFound
from portal.innovations.models import Innovation
from portal.innovations.queries import visible_to
from portal.reference.models import Site, SiteKind


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of a list, for the time for which it is on it."""

    site_id: int
    valid_from: date
    valid_to: date | None
    left_out_why: str
    name: str
    code: str
    kind: SiteKind
    town: str
    parent_id: int | None
    ics_id: int | None

    def holds(self, on: date) -> bool:
        """Whether it tells of the day."""
        return self.valid_from <= on and (self.valid_to is None or self.valid_to >= on)

    @property
    def trust_id(self) -> int | None:
        """Return the trust that it is or that runs it, by its number as a place."""
        return self.site_id if self.kind is SiteKind.TRUST else self.parent_id


def entries(list_id: int) -> list[Entry]:
    """Return every row of a list, past ones too, by the name of the place."""
    return entries_of([list_id])[list_id]


def entries_of(
    list_ids: Collection[int], sites: Collection[int] | None = None
) -> dict[int, list[Entry]]:
    """Return the rows of some lists, about all of their places or some, by the number of the list:
    one statement."""
    found: dict[int, list[Entry]] = {number: [] for number in list_ids}
    rows = rows_of(list_ids)
    if sites is not None:
        rows = rows.where(EligiblePlace.site_id.in_(sites))
    for list_id, *row in db.session.execute(rows):
        found[list_id].append(Entry(*row))
    return found


def tally_on(list_id: int, on: date) -> tuple[int, int]:
    """Return how many places of a list are eligible on a day, and how many are left out."""
    holds = (EligiblePlace.valid_from <= on) & or_(
        EligiblePlace.valid_to.is_(None), EligiblePlace.valid_to >= on
    )
    is_in = EligiblePlace.left_out_why == ""
    counts = select(func.count().filter(is_in), func.count().filter(~is_in))
    eligible, left_out = db.session.execute(
        counts.where(EligiblePlace.list_id == list_id, holds)
    ).one()
    return eligible, left_out


def entry_of(row: Any) -> Entry:
    """Return a row of `rows_of` as a place of its list."""
    return Entry(*row[1:])


def rows_of(list_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Return every row of some lists, past ones too, by the name of the place."""
    return (
        select(
            EligiblePlace.list_id,
            EligiblePlace.site_id,
            EligiblePlace.valid_from,
            EligiblePlace.valid_to,
            EligiblePlace.left_out_why,
            Site.name,
            Site.code,
            Site.kind,
            Site.town,
            Site.parent_id,
            Site.ics_id.label("ics_id"),
        )
        .join(Site, Site.id == EligiblePlace.site_id)
        .where(EligiblePlace.list_id.in_(list_ids))
        .order_by(by_name(Site.name), Site.id, EligiblePlace.valid_from)
    )


def sites_of(*list_ids: int) -> Select[int]:
    """Return the numbers of the places that are or were on some lists, as SQL."""
    return select(EligiblePlace.site_id).where(EligiblePlace.list_id.in_(list_ids))


def is_on_list(on: date) -> ColumnElement[bool]:
    """Return SQL over `EligiblePlace` for "it is eligible on the day"."""
    return (
        (EligiblePlace.valid_from <= on)
        & or_(EligiblePlace.valid_to.is_(None), EligiblePlace.valid_to >= on)
        & (EligiblePlace.left_out_why == "")
    )


def lists_of(innovation_id: int) -> Sequence[EligibleList]:
    """Return the lists of an innovation, the first that was made first: its shares are of that."""
    return db.session.scalars(
        select(EligibleList)
        .where(EligibleList.innovation_id == innovation_id)
        .order_by(EligibleList.id)
    ).all()


def lists_of_group(group_id: int) -> Sequence[EligibleList]:
    """Return the lists of a group of products, the first that was made first."""
    return db.session.scalars(
        select(EligibleList).where(EligibleList.group_id == group_id).order_by(EligibleList.id)
    ).all()


def readable_lists(actor: Actor) -> Select[EligibleList]:
    """Return the lists whose innovation the actor may open, and those of groups."""
    seen = select(Innovation.id).where(visible_to(actor))
    return select(EligibleList).where(
        or_(EligibleList.group_id.is_not(None), EligibleList.innovation_id.in_(seen))
    )


def list_for(actor: Actor, list_id: int) -> EligibleList:
    """Return a list that the actor may open; raises NotFound. The only door."""
    found = db.session.scalar(
        readable_lists(actor)
        .where(EligibleList.id == list_id)
        .options(joinedload(EligibleList.innovation), joinedload(EligibleList.group))
    )
    if found is None:
        raise NotFound("There is no such list of places that you may see.")
    return found


def counts_on(on: date) -> dict[int, int]:
    """Return how many places each list has on a day."""
    rows = (
        select(EligiblePlace.list_id, func.count())
        .where(is_on_list(on))
        .group_by(EligiblePlace.list_id)
    )
    return dict(db.session.execute(rows).all())


def groups() -> Sequence[ProductGroup]:
    """Return every group of products, by name."""
    return db.session.scalars(
        select(ProductGroup)
        .options(selectinload(ProductGroup.members).joinedload(GroupMember.innovation))
        .order_by(by_name(ProductGroup.name))
    ).all()


def group(group_id: int) -> ProductGroup:
    """Return one group of products with its members; raises NotFound."""
    found = db.session.scalar(
        select(ProductGroup)
        .where(ProductGroup.id == group_id)
        .options(selectinload(ProductGroup.members).joinedload(GroupMember.innovation))
    )
    if found is None:
        raise NotFound("There is no such group of products.")
    return found


def members_on(found: ProductGroup, on: date) -> list[Innovation]:
    """Return the products that belong to a group on a day."""
    return [
        member.innovation
        for member in found.members
        if member.valid_from <= on and (member.valid_to is None or member.valid_to >= on)
    ]


def cohorts() -> Sequence[Cohort]:
    """Return every cohort, by name."""
    return db.session.scalars(
        select(Cohort).options(joinedload(Cohort.made_by)).order_by(by_name(Cohort.name))
    ).all()


def cohort_sizes() -> dict[int, int]:
    """Return how many places each cohort has."""
    rows = select(CohortPlace.cohort_id, func.count()).group_by(CohortPlace.cohort_id)
    return dict(db.session.execute(rows).all())


def cohort_sites(cohort_id: int) -> set[int]:
    """Return the places of a cohort, by their numbers."""
    return sites_of_cohorts([cohort_id])[cohort_id]


def sites_of_cohorts(cohort_ids: Collection[int]) -> dict[int, set[int]]:
    """Return the places of some cohorts, by the number of the cohort; no statement for none."""
    found: dict[int, set[int]] = {number: set() for number in cohort_ids}
    if not found:
        return found
    rows: Any = select(CohortPlace.cohort_id, CohortPlace.site_id)
    for number, site_id in db.session.execute(rows.where(CohortPlace.cohort_id.in_(found))):
        found[number].add(site_id)
    return found

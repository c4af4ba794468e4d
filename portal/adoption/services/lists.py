"""Make and curate groups of products, lists of eligible places and cohorts."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy import true as sql_true

from portal.accounts.models import Actor
from portal.adoption.models import (
    Cohort,
    CohortPlace,
    EligibleList,
    EligiblePlace,
    GroupMember,
    ProductGroup,
)
from portal.adoption.policy import can_curate
from portal.adoption.queries.lists import is_on_list
from portal.adoption.services.sheets import follow_list
from portal.audit.services import note
from portal.clock import now
from portal.db import db, lock
from portal.errors import Forbidden, Invalid
from portal.innovations.models import Innovation
from portal.reference.models import Site, SiteKind, SiteState
from portal.reference.models.sites import site_state_on
from portal.text import is_called

ONLY_NATIONAL = "Only the national team makes and changes lists of places and groups of products."


def make_group(
    *, name: str, definition: str, members: Sequence[Innovation], since: date, by: Actor
) -> ProductGroup:
    """Put products of several suppliers together; raises Forbidden, Invalid."""
    _expect_curator(by)
    if len(members) < 2:
        raise Invalid("Select another product than the first", field="product_2")
    if is_called(name, db.session.scalars(select(ProductGroup.name))):
        raise Invalid("Enter a name that no other group has", field="name")
    group = ProductGroup(name=name, definition=definition, made_by_id=by.user_id)
    group.members = [GroupMember(innovation_id=one.id, valid_from=since) for one in members]
    db.session.add(group)
    db.session.flush()
    note(group, "made", f"put {len(members)} products together as {name}", by=by)
    return group


def make_list(
    *,
    name: str,
    basis: str = "",
    innovation: Innovation | None = None,
    group: ProductGroup | None = None,
    by: Actor,
) -> EligibleList:
    """Begin a list of the places that could use an innovation, or any product of a group."""
    _expect_curator(by)
    if (innovation is None) == (group is None):
        raise ValueError("a list is of an innovation or of a group")
    row = EligibleList(name=name, basis=basis, made_by_id=by.user_id)
    row.innovation, row.group = innovation, group
    db.session.add(row)
    db.session.flush()
    note(row, "made", f"made the list {name} for {row.subject_name}", by=by)
    return row


def add_kind(
    *,
    eligible: EligibleList,
    kind: SiteKind,
    ics_ids: Sequence[int] = (),
    since: date,
    by: Actor,
) -> int:
    """Put every place of a kind on a list that is open on the day, in some ICSs or in England;
    returns how many are new. What was left out stays left out."""
    places = select(Site.id).where(
        Site.kind == kind, site_state_on(since).in_([SiteState.OPEN.value, SiteState.DORMANT.value])
    )
    if ics_ids:
        places = places.where(Site.ics_id.in_(ics_ids))
    return add_places(eligible=eligible, site_ids=db.session.scalars(places), since=since, by=by)


def add_places(*, eligible: EligibleList, site_ids: Iterable[int], since: date, by: Actor) -> int:
    """Put places on a list from a day on; returns how many are new to it then."""
    _expect_curator(by)
    lock(eligible)
    there = set(
        db.session.scalars(
            select(EligiblePlace.site_id).where(
                EligiblePlace.list_id == eligible.id,
                or_(EligiblePlace.valid_to.is_(None), EligiblePlace.valid_to >= since),
            )
        )
    )
    new = sorted(set(site_ids) - there)
    db.session.add_all(
        EligiblePlace(list_id=eligible.id, site_id=one, valid_from=since, by_id=by.user_id)
        for one in new
    )
    db.session.flush()
    follow_list(eligible)
    note(eligible, "places_added", f"added {len(new)} places to {eligible.name}", by=by)
    return len(new)


def leave_out(
    *, eligible: EligibleList, site: Site, why: str, since: date, by: Actor
) -> EligiblePlace:
    """Say that a place is not eligible from a day on, and why; the days before stay as they were.

    Raises Forbidden, and Invalid for a place that is not on the list then.
    """
    row = _end(eligible, site, since, by)
    row = row or _begun(eligible, site, since)
    row.left_out_why, row.by_id, row.at = why, by.user_id, now()
    db.session.add(row)
    db.session.flush()
    follow_list(eligible)
    note(eligible, "left_out", f"left {site.name} out of {eligible.name}: {why}", by=by)
    return row


def bring_back(*, eligible: EligibleList, site: Site, since: date, by: Actor) -> None:
    """Put a place that was left out on the list again from a day on; before it stays left out.
    Raises Forbidden, and Invalid for a place that is not left out then."""
    row = _end(eligible, site, since, by, is_left_out=True)
    row = row or _begun(eligible, site, since)
    row.left_out_why, row.by_id, row.at = "", by.user_id, now()
    db.session.add(row)
    db.session.flush()
    follow_list(eligible)
    note(eligible, "brought_back", f"put {site.name} on {eligible.name} again", by=by)


def _begun(eligible: EligibleList, site: Site, since: date) -> EligiblePlace:
    """Return a row of a place from a day on, until another begins that was written before."""
    later = db.session.scalar(
        select(func.min(EligiblePlace.valid_from)).where(
            EligiblePlace.list_id == eligible.id,
            EligiblePlace.site_id == site.id,
            EligiblePlace.valid_from > since,
        )
    )
    until = later - timedelta(days=1) if later else None
    return EligiblePlace(list_id=eligible.id, site_id=site.id, valid_from=since, valid_to=until)


def _end(
    eligible: EligibleList, site: Site, since: date, by: Actor, *, is_left_out: bool = False
) -> EligiblePlace | None:
    """End what holds of a place on the day; returns the row where it began on that very day."""
    _expect_curator(by)
    lock(eligible)
    row = db.session.scalar(
        select(EligiblePlace).where(
            EligiblePlace.list_id == eligible.id,
            EligiblePlace.site_id == site.id,
            EligiblePlace.valid_from <= since,
            or_(EligiblePlace.valid_to.is_(None), EligiblePlace.valid_to >= since),
            (EligiblePlace.left_out_why != "") if is_left_out else sql_true(),
        )
    )
    if row is None:
        said = "left out of" if is_left_out else "on"
        raise Invalid(f"{site.name} is not {said} this list on that day", field="since")
    if row.valid_from == since:
        return row
    row.valid_to = since - timedelta(days=1)
    return None


def make_cohort(
    *,
    name: str,
    definition: str,
    site_ids: Iterable[int],
    innovation: Innovation | None = None,
    by: Actor,
) -> Cohort:
    """Keep some places under a name, for good. Raises Forbidden, Invalid."""
    _expect_curator(by)
    if is_called(name, db.session.scalars(select(Cohort.name))):
        raise Invalid("Enter a name that no other cohort has", field="name")
    places = sorted(set(site_ids))
    if not places:
        raise Invalid("There are no such places on that day")
    cohort = Cohort(name=name, definition=definition, made_by_id=by.user_id)
    cohort.innovation = innovation
    cohort.places = [CohortPlace(site_id=one) for one in places]
    db.session.add(cohort)
    db.session.flush()
    note(cohort, "made", f"kept {len(places)} places as the cohort {name}", by=by)
    return cohort


def eligible_ids(eligible: EligibleList, on: date) -> set[int]:
    """Return the places of a list on a day, by their numbers."""
    found = select(EligiblePlace.site_id).where(EligiblePlace.list_id == eligible.id)
    return set(db.session.scalars(found.where(is_on_list(on))))


def _expect_curator(by: Actor) -> None:
    if not can_curate(by):
        raise Forbidden(ONLY_NATIONAL)

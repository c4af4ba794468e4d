"""Read at which places of the national directory something was done, and what they are called."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, Subquery, select, union
from sqlalchemy.orm import selectinload

from portal.clock import day_of, today
from portal.db import by_name, db
from portal.exchange.models import ContentItem, content_site
from portal.reference.models import Site, SiteMembership, SiteState
from portal.reference.queries.sites import membership_on, site_name_on, site_successors


def sites_by_id(ids: Iterable[int]) -> Sequence[Site]:
    """Return the places with these ids, by name; no statement for none."""
    if not (wanted := list(ids)):
        return []
    return db.session.scalars(_by_name(wanted)).all()


def _by_name(ids: Collection[int]) -> Select[Site]:
    return select(Site).where(Site.id.in_(ids)).order_by(by_name(Site.name), Site.id)


def items_at(site_ids: Collection[int]) -> Select[int]:
    """Return the ids of the items about these places."""
    return select(content_site.c.item_id).where(content_site.c.site_id.in_(site_ids))


def items_at_places_of(ics_ids: Collection[int], on: date) -> Select[int]:
    """Return the ids of the items about places that lay in these areas on a day."""
    return (
        select(content_site.c.item_id)
        .join(SiteMembership, SiteMembership.site_id == content_site.c.site_id)
        .where(membership_on(on), SiteMembership.ics_id.in_(ics_ids))
    )


def areas_of_items() -> Subquery:
    """Return each item with each area that it is about, by its own word or by where its places lie
    today: `item_id`, `ics_id`."""
    said = select(ContentItem.id.label("item_id"), ContentItem.ics_id.label("ics_id"))
    there = select(content_site.c.item_id, Site.ics_id).join(
        Site, Site.id == content_site.c.site_id
    )
    return union(
        said.where(ContentItem.ics_id.is_not(None)), there.where(Site.ics_id.is_not(None))
    ).subquery()


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A place as the page of an item names it."""

    site: Site
    was: str
    """What it was called on the day of the item, "" where that is what it is called."""
    followed_by: Sequence[Site]
    """Who took over, where it is closed."""

    @property
    def is_closed(self) -> bool:
        """Whether it is closed today."""
        return self.site.state is SiteState.CLOSED


def shown_places(item: ContentItem) -> Sequence[ShownPlace]:
    """Return the places of an item as of the day on which it was published: a statement, and one
    for each that is closed."""
    if not item.sites:
        return []
    day = day_of(item.published_at) if item.published_at else today()
    found = _by_name([site.id for site in item.sites]).options(selectinload(Site.names))
    return [_shown(site, day) for site in db.session.scalars(found)]


def _shown(site: Site, day: date) -> ShownPlace:
    name = site_name_on(site, day)
    return ShownPlace(
        site,
        was=name if name != site.name else "",
        followed_by=[one for one in site_successors(site) if one is not site],
    )

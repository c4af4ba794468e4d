"""Say at which places of the national directory something was done."""

from dataclasses import replace

from portal.accounts.models import Actor
from portal.errors import Invalid
from portal.exchange.models import ContentItem
from portal.exchange.rules.kinds import kind_of
from portal.exchange.rules.writing import written_last
from portal.exchange.services.writing import hold, keep
from portal.reference.models import Site

MAX_PLACES = 30
"""So many places of one item: more is a programme, whose page counts them."""


def add_place(*, item: ContentItem, version: int, site: Site, by: Actor) -> None:
    """Link an item to a place; of a published one it waits until a second person publishes it.

    Raises Forbidden, Outdated, Invalid for a kind without places and for a place that is linked.
    """
    hold(item, version, by)
    held = list(written_last(item).site_ids)
    if not kind_of(item.kind).has_places:
        raise Invalid("Only what was done at places names them", field="site")
    if site.id in held:
        raise Invalid(f"{site.name} is linked already", field="site")
    if len(held) >= MAX_PLACES:
        raise Invalid(f"There are {MAX_PLACES} places already", field="site")
    _keep(item, [*held, site.id], f"added the place {site.name}", "to", by)


def remove_place(*, item: ContentItem, version: int, site: Site, by: Actor) -> None:
    """Take a place away; of a published item that waits. Raises Forbidden, Outdated, Invalid for a
    place that is not linked."""
    hold(item, version, by)
    held = written_last(item).site_ids
    if site.id not in held:
        raise Invalid(f"{site.name} is not linked")
    left = [number for number in held if number != site.id]
    _keep(item, left, f"removed the place {site.name}", "from", by)


def _keep(item: ContentItem, site_ids: list[int], step: str, where: str, by: Actor) -> None:
    written = replace(written_last(item), site_ids=site_ids)
    keep(item, written, step=step, told=f"{step} {where}", by=by)

"""Read what is used in an area, as anybody may: counts of places, never which."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, func, select

from portal.accounts.models import ANONYMOUS
from portal.adoption.queries.spread import labels
from portal.clock import today
from portal.db import by_name, db
from portal.innovations.models import Innovation, Use
from portal.innovations.queries import visible_to
from portal.innovations.queries.adoption import positions_on
from portal.innovations.queries.on_day import use_is_in_use_on, used_in_ics
from portal.innovations.rules.adoption import INTRODUCED, ORDER, RANK
from portal.reference.models import SiteMembership
from portal.reference.queries.sites import membership_on
from portal.text import folded_for_sorting

RANK_OF_FIRST = next(RANK[state] for state in ORDER if state.level == INTRODUCED)


@dataclass(slots=True)
class UsedInArea:
    """A published innovation, at how many places of an area it is in use, and how far it is."""

    innovation: Innovation
    in_use: int = 0
    """Places where it is used on the day, by the lines of the record; those by name count too."""
    stages: dict[str, int] = field(default_factory=dict)
    """How many places of the directory stand at each stage, by its name, the furthest first."""


def used_in_area(ids: frozenset[int], on: date) -> list[UsedInArea]:
    """Return what is used or introduced in an area at the end of a day, what most places use
    first. Three statements."""
    rows = _uses(ids, on)
    called = labels()
    standing = _standing(ids, on)
    found = {one.id: UsedInArea(one, count) for one, count in rows}
    for innovation, rank, count in standing:
        one = found.setdefault(innovation.id, UsedInArea(innovation))
        one.stages[called[ORDER[rank].value]] = count
    return sorted(
        found.values(), key=lambda one: (-one.in_use, folded_for_sorting(one.innovation.name))
    )


def _day(on: date) -> date | None:
    """Return the day as queries of use take it: None for how it stands now."""
    return None if on >= today() else on


def _uses(ids: frozenset[int], on: date) -> list[tuple[Innovation, int]]:
    place = func.coalesce(Use.directory_site_id * 2, Use.organisation_id * 2 + 1, -Use.id)
    rows = db.session.execute(
        select(Innovation, func.count(place.distinct()))
        .join(Use, Use.innovation_id == Innovation.id)
        .where(use_is_in_use_on(_day(on)), used_in_ics(_day(on)).in_(ids), visible_to(ANONYMOUS))
        .group_by(Innovation.id)
    )
    return [(one, count) for one, count in rows]


def _standing(ids: frozenset[int], on: date) -> list[tuple[Innovation, int, int]]:
    """Return how many places stand at each stage from the first on, the furthest first."""
    found = positions_on(on)
    lies_there = and_(
        SiteMembership.site_id == found.c.site_id,
        membership_on(on),
        SiteMembership.ics_id.in_(ids),
    )
    rows = db.session.execute(
        select(Innovation, found.c.rank, func.count(found.c.site_id.distinct()))
        .join(found, found.c.innovation_id == Innovation.id)
        .join(SiteMembership, lies_there)
        .where(found.c.rank >= RANK_OF_FIRST, visible_to(ANONYMOUS))
        .group_by(Innovation.id, found.c.rank)
        .order_by(by_name(Innovation.name), found.c.rank.desc())
    )
    return [(one, rank, count) for one, rank, count in rows]


def published_in_use(on: date) -> Mapping[int, set[int]]:
    """Return the numbers of the published innovations that are in use in each area on a day, by
    the number of the area. One statement."""
    rows = db.session.execute(
        select(used_in_ics(_day(on)), Use.innovation_id)
        .join(Innovation, Innovation.id == Use.innovation_id)
        .where(use_is_in_use_on(_day(on)), visible_to(ANONYMOUS))
        .distinct()
    )
    found: dict[int, set[int]] = {}
    for area, innovation_id in rows:
        found.setdefault(area or 0, set()).add(innovation_id)
    return found

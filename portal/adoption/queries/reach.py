"""How many sites use a record and in how many regions, for every record at once."""

from datetime import date

from sqlalchemy import Subquery, and_, case, func, or_, select

from portal.adoption.queries.places import USED
from portal.innovations.models import AdoptionState
from portal.innovations.queries.adoption import moves_between
from portal.innovations.rules.adoption import IN_USE
from portal.reference.models import Ics, SiteMembership
from portal.reference.queries.sites import membership_on

IN_USE_STATES = frozenset(state for state in AdoptionState if state.level >= IN_USE)


def use_by_record(since: date, on: date, of: int | None = None) -> Subquery:
    """Return a row for each record that a site of the directory used at the end of either day
    (stage 5 or above; a claim does not count): `innovation_id`, `sites_before` of the earlier one,
    `sites` and `regions` of the later one. Both days are found in one pass over the rows, of the
    record `of` alone over its own."""
    found = moves_between(since, on, of=of, reached=IN_USE_STATES)
    uses, used = found.c.rank >= USED, found.c.before >= USED
    is_its = and_(SiteMembership.site_id == found.c.site_id, membership_on(on), uses)
    return (
        select(
            found.c.innovation_id,
            func.count(case((used, found.c.site_id)).distinct()).label("sites_before"),
            func.count(case((uses, found.c.site_id)).distinct()).label("sites"),
            func.count(Ics.region_id.distinct()).label("regions"),
        )
        .select_from(found)
        .outerjoin(SiteMembership, is_its)
        .outerjoin(Ics, Ics.id == SiteMembership.ics_id)
        .where(or_(uses, used))
        .group_by(found.c.innovation_id)
        .subquery()
    )

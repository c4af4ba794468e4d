"""How many sites use a record and in how many regions, for every record at once."""

from datetime import date

from sqlalchemy import Subquery, and_, func, select

from portal.adoption.queries.places import USED
from portal.innovations.queries.adoption import positions_on
from portal.reference.models import Ics, SiteMembership
from portal.reference.queries.sites import membership_on


def use_by_record(on: date) -> Subquery:
    """Return a row for each record that a site of the directory used at the end of the day (stage
    5 or above; a claim does not count): `innovation_id`, `sites`, `regions`."""
    found = positions_on(on)
    is_its = and_(SiteMembership.site_id == found.c.site_id, membership_on(on))
    return (
        select(
            found.c.innovation_id,
            func.count(found.c.site_id.distinct()).label("sites"),
            func.count(Ics.region_id.distinct()).label("regions"),
        )
        .select_from(found)
        .outerjoin(SiteMembership, is_its)
        .outerjoin(Ics, Ics.id == SiteMembership.ics_id)
        .where(found.c.rank >= USED)
        .group_by(found.c.innovation_id)
        .subquery()
    )

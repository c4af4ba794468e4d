"""Which companies were supported over several quarters, and for how long by which network."""

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.accounts.models import OrganisationKind
from portal.db import db
from portal.reference.rules import Quarter
from portal.support.queries.figures import contact_query, logged_rows

Minutes = dict[int, dict[int, int]]
"""Minutes by network, of each organisation."""


def companies_supported(quarters: Sequence[Quarter]) -> Minutes:
    """Return the companies that the figure "companies supported" counts in any of the quarters,
    each with the minutes that every network that supported it logged with it in them.

    Two statements for each quarter.
    """
    found: Minutes = {}
    for quarter in quarters:
        rows = logged_rows(contact_query(quarter))
        stmt = (
            select(rows.organisation_id, rows.hin_id, func.sum(rows.minutes))
            .where(rows.organisation_kind == OrganisationKind.COMPANY, rows.supports)
            .group_by(rows.organisation_id, rows.hin_id)
        )
        for organisation_id, hin_id, minutes in db.session.execute(stmt):
            of = found.setdefault(organisation_id, {})
            of[hin_id] = of.get(hin_id, 0) + int(minutes)
    return found

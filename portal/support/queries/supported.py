"""Which companies were supported over several quarters, and for how long by which network."""

from collections.abc import Sequence

from portal.accounts.models import OrganisationKind
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
        for row in logged_rows(contact_query(quarter)):
            if row.supports and row.organisation_kind == OrganisationKind.COMPANY:
                of = found.setdefault(row.organisation_id, {})
                of[row.hin_id] = of.get(row.hin_id, 0) + row.minutes
    return found

"""The lists by which the next programmes are chosen: what stands in their columns."""

from typing import Any

from flask import url_for

from portal.db import by_name
from portal.innovations.models import Innovation
from portal.programmes.queries.longlist import Known, numbers_of
from portal.programmes.rules.choosing import rules_met
from portal.web.listing import Column, Listing


def longlist_listing(known: Known) -> Listing[Any]:
    """Return the longlist over the columns of its statement: what meets most rules comes first."""
    return Listing(
        title="Longlist of next programmes",
        one="innovation",
        many="innovations",
        columns=(
            Column[Any](
                "Innovation",
                lambda row: row.Innovation.name,
                key="name",
                order=by_name(Innovation.name),
                href=lambda row: url_for("innovations.overview", innovation_id=row.Innovation.id),
                tags=lambda row: ["In a programme"] if row.in_programme else [],
            ),
            Column(
                "What puts it there",
                lambda row: "; ".join(rule.label for rule in rules_met(numbers_of(row))),
                key="rules",
                order=known.rules,
            ),
            *_numbers(known),
            Column("Network", lambda row: row.Innovation.hin and row.Innovation.hin.name),
            Column("Number", lambda row: row.Innovation.id, on_page=False),
        ),
        default="-rules",
        tie=Innovation.id,
    )


def _numbers(known: Known) -> tuple[Column[Any], ...]:
    of = known.columns
    return (
        Column(
            "Proven until", lambda row: row.Innovation.is_proven_until if row.is_proven else None
        ),
        Column("Regions", lambda row: row.regions, "regions", of["regions"], is_number=True),
        Column("Sites in use", lambda row: row.sites, "sites", of["sites"], is_number=True),
        Column(
            "A year ago", lambda row: row.sites_before, "before", of["sites_before"], is_number=True
        ),
        Column(
            "Challenges that match",
            lambda row: row.challenges,
            "challenges",
            of["challenges"],
            is_number=True,
        ),
    )

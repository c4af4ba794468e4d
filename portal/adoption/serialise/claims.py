"""The list of claims of use that wait: what stands in its columns."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from portal.db import by_name
from portal.innovations.models import Adoption, Innovation
from portal.innovations.queries.adoption import rank_of
from portal.reference.models import Site
from portal.web.listing import Column, Listing

ClaimRow = Any
"""A claim, its record and its place."""
FROM_LIST = "claims"
"""What `from` says in the address of a site that was opened from the list."""


def claims_listing(labels: Mapping[str, str]) -> Listing[ClaimRow]:
    """Return the list, with what stages are called."""
    return Listing(
        title="Claims of use",
        one="claim",
        many="claims",
        columns=(
            Column[ClaimRow](
                "Place", _place, key="place", order=by_name(Site.name), href=_where_decided
            ),
            Column("Code", lambda row: row[2].code, on_page=False),
            Column(
                "Innovation",
                lambda row: row[1].name,
                key="innovation",
                order=by_name(Innovation.name),
                href=lambda row: url_for("innovations.use", innovation_id=row[1].id),
            ),
            Column(
                "The innovator says",
                lambda row: labels[row[0].state],
                key="stage",
                order=rank_of(Adoption.state.expression),
            ),
            Column("Since", lambda row: row[0].on, key="since", order=Adoption.on),
            Column("Said on", lambda row: row[0].at, key="said", order=Adoption.at),
        ),
        default="said",
        tie=Adoption.id,
    )


def _place(row: ClaimRow) -> str:
    claim, _, site = row
    return f"{site.name} ({claim.unit})" if claim.unit else site.name


def _where_decided(row: ClaimRow) -> str:
    _, innovation, site = row
    page = url_for("adoption.site", innovation_id=innovation.id, site_id=site.id)
    return f"{page}?from={FROM_LIST}#say"

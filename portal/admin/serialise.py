"""The administrators' list of places: what stands in its columns."""

from flask import url_for

from portal.db import by_name
from portal.reference.models import Site, SiteState
from portal.web.listing import Column, Listing

STATES = {
    SiteState.OPEN: "Open",
    SiteState.TO_OPEN: "Opens later",
    SiteState.DORMANT: "Dormant",
    SiteState.CLOSED: "Closed",
}
"""What the states of a place are called."""


def _tags(site: Site) -> list[str]:
    state = [] if site.state is SiteState.OPEN else [STATES[site.state]]
    return [*state, *(["Demonstration"] if site.is_demo else [])]


PLACES = Listing(
    title="Places",
    one="place",
    many="places",
    columns=(
        Column[Site](
            "Name",
            lambda site: site.name,
            key="name",
            order=by_name(Site.name),
            href=lambda site: url_for("admin.place", site_id=site.id),
            tags=_tags,
        ),
        Column("Code", lambda site: site.code, key="code", order=Site.code),
        Column("Kind", lambda site: site.kind.label, key="kind", order=Site.kind),
        Column("Where", lambda site: site.where, key="where", order=Site.postcode),
        Column("Run by", lambda site: site.parent.name if site.parent else "", on_page=False),
        Column("ICS", lambda site: site.ics.name if site.ics else ""),
        Column("State", lambda site: STATES[site.state], on_page=False),
        Column("Address", lambda site: site.address, on_page=False),
        Column("Opened on", lambda site: site.opened_on, on_page=False),
        Column("Closed on", lambda site: site.closed_on, on_page=False),
        Column(
            "ICS by postcode",
            lambda site: site.geography_ics.name if site.geography_ics else "",
            on_page=False,
        ),
        Column(
            "ICS by commissioner",
            lambda site: site.commissioner_ics.name if site.commissioner_ics else "",
            on_page=False,
        ),
    ),
    default="code",
    tie=Site.id,
)

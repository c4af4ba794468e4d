"""The list of innovations: what stands in its columns, on the page and in its files."""

from datetime import date

from flask import url_for

from portal.clock import today
from portal.innovations.models import Innovation
from portal.innovations.policy import is_proven
from portal.innovations.queries.catalogue import SORTABLE
from portal.web.listing import Column, Listing


def _proven_until(innovation: Innovation) -> date | None:
    return innovation.is_proven_until if is_proven(innovation, today()) else None


CATALOGUE = Listing(
    title="Innovations",
    one="innovation",
    many="innovations",
    columns=(
        Column[Innovation](
            "Name",
            lambda one: one.name,
            key="name",
            order=SORTABLE["name"],
            href=lambda one: url_for("innovations.overview", innovation_id=one.id),
            tags=lambda one: ["Proven"] if is_proven(one, today()) else [],
        ),
        Column("Summary", lambda one: one.summary, on_page=False),
        Column(
            "Organisation",
            lambda one: one.organisation.name,
            key="organisation",
            order=SORTABLE["organisation"],
        ),
        Column("Category", lambda one: one.category.label if one.category else None, on_page=False),
        Column(
            "Stage of development",
            lambda one: one.stage.label if one.stage else None,
            key="stage",
            order=SORTABLE["stage"],
            shown=lambda one: one.stage.label if one.stage else "Not said",
        ),
        Column("State", lambda one: one.status.label, is_tag=True),
        Column("Proven until", _proven_until, on_page=False),
        Column("HIN", lambda one: one.hin.name if one.hin else None, on_page=False),
        Column(
            "Submitted",
            lambda one: one.submitted_at,
            key="submitted",
            order=SORTABLE["submitted"],
            on_page=False,
        ),
        Column("Changed", lambda one: one.changed_at, key="changed", order=SORTABLE["changed"]),
    ),
    default="-changed",
    tie=Innovation.id,
    file_path="{path}/download.{kind}",
    is_long=True,
)

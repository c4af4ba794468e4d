"""The list of places of use that were entered by name: what stands in its columns."""

from typing import Any

from flask import url_for

from portal.db import by_name
from portal.innovations.models import Innovation, Use
from portal.web.listing import Column, Listing

NamedUse = Any
"""A row of a use and its record."""

NAMED_USES = Listing(
    title="Places entered by name",
    one="place",
    many="places",
    columns=(
        Column[NamedUse](
            "Place as entered",
            lambda row: row[0].organisation_named,
            key="place",
            order=by_name(Use.organisation_named),
            href=lambda row: url_for("innovations.attach_named_place", use_id=row[0].id),
        ),
        Column("Ward, practice or site", lambda row: row[0].site),
        Column(
            "Innovation",
            lambda row: row[1].name,
            key="innovation",
            order=by_name(Innovation.name),
            href=lambda row: url_for("innovations.use", innovation_id=row[1].id),
        ),
        Column("From", lambda row: row[0].from_on, key="from", order=Use.from_on),
    ),
    default="place",
    tie=Use.id,
)

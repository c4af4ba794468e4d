"""What is used in one area: a network's or a system's."""

from flask import render_template
from sqlalchemy import select

from portal.adoption.queries.neighbours import neighbours
from portal.adoption.queries.places import in_use_of, used_here
from portal.adoption.views import blueprint
from portal.adoption.views.steps import reader
from portal.db import db
from portal.errors import NotFound
from portal.reference.models import Ics


@blueprint.get("/adoption/areas/<code>")
def area(code: str) -> str:
    """Show what is used in a system, and what others of its size use that it does not."""
    actor = reader()
    ics = db.session.scalar(select(Ics).where(Ics.code == code))
    if ics is None:
        raise NotFound("There is no such system.")
    here = used_here(actor, ics.id)
    others = neighbours(actor, ics)
    return render_template(
        "adoption/area.html",
        ics=ics,
        here=here,
        others=others,
        everywhere=in_use_of([row.id for row, _ in here], ics.id),
    )

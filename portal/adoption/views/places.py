"""What is used in one area: a network's or a system's."""

from flask import redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.adoption.queries.neighbours import neighbours
from portal.adoption.queries.places import in_use_of, used_here
from portal.adoption.views import blueprint
from portal.adoption.views.steps import reader
from portal.db import db
from portal.errors import NotFound
from portal.reference.models import Ics


@blueprint.get("/adoption/areas")
def own_area() -> str | Response:
    """Show ICS staff what is used in their system; lead others to all of it."""
    actor = reader()
    ics = db.session.get(Ics, actor.ics_id) if actor.ics_id else None
    return _shown(actor, ics) if ics else redirect(url_for("adoption.index"))


@blueprint.get("/adoption/areas/<code>")
def area(code: str) -> str:
    """Show what is used in a system, and what others of its size use that it does not."""
    actor = reader()
    ics = db.session.scalar(select(Ics).where(Ics.code == code))
    if ics is None:
        raise NotFound("There is no such system.")
    return _shown(actor, ics)


def _shown(actor: Actor, ics: Ics) -> str:
    here = used_here(actor, ics.id)
    return render_template(
        "adoption/area.html",
        ics=ics,
        here=here,
        others=neighbours(actor, ics),
        everywhere=in_use_of([row.id for row, _ in here], ics.id),
    )

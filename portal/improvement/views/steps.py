"""What the pages of improvement share: doors, forms on a page of their own, where they lead."""

from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden
from portal.improvement import policy
from portal.improvement.models import Diagram
from portal.improvement.queries.diagrams import diagram_for
from portal.web.forms import PortalForm

BOTH = ("GET", "POST")
DIAGRAM = "/improvement/diagrams/<int:diagram_id>"
NODE = "/improvement/drivers/<int:node_id>"
TEAM = "/improvement/teams/<int:team_id>"
Answer = Response | AnyResponse | str | tuple[str, int]


def reader() -> Actor:
    """Return who asks, who must be of a network, an ICS or the national team; raises Forbidden."""
    actor = current_actor()
    if not policy.can_read(actor):
        raise Forbidden("Teams, engagement and lessons are for people of networks and ICSs.")
    return actor


def edited(diagram_id: int) -> Diagram:
    """Return a diagram that the reader may change; raises NotFound, Forbidden."""
    actor = current_actor()
    diagram = diagram_for(actor, diagram_id)
    if not policy.can_edit_diagram(actor, diagram.programme):
        raise Forbidden("The national team changes diagrams; a network those it leads.")
    return diagram


def day_asked(name: str, default: date | None = None) -> date:
    """Return the day that the address asks for, today where it names none that is one."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return default or today()


def show(
    form: PortalForm, heading: str, act: str, *, back: tuple[str, str], **names: Any
) -> Answer:
    """Show a form on a page of its own; `back` is where it leads back to, and in which words."""
    page = render_template(
        "improvement/step.html", form=form, heading=heading, act=act, back=back, **names
    )
    return page, form.status


def done(words: str, address: str) -> Answer:
    """Commit, say what was done, and lead to a page."""
    db.session.commit()
    flash(words, "success")
    return redirect(address)

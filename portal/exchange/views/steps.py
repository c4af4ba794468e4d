"""What the pages for who writes share: doors, forms on a page of their own, where they lead."""

from typing import Any

from flask import Response, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Conflict, Forbidden
from portal.exchange import policy
from portal.web.forms import PortalForm

BOTH = ("GET", "POST")
WORK = "/exchange/items/<int:item_id>"
Answer = Response | AnyResponse | str | tuple[str, int]


def writer() -> Actor:
    """Return who asks, who must be of a network or the national team; raises Forbidden."""
    actor = current_actor()
    if not policy.can_write(actor):
        raise Forbidden("Networks and the national team write for the Exchange.")
    return actor


def show(
    form: PortalForm, heading: str, act: str, *, back: tuple[str, str], **names: Any
) -> Answer:
    """Show a form on a page of its own; `back` is where it leads back to, and in which words."""
    page = render_template(
        "exchange/step.html", form=form, heading=heading, act=act, back=back, **names
    )
    return page, form.status


def done(words: str, address: str) -> Answer:
    """Commit, say what was done, and lead to a page."""
    db.session.commit()
    flash(words, "success")
    return redirect(address)


def refused(form: PortalForm, address: str) -> Answer:
    """Lead back to a page from which a button was pressed, with why nothing was done; raises
    Conflict where somebody else was first."""
    if form.is_outdated:
        raise Conflict(" ".join(problem["text"] or "" for problem in form.problems))
    for problem in form.problems:
        flash(problem["text"] or "", "warning")
    return redirect(address)

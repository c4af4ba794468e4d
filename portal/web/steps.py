"""Forms on a page of their own: how one is shown, where it leads, and what a button's refusal says.

The page is `macros/one_form.html`; a room whose pages say more has a template that extends it.
"""

from typing import Any

from flask import Response, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from portal.db import db
from portal.errors import Conflict
from portal.web.forms import PortalForm

BOTH = ("GET", "POST")
Answer = Response | AnyResponse | str | tuple[str, int]


def show(
    form: PortalForm,
    heading: str,
    act: str,
    *,
    back: tuple[str, str],
    section: str,
    template: str = "macros/one_form.html",
    **names: Any,
) -> Answer:
    """Show a form on a page of its own; `act` are the words of its button, `back` is where the page
    leads back to and in which words, `section` the second part of its title."""
    page = render_template(
        template, form=form, heading=heading, act=act, back=back, section=section, **names
    )
    return page, form.status


def done(words: str, address: str) -> AnyResponse:
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

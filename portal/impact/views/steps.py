"""What the forms of impact share: how one is shown on a page of its own, and where it leads."""

from typing import Any

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from portal.db import db
from portal.web.forms import PortalForm

BOTH = ("GET", "POST")
Answer = Response | str | tuple[str, int]


def show(form: PortalForm, heading: str, act: str, back: tuple[str, str], **names: Any) -> Answer:
    """Show a form on a page of its own; `back` are the address and the words of the way back."""
    page = render_template(
        "impact/step.html", form=form, heading=heading, act=act, back=back, **names
    )
    return page, form.status


def done(address: str, words: str) -> Answer:
    """Commit, say what was done, and lead on."""
    db.session.commit()
    flash(words, "success")
    return redirect(address)

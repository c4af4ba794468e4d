"""Every POST carries a token, or is refused with a page that says what to do."""

from blinker import Signal
from flask import Flask, redirect, render_template
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response

from portal.web import kept
from portal.web.opened import acting_now, opened_as_sent
from portal.web.programs import or_page

csrf = CSRFProtect()
forged = Signal()
"""Sent when a form is refused that no page of ours made for this browser."""


def _refused(error: CSRFError) -> tuple[str, int] | Response:
    """Answer a POST without a valid token: usually the session ended in another tab.

    The person who opened the form gets it back with what they typed; its signature tells that the
    form was ours and theirs.
    """
    opened, acting = opened_as_sent(), acting_now()
    if opened is not None and opened.person and opened.person == acting.person:
        page = kept.keep(opened, "token")
        if page is not None:
            return redirect(page, 303)
    forged.send()
    return render_template("errors/csrf.html"), 400


def init_app(app: Flask) -> None:
    """Check the token of every POST, PUT, PATCH and DELETE."""
    csrf.init_app(app)
    app.register_error_handler(CSRFError, or_page(_refused))

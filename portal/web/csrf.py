"""Every POST carries a token, or is refused with a page that says what to do."""

from typing import Any

from blinker import Signal
from flask import Flask, redirect, render_template
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response
from wtforms.csrf.core import CSRFTokenField

from portal.web import kept
from portal.web.keys import signing_keys
from portal.web.opened import acting_now, opened_as_sent
from portal.web.programs import or_page

csrf = CSRFProtect()
forged = Signal()
"""Sent when a form is refused that no page of ours made for this browser."""


class _LateToken(CSRFTokenField):
    """A token that is made when it is shown, not with the form: a page that makes a form and
    shows none of it, as most do for strangers, sets no cookie."""

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Read what was sent, as any hidden field does."""
        super(CSRFTokenField, self).process(*args, **kwargs)

    def _value(self) -> str:
        """Return the token of this session, whatever was sent."""
        return str(self.csrf_impl.generate_csrf_token(self))


class LateCsrf(FlaskForm.Meta.csrf_class):
    """How a form carries and checks its token."""

    field_class = _LateToken


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
    app.config["WTF_CSRF_SECRET_KEY"] = signing_keys(app)  # it has no setting for older ones
    csrf.init_app(app)
    app.register_error_handler(CSRFError, or_page(_refused))

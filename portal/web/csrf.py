"""Every POST carries a token, or is refused with a page that says what to do."""

from flask import Flask, render_template
from flask_wtf.csrf import CSRFError, CSRFProtect

csrf = CSRFProtect()


def _refused(error: CSRFError) -> tuple[str, int]:
    """Answer a POST without a valid token: usually the session ended in another tab."""
    return render_template("errors/csrf.html"), 400


def init_app(app: Flask) -> None:
    """Check the token of every POST, PUT, PATCH and DELETE."""
    csrf.init_app(app)
    app.register_error_handler(CSRFError, _refused)

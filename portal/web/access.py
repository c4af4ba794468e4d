"""Every page is private unless its view says ``@public``."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., object])


def public(view: View) -> View:
    """Open a view to anyone, signed in or not. Goes directly above the function."""
    view.is_public = True  # type: ignore[attr-defined]  # a mark on the function
    return view


def is_public(endpoint: str) -> bool:
    """Say whether anyone may open ``endpoint``: marked, listed in PUBLIC_ENDPOINTS, or static."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return True
    if endpoint in current_app.config["PUBLIC_ENDPOINTS"]:
        return True
    view = current_app.view_functions[endpoint]
    view_class = getattr(view, "view_class", None)
    return bool(getattr(view, "is_public", False) or getattr(view_class, "is_public", False))


def safe_next(target: str | None) -> str | None:
    """Return ``target`` when it is a path on this site, else None.

    Browsers read ``\\`` as ``/`` and drop control characters, so a target with either is refused.
    """
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    if any(ord(character) < 32 for character in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def _require_signed_in() -> Response | None:
    """Send a stranger to the sign-in page, which brings them back where they wanted to go."""
    endpoint = request.endpoint
    if endpoint is None or is_public(endpoint) or not is_stranger():
        return None
    return ask_to_sign_in()


def is_stranger() -> bool:
    """Say whether nobody is signed in in this browser."""
    return not current_user.is_authenticated


def ask_to_sign_in() -> Response:
    """Send to the sign-in page, which brings back to this page where it was one to read."""
    wanted = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else None
    return redirect(url_for(current_app.config["LOGIN_VIEW"], next=safe_next(wanted)))


def init_app(app: Flask) -> None:
    """Close every view of ``app`` to strangers, but for the public ones.

    Asked first, so that a stranger is sent to sign in before anything else refuses them, and
    once more by ``PortalFlask`` directly before the view: a hook in between may have found that
    the session was ended.
    """
    app.before_request(_require_signed_in)
    app.extensions["portal_access"] = _require_signed_in

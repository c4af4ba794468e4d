"""Every page is private unless its view says ``@public``."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.web import kept
from portal.web.addresses import safe_next
from portal.web.opened import opened_as_sent
from portal.web.programs import asked_by_program, unauthorized

View = TypeVar("View", bound=Callable[..., object])


def public(view: View) -> View:
    """Open a view to anyone, signed in or not. Goes directly above the function."""
    view.is_public = True  # type: ignore[attr-defined]  # a mark on the function
    return view


def asks_nobody(view: View) -> View:
    """Open a view to anyone, and never look who it is: it answers without the database. Goes
    directly above the function."""
    view.asks_nobody = True  # type: ignore[attr-defined]  # a mark on the function
    return public(view)


def is_asking_nobody() -> bool:
    """Say whether this request is answered without looking who sent it."""
    endpoint = request.endpoint or ""
    if endpoint == "static" or endpoint.endswith(".static"):
        return True
    return bool(getattr(current_app.view_functions.get(endpoint), "asks_nobody", False))


def ask_nobody() -> None:
    """Let the rest of this request take nobody for signed in: the database may be what broke."""
    manager = getattr(current_app, "login_manager", None)
    if manager is not None:
        manager._update_request_context_with_user()  # there is no public way


def removes(back: str) -> Callable[[View], View]:
    """Let a button that removes something say where nothing is left to remove, whether it was
    removed already or was never there for this person. Goes directly above the function; `back` is
    the endpoint of the page that shows what is left."""

    def marked(view: View) -> View:
        view.removed_from = back  # type: ignore[attr-defined]  # a mark on the function
        return view

    return marked


def page_of_what_is_left() -> str | None:
    """Return the address that shows what is left, None unless this request removes something."""
    view = current_app.view_functions.get(request.endpoint or "")
    back: str | None = getattr(view, "removed_from", None)
    if back is None or request.method != "POST":
        return None
    rule = next(current_app.url_map.iter_rules(back))
    given = request.view_args or {}
    return url_for(back, **{name: given[name] for name in given if name in rule.arguments})


def is_public(endpoint: str) -> bool:
    """Say whether anyone may open ``endpoint``: marked, listed in PUBLIC_ENDPOINTS, or static."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return True
    if endpoint in current_app.config["PUBLIC_ENDPOINTS"]:
        return True
    view = current_app.view_functions[endpoint]
    view_class = getattr(view, "view_class", None)
    return bool(getattr(view, "is_public", False) or getattr(view_class, "is_public", False))


def _require_signed_in() -> Response | None:
    """Send a stranger to the sign-in page, which brings them back where they wanted to go."""
    endpoint = request.endpoint
    if is_asking_nobody():
        ask_nobody()  # extensions look who it is, whatever the view does
    if endpoint is None or is_public(endpoint) or not is_stranger():
        return None
    return ask_to_sign_in()


def is_stranger() -> bool:
    """Say whether nobody is signed in in this browser."""
    return not current_user.is_authenticated


def ask_to_sign_in() -> Response:
    """Send to the sign-in page, which brings back to this page where it was one to read; what was
    typed is kept."""
    if asked_by_program():
        raise unauthorized("Send a token: Authorization: Bearer …")
    if request.method not in {"GET", "HEAD"}:
        return sign_in_first()
    return _to_sign_in(request.full_path.rstrip("?"))


def _to_sign_in(wanted: str | None) -> Response:
    return redirect(url_for(current_app.config["LOGIN_VIEW"], next=safe_next(wanted)))


def sign_in_first() -> Response:
    """Keep what was typed by somebody whose session has ended, and let them come back to it."""
    opened = opened_as_sent()
    page = kept.keep(opened, "signed_out") if opened and opened.person else None
    if page is not None:
        flash("You were signed out before this was saved. Sign in: what you typed is kept.")
    return _to_sign_in(page)


def init_app(app: Flask) -> None:
    """Close every view of ``app`` to strangers, but for the public ones.

    Asked first, so that a stranger is sent to sign in before anything else refuses them, and
    once more by ``PortalFlask`` directly before the view: a hook in between may have found that
    the session was ended.
    """
    app.before_request(_require_signed_in)
    app.extensions["portal_access"] = _require_signed_in

"""What somebody must do before a page opens: set up a second factor, accept the terms of use, or
prove who they are.

One place for all, before every view. What was typed into a form is kept (`portal.web.kept`) and
stands in it again afterwards.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.queries.factors import roles_since
from portal.accounts.queries.terms import audience_of
from portal.accounts.rules import factor_due_at
from portal.accounts.session.browser import active_memberships, current_actor, is_proved
from portal.clock import now
from portal.errors import Forbidden
from portal.web import kept
from portal.web.access import is_asking_nobody, is_public
from portal.web.opened import opened_as_sent
from portal.web.programs import asked_by_program

THEN = "after_factor"
"""Where in the cookie stands the page that shows again what was typed."""
View = TypeVar("View", bound=Callable[..., object])


def asks_proof(view: View) -> View:
    """Open a view only to somebody who proved a moment ago who they are: changes of security. Goes
    directly above the function."""
    view.asks_proof = True  # type: ignore[attr-defined]  # a mark on the function
    return view


def opens_without_factor(view: View) -> View:
    """Open a view also to somebody who must set up a second factor first. Goes directly above the
    function, or above `asks_proof`."""
    view.opens_without_factor = True  # type: ignore[attr-defined]  # a mark on the function
    return view


def factor_due() -> datetime | None:
    """Return until when the person of this request must set up a second factor; None when they
    have one, no role of theirs asks for it, or the service that signed them in asked for one."""
    required = current_app.config["SECOND_FACTOR_ROLES"]
    if not required or not current_user.is_authenticated or current_user.tf_totp_secret:
        return None
    row = g.api_token if "api_token" in g else g.user_session
    if row.factor_elsewhere:
        return None
    roles = roles_since(active_memberships(current_user))
    asked_at = current_user.factor_asked_at or row.created_at
    due = factor_due_at(asked_at, roles, required, current_app.config["SECOND_FACTOR_GRACE"])
    return None if due is None or current_user.passkeys else due


def set_up_first() -> Response | None:
    """Lead somebody whose days of grace are over to the page that sets up a second factor."""
    if _is_marked("opens_without_factor") or request.endpoint is None or is_asking_nobody():
        return None
    due = factor_due()
    if due is None or due > now():
        return None
    if asked_by_program():
        raise Forbidden("Its person must set up two-factor sign-in first, in a browser.")
    page = _kept_page("factor")
    if page:
        flash("Set up two-factor sign-in first. What you typed is kept for an hour.")
        session[THEN] = page
    return redirect(url_for("accounts.two_factor"))


def opens_without_terms(view: View) -> View:
    """Open a view also to somebody who has not accepted the terms of use. Goes directly above the
    function."""
    view.opens_without_terms = True  # type: ignore[attr-defined]  # a mark on the function
    return view


def accept_first() -> Response | None:
    """Lead somebody to the terms that hold for whom they act, where they have not accepted them,
    and from there to where they were going, with what they typed. What strangers may open stays
    open, and programs, whose person accepted when they made the token, go on."""
    if _opens_without_terms() or asked_by_program():
        return None
    if not current_user.is_authenticated or not g.get("unaccepted"):
        return None
    audience = audience_of(current_actor())
    if audience is None or not g.unaccepted & audience.bit:
        return None
    page = _kept_page("terms") if request.method == "POST" else request.full_path.rstrip("?")
    return redirect(url_for(current_app.config["TERMS_VIEW"], next=page))


def _opens_without_terms() -> bool:
    endpoint = request.endpoint
    if endpoint is None or is_public(endpoint):
        return True
    return _is_marked("opens_without_terms") or _is_marked("opens_without_factor")


def prove_first() -> Response | None:
    """Lead to the page that asks for a proof, and back from there to what was asked for."""
    if not _is_marked("asks_proof") or not current_user.is_authenticated or is_proved():
        return None
    here = request.full_path.rstrip("?")
    page = here if request.method in {"GET", "HEAD"} else _kept_page("proof")
    return redirect(url_for("accounts.prove", next=page or kept.page_of_form()))


def _is_marked(mark: str) -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, mark, False))


def _kept_page(reason: str) -> str | None:
    """Keep what was sent, if anything was; returns the page that shows it again."""
    opened = opened_as_sent() if request.method == "POST" else None
    return kept.keep(opened, reason) if opened and opened.person else None


def init_app(app: Flask) -> None:
    """Ask before every view."""
    app.before_request(set_up_first)
    app.before_request(accept_first)
    app.before_request(prove_first)

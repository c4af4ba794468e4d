"""Signing in, with a code when the account asks for one, and signing out."""

import time

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import services
from portal.accounts.forms import CodeForm, RecoveryCodeForm, SignInForm
from portal.accounts.models import User
from portal.accounts.policy import can_sign_in
from portal.accounts.queries import recovery_codes_left
from portal.accounts.session import active_memberships, finish_session, start_session
from portal.accounts.views.guessing import (
    email_tried,
    half_signed_in,
    remember_browser,
    slow_down,
)
from portal.accounts.views.start import blueprint
from portal.db import db
from portal.web.access import public
from portal.web.addresses import safe_next
from portal.web.format import plural

MAX_SECONDS_FOR_CODE = 600
"""Seconds between the password and the code."""


@blueprint.route("/sign-in", methods=["GET", "POST"])
@slow_down(email_tried)
@public
def sign_in() -> str | Response:
    """Ask for address and password."""
    form = SignInForm(next=request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(safe_next(form.next.data) or "/")
    if form.is_submitted_and_valid():
        user = services.authenticate(
            email=form.email.data,
            password=form.password.data,
            production=current_app.config["PRODUCTION"],
        )
        db.session.commit()
        if user is not None:
            return go_on(user, safe_next(form.next.data))
        form.refuse("Enter a correct email address and password", "password")
    return render_template("accounts/sign_in.html", form=form)


def go_on(user: User, target: str | None = None) -> Response:
    """Let in somebody whose password was right: confirm the address, ask for a code, or open."""
    if user.confirmed_at is None:
        services.send_confirmation(user=user)
        db.session.commit()
        return redirect(url_for("accounts.check_mail"))
    if user.tf_totp_secret:
        session["sign_in"] = {"user": user.id, "at": time.time(), "next": target}
        return redirect(url_for("accounts.enter_code"))
    return let_in(user, target)


def let_in(user: User, target: str | None) -> Response:
    """Open the session and go where the person wanted to."""
    start_session(user)
    db.session.commit()
    remember_browser(user)
    if target:
        return redirect(target)
    return redirect("/" if active_memberships(user) else url_for("accounts.join"))


def _half_signed_in() -> tuple[User, str | None] | None:
    """Return whose password was right a moment ago, and where they wanted to go."""
    pending = session.get("sign_in")
    if not pending or pending["at"] < time.time() - MAX_SECONDS_FOR_CODE:
        return None
    user = db.session.get(User, pending["user"])
    return (user, pending["next"]) if user is not None and may_sign_in(user) else None


def may_sign_in(user: User) -> bool:
    """Whether the account is open in this service."""
    return can_sign_in(user, production=current_app.config["PRODUCTION"])


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@slow_down(half_signed_in)
@public
def enter_code() -> str | Response:
    """Ask for the code of the authenticator app."""
    found, form = _half_signed_in(), CodeForm()
    if found is None:
        return redirect(url_for("accounts.sign_in"))
    user, target = found
    if form.is_submitted_and_valid():
        if services.is_code_right(user=user, code=form.code.data):
            return let_in(user, target)
        form.refuse("Enter the code that your app shows now. Each code works once", "code")
    return render_template("accounts/code.html", form=form)


@blueprint.route("/sign-in/recovery-code", methods=["GET", "POST"])
@slow_down(half_signed_in)
@public
def enter_recovery_code() -> str | Response:
    """Ask for a recovery code instead."""
    found, form = _half_signed_in(), RecoveryCodeForm()
    if found is None:
        return redirect(url_for("accounts.sign_in"))
    user, target = found
    if form.is_submitted_and_valid():
        if services.is_recovery_code_right(user=user, code=form.code.data):
            flash(f"You have {plural(recovery_codes_left(user.id), 'recovery code')} left.")
            return let_in(user, target)
        form.refuse("Enter a recovery code that you have not used before", "code")
    return render_template("accounts/recovery_code.html", form=form)


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """End this browser's session."""
    finish_session()
    db.session.commit()
    flash("You have signed out.", "success")
    return redirect(url_for("accounts.sign_in"))

"""Signing in, with a code when the account asks for one, and signing out."""

import time

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import services
from portal.accounts.forms import RecoveryCodeForm, SignInForm
from portal.accounts.forms.factors import CodeForm, PasskeyForm
from portal.accounts.models import User
from portal.accounts.models.security import SecurityKind
from portal.accounts.policy import can_sign_in
from portal.accounts.queries import recovery_codes_left
from portal.accounts.session import (
    active_memberships,
    finish_session,
    opens_without_factor,
    start_session,
)
from portal.accounts.views.guessing import (
    email_tried,
    half_signed_in,
    remember_browser,
    slow_down,
)
from portal.accounts.views.proving import proved_by, refused_factor, signed_by, to_use
from portal.accounts.views.start import BY_ADDRESS, blueprint
from portal.db import db
from portal.web.access import public
from portal.web.addresses import safe_next
from portal.web.format import plural
from portal.web.limits import limiter

CLEARED = '"cache", "storage"'
"""Not the cookies: the session is worth nothing any more, and the next page has a message."""
FAILED = SecurityKind.SIGN_IN_FAILED
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
        user = services.authenticate_unlocked(
            email=form.email.data,
            password=form.password.data,
            production=current_app.config["PRODUCTION"],
        )
        if user is not None:
            return go_on(user, safe_next(form.next.data))
        # Not before the password was hashed, or strangers would keep others from saving.
        services.security.note_apart(FAILED, f"as {form.email.data}")
        form.refuse("Enter a correct email address and password", "password")
    passkey = PasskeyForm(formdata=None, next=form.next.data)
    return render_template("accounts/sign_in.html", form=form, passkey=passkey, **to_use(None))


def go_on(user: User, target: str | None = None) -> Response:
    """Let in somebody whose password was right: confirm the address, ask for a factor, or open."""
    if user.confirmed_at is None:
        services.send_confirmation(user=user)
        db.session.commit()
        return redirect(url_for("accounts.check_mail"))
    if user.has_factor:
        # A password reset changes `known`: a browser that knows the old password goes no further.
        session["sign_in"] = {
            "user": user.id,
            "at": time.time(),
            "next": target,
            "known": user.fs_uniquifier,
        }
        return redirect(url_for("accounts.enter_code"))
    return let_in(user, target)


def let_in(
    user: User, target: str | None, how: str = "", *, factor_elsewhere: bool = False
) -> Response:
    """Open the session and go where the person wanted to; `how` and `factor_elsewhere` as
    `start_session` takes them."""
    start_session(user, how, factor_elsewhere=factor_elsewhere)
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
    if user is None or not may_sign_in(user):
        return None
    return (user, pending["next"]) if user.fs_uniquifier == pending.get("known") else None


def may_sign_in(user: User) -> bool:
    """Whether the account is open in this service."""
    return can_sign_in(user, production=current_app.config["PRODUCTION"])


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@slow_down(half_signed_in)
@public
def enter_code() -> str | Response:
    """Ask for a passkey, or the code of the authenticator app."""
    found, form = _half_signed_in(), CodeForm()
    if found is None:
        return redirect(url_for("accounts.sign_in"))
    user, target = found
    if form.is_submitted_and_valid():
        how = proved_by(user, form)
        if how:
            return let_in(user, target, f"with {how}")
        refused_factor(user, form)
    return render_template("accounts/code.html", form=form, user=user, **to_use(user))


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
            return let_in(user, target, "with a recovery code")
        services.security.note_apart(FAILED, "wrong recovery code", user_id=user.id)
        form.refuse("Enter a recovery code that you have not used before", "code")
    return render_template("accounts/recovery_code.html", form=form)


@blueprint.post("/sign-in/passkey")
@limiter.limit(BY_ADDRESS, methods=["POST"])
@public
def sign_in_by_passkey() -> Response:
    """Sign in by a passkey alone: the device made sure who uses it."""
    form = PasskeyForm()
    user = signed_by(form.credential.data) if form.is_submitted_and_valid() else None
    if user is None or not may_sign_in(user) or not user.confirmed_at:
        services.security.note_apart(FAILED, "no passkey of anybody's")
        flash("That passkey did not sign you in. Use your password, or another passkey.")
        return redirect(url_for("accounts.sign_in"))
    return let_in(user, safe_next(form.next.data), "with a passkey alone")


@blueprint.post("/sign-out")
@opens_without_factor
@public
def sign_out() -> Response:
    """End this browser's session, and let the browser forget what it keeps of the pages."""
    finish_session()
    db.session.commit()
    flash("You have signed out.", "success")
    answer = redirect(url_for("accounts.sign_in"))
    answer.headers["Clear-Site-Data"] = CLEARED
    return answer

"""Signing up, confirming the address, choosing a new password by email."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import services
from portal.accounts.forms import EmailForm, NewPasswordForm, PasswordForm, SignUpForm
from portal.accounts.session import finish_session
from portal.accounts.views.guessing import email_tried, remember_browser, slow_down_here
from portal.accounts.views.signing_in import go_on
from portal.accounts.views.start import BY_ADDRESS, blueprint, dead_link
from portal.db import db
from portal.web.access import public
from portal.web.limits import limiter


@blueprint.route("/sign-up", methods=["GET", "POST"])
@slow_down_here(email_tried)
@public
def sign_up() -> str | Response:
    """Open an account for an innovator; the answer is the same for an address that has one."""
    if current_user.is_authenticated:
        return redirect(url_for("accounts.home"))
    form = SignUpForm()
    if form.is_submitted_and_valid():
        services.ask_for_account(
            name=form.name.data,
            email=form.email.data,
            stored=services.hashed(form.password.data),
        )
        db.session.commit()
        return redirect(url_for("accounts.check_mail"))
    return render_template("accounts/sign_up.html", form=form)


@blueprint.get("/check-your-email")
@public
def check_mail() -> str:
    """Say that an email tells how to go on."""
    return render_template("accounts/check_mail.html")


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
@limiter.limit(BY_ADDRESS, methods=["POST"])
@public
def confirm(token: str) -> str | tuple[str, int] | Response:
    """Confirm the address, by the password of the sign-up, and sign in.

    Without it, somebody who signed up with another's address would be let in by their click.
    """
    user, form = services.user_of_confirmation(token), PasswordForm()
    if user is None:
        return dead_link(is_used=services.is_link_used(token, "confirm"))
    if form.is_submitted_and_valid():
        if services.is_password_unlocked(user, form.password.data):
            is_first = services.confirm(user=user)
            db.session.commit()
            return go_on(user) if is_first else dead_link(is_used=True)
        form.refuse("Enter the password that you chose when you signed up", "password")
    return render_template("accounts/confirm.html", form=form, email=user.email)


@blueprint.route("/password/forgotten", methods=["GET", "POST"])
@slow_down_here(email_tried)
@public
def forgotten() -> str | Response:
    """Email a link to choose a new password; the answer is the same for an unknown address."""
    form = EmailForm()
    if form.is_submitted_and_valid():
        services.ask_for_reset(email=form.email.data)
        db.session.commit()
        return redirect(url_for("accounts.check_mail"))
    return render_template("accounts/forgotten.html", form=form)


@blueprint.route("/password/reset/<token>", methods=["GET", "POST"])
@limiter.limit(BY_ADDRESS, methods=["POST"])
@public
def reset_password(token: str) -> str | tuple[str, int] | Response:
    """Choose a new password; every session of the account ends."""
    user = services.user_of_reset(token)
    if user is None:
        return dead_link(is_used=services.is_link_used(token, "reset"))
    form = NewPasswordForm(about=(user.name, user.email))
    if form.is_submitted_and_valid():
        with form.refusals():
            known, stored = user.fs_uniquifier, services.hashed(form.password.data)
            services.reset_password(user=user, stored=stored, known=known)
            services.end_other_sessions(user=user)
            finish_session()
            db.session.commit()
            remember_browser(user)
            flash("Your password has been changed. Sign in with it.", "success")
            return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/reset.html", form=form)

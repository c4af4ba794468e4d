"""One's own account: name, password, sessions, acting as, messages."""

from flask import Response as Page
from flask import flash, g, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import queries, services
from portal.accounts.forms import AddressForm, ChangePasswordForm, NameForm
from portal.accounts.rules import device_of
from portal.accounts.session import (
    asks_proof,
    current_actor,
    is_own_password,
    keep_session,
    opens_without_terms,
    session_limits,
    step_up,
)
from portal.accounts.views.start import BY_EMAIL, blueprint, dead_link
from portal.db import db
from portal.notifications.rules import is_mutable
from portal.web.access import removes
from portal.web.addresses import as_id, safe_next
from portal.web.afterwards import afterwards
from portal.web.filters import Filters
from portal.web.limits import limiter
from portal.web.paging import page_number, paginate

BAD = 400
"""From this status on an answer is no page that somebody came to read."""


@blueprint.get("")
def home() -> str:
    """Show one's account."""
    memberships = queries.memberships_of(current_user.id)
    return render_template("accounts/home.html", memberships=memberships)


@blueprint.route("/name", methods=["GET", "POST"])
def change_name() -> str | Response:
    """Change how one is called."""
    form = NameForm(obj=current_user)
    if form.is_submitted_and_valid():
        services.change_name(user=current_user, name=form.name.data, by=current_actor())
        db.session.commit()
        flash("Your name has been changed.", "success")
        return redirect(url_for("accounts.home"))
    return render_template("accounts/name.html", form=form)


@blueprint.route("/address", methods=["GET", "POST"])
@limiter.limit(BY_EMAIL, methods=["POST"])
def change_address() -> str | Response:
    """Ask for a new email address; a link to it makes the change."""
    form = AddressForm()
    if form.is_submitted_and_valid():
        if is_own_password(form.password.data):
            services.ask_for_address(user=current_user, email=form.email.data, by=current_actor())
            db.session.commit()
            flash("Open the link that we sent to the new address within two hours.", "success")
            return redirect(url_for("accounts.home"))
        form.refuse("Enter your correct password", "password")
    return render_template("accounts/address.html", form=form)


@blueprint.route("/address/<token>", methods=["GET", "POST"])
def confirm_address(token: str) -> str | tuple[str, int] | Response:
    """Change the address: the link was opened by whom it was made for."""
    email = services.address_of_change(user=current_user, token=token)
    if email is None:
        return dead_link()
    if request.method == "POST":
        services.change_address(user=current_user, email=email, by=current_actor())
        db.session.commit()
        flash("Your email address has been changed.", "success")
        return redirect(url_for("accounts.home"))
    return render_template("accounts/confirm_address.html", email=email, token=token)


@blueprint.route("/password", methods=["GET", "POST"])
@limiter.limit(BY_EMAIL, methods=["POST"])
def change_password() -> str | Response:
    """Change the password; the other sessions end."""
    form = ChangePasswordForm(about=(current_user.name, current_user.email))
    if form.is_submitted_and_valid():
        if not is_own_password(form.current.data):
            form.refuse("Enter your correct current password", "current")
            return render_template("accounts/password.html", form=form)
        with form.refusals():
            known, stored = current_user.fs_uniquifier, services.hashed(form.password.data)
            services.change_password(user=current_user, stored=stored, known=known)
            services.end_other_sessions(user=current_user, keep=g.user_session)
            keep_session(current_user)
            step_up()
            db.session.commit()
            flash("Your password has been changed. Other browsers were signed out.", "success")
            return redirect(url_for("accounts.home"))
    return render_template("accounts/password.html", form=form)


@blueprint.get("/sessions")
def sessions() -> str:
    """List the browsers in which one is signed in."""
    rows = queries.sessions_of(current_user.id, session_limits())
    return render_template(
        "accounts/sessions.html", sessions=rows, here=g.user_session, device_of=device_of
    )


@blueprint.post("/sessions/<int:session_id>/end")
@asks_proof
@removes("accounts.sessions")
def end_session(session_id: int) -> Response:
    """Sign another browser out."""
    row = queries.session_for(current_actor(), session_id)
    services.end_session(row=row)
    services.trail.of_user("session_ended", current_user, "ended a session", by=current_actor())
    db.session.commit()
    flash("That browser has been signed out.", "success")
    return redirect(url_for("accounts.sessions"))


@blueprint.post("/sessions/end-others")
@asks_proof
def end_other_sessions() -> Response:
    """Sign every other browser out."""
    services.end_other_sessions(user=current_user, keep=g.user_session)
    services.trail.of_user(
        "session_ended", current_user, "ended all other sessions", by=current_actor()
    )
    db.session.commit()
    flash("All other browsers have been signed out.", "success")
    return redirect(url_for("accounts.sessions"))


@blueprint.post("/act-as")
@opens_without_terms
def act_as() -> Response:
    """Act for another of one's organisations in this browser."""
    chosen = request.form.get("membership", type=as_id) or 0
    membership = queries.own_membership(current_actor(), chosen)
    services.act_as(row=g.user_session, membership=membership, by=current_actor())
    step_up()
    db.session.commit()
    flash(f"You are now acting for {membership.organisation.name}.", "success")
    return redirect(safe_next(request.form.get("next")) or "/")


@blueprint.get("/notifications")
def notifications() -> str:
    """Show one's messages, newest first."""
    page = paginate(
        db.session, queries.notifications_of(current_actor()), page=page_number(request.args)
    )
    filters = Filters(request.path, request.args)
    mutable = {one.id for one in page.items if is_mutable(one.kind, one.url)}
    return render_template(
        "accounts/notifications.html", page=page, filters=filters, mutable=mutable
    )


@blueprint.post("/notifications/read")
def mark_read() -> Response:
    """Mark one message as read, or all."""
    services.mark_read(
        by=current_actor(), notification_id=request.form.get("notification", type=as_id)
    )
    db.session.commit()
    return redirect(url_for("accounts.notifications"))


@blueprint.after_app_request
def mark_opened(answer: Page) -> Page:
    """Mark what tells of this page as read, once the page has gone out."""
    if request.method != "GET" or answer.status_code >= BAD or answer.mimetype != "text/html":
        return answer
    actor, path = current_actor(), request.path
    if not g.get("unread") or not actor.is_signed_in:
        return answer
    return afterwards(answer, lambda: services.mark_opened(by=actor, path=path))

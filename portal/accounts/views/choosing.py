"""Choosing what one is told, and ending emails by a link that needs no account."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.forms.told import TellingForm
from portal.accounts.views.start import BY_ADDRESS, blueprint, dead_link
from portal.db import db
from portal.notifications import queries as told
from portal.notifications import services
from portal.notifications.serialise import read_token
from portal.web.access import public
from portal.web.addresses import as_id
from portal.web.csrf import csrf
from portal.web.limits import limiter

unsubscribe_blueprint = Blueprint("unsubscribe", "portal.accounts", url_prefix="/unsubscribe")
csrf.exempt(unsubscribe_blueprint)  # a mail program posts here, which has no cookie (RFC 8058)


@blueprint.route("/notifications/choices", methods=["GET", "POST"])
def choices() -> str | Response | tuple[str, int]:
    """Choose how often each kind of message comes by email, and what stands in the inbox."""
    form = TellingForm.of(services.ways_of(current_user.id))
    if form.is_submitted_and_valid():
        with form.refusals():
            services.choose(user_id=current_user.id, ways=form.ways)
            db.session.commit()
            flash("Your choices are kept. They hold from the next message on.", "success")
            return redirect(url_for("accounts.choices"))
    page = render_template(
        "accounts/choices.html",
        form=form,
        mutes=told.mutes_of(current_user.id),
        stopped=told.stopped(current_user.email),
    )
    return page, form.status


@blueprint.post("/notifications/mute")
def mute() -> Response:
    """Get no more news of what one message is about."""
    row = services.mute(
        user_id=current_user.id, notification_id=request.form.get("notification", type=as_id) or 0
    )
    db.session.commit()
    if row is not None:
        flash("You get no more news of it, unless something is asked of you.", "success")
    return redirect(url_for("accounts.choices" if row is not None else "accounts.notifications"))


@blueprint.post("/notifications/unmute")
def unmute() -> Response:
    """Get news of a thing again."""
    services.unmute(user_id=current_user.id, page=request.form.get("page", ""))
    db.session.commit()
    flash("You get news of it again.", "success")
    return redirect(url_for("accounts.choices"))


@blueprint.post("/notifications/resume")
def resume() -> Response:
    """Get emails again, at an address that a mail server refused before."""
    services.resume(address=current_user.email)
    db.session.commit()
    flash("We post to your address again.", "success")
    return redirect(url_for("accounts.choices"))


@unsubscribe_blueprint.route("/<token>", methods=["GET", "POST"])
@limiter.limit(BY_ADDRESS, methods=["POST"])
@public
def unsubscribe(token: str) -> str | tuple[str, int]:
    """End emails of one kind to one person by a POST; a GET, as scanners of mail make, only shows
    the button."""
    found = read_token(token)
    if found is None:
        return dead_link()
    user_id, kind = found
    is_done = request.method == "POST"
    if is_done:
        services.unsubscribe(user_id=user_id, kind=kind)
        db.session.commit()
    return render_template("accounts/unsubscribe.html", kind=kind, is_done=is_done, token=token)

"""One's own data: what is held, a copy of it, and closing one's account."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.queries.acting import memberships_acting
from portal.accounts.queries.leaving import questions_about
from portal.accounts.services.leaving import close_own_account
from portal.accounts.session import current_actor, finish_session, is_own_password
from portal.accounts.views.start import BY_EMAIL
from portal.db import db
from portal.files import content_of
from portal.privacy import queries
from portal.privacy.forms import ERASE, CloseOwnForm
from portal.privacy.queries.retention import rule_of
from portal.privacy.rules import COPIES
from portal.privacy.services import copies, erasing
from portal.privacy.views import blueprint
from portal.web.downloads import zip_response
from portal.web.limits import limiter


@blueprint.get("/data")
def data() -> str:
    """Show what is held about oneself, and the copies that were made."""
    return render_template(
        "privacy/data.html",
        standings=queries.standings(queries.person_of(current_user)),
        copies=queries.copies_of(current_user.id),
        days=rule_of("copies").days,
    )


@blueprint.post("/data")
@limiter.limit("5 per hour")
def ask_for_copy() -> Response:
    """Have a copy of everything made."""
    copies.ask_for_copy(user=current_user, by=current_actor())
    db.session.commit()
    flash("Your copy is being made. You get a message when it can be downloaded.", "success")
    return redirect(url_for("privacy.data"))


@blueprint.get("/data/<int:copy_id>.zip")
def copy(copy_id: int) -> Response:
    """Give a copy that was made."""
    found = queries.copy_for(current_actor(), copy_id)
    return zip_response("everything-held.zip", content_of(found.stored, room=COPIES))


@blueprint.route("/close", methods=["GET", "POST"])
@limiter.limit(BY_EMAIL, methods=["POST"])
def close() -> str | Response:
    """Close one's own account, and say who takes over and what becomes of one's name."""
    questions = questions_about(memberships_acting(current_user.id))
    asked = [one for one in questions if one.is_asked]
    form = CloseOwnForm.of(current_user, asked, rule_of("leavers").days)
    if form.is_submitted_and_valid() and _is_password_right(form):
        with form.refusals():
            user = current_user._get_current_object()
            close_own_account(user=user, by=current_actor(), successors=form.chosen())
            if form.then.data == ERASE:
                erasing.queue_erasure(user=user)
            finish_session()
            db.session.commit()
            flash("Your account is closed.", "success")
            return redirect(url_for("accounts.sign_in"))
    return render_template("privacy/close.html", form=form, questions=questions)


def _is_password_right(form: CloseOwnForm) -> bool:
    if "password" not in form or is_own_password(form["password"].data):
        return True
    form.refuse("Enter your correct password", "password")
    return False

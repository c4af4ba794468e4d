"""Administrators' pages: what is held about somebody, erasing them, how long things are kept."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import User
from portal.accounts.queries.acting import memberships_acting
from portal.accounts.queries.leaving import questions_about
from portal.accounts.rules import normal_email
from portal.accounts.services.leaving import close_for_erasure
from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Invalid
from portal.privacy import queries
from portal.privacy.forms import DaysForm, EraseForm
from portal.privacy.queries import retention as retention_queries
from portal.privacy.services import copies, erasing
from portal.privacy.services.retention import set_days
from portal.privacy.views import admin_blueprint as blueprint
from portal.web.format import plural


@blueprint.get("/people/<int:user_id>/data")
def data(user_id: int) -> str:
    """Show what is held about a person, and the copies that were made."""
    user = queries.user_for(current_actor(), user_id)
    return render_template(
        "privacy/admin/data.html",
        person=user,
        standings=queries.standings(queries.person_of(user)),
        copies=queries.copies_of(user.id),
        days=retention_queries.rule_of("copies").days,
    )


@blueprint.post("/people/<int:user_id>/data")
def ask_for_copy(user_id: int) -> Response:
    """Have a copy of everything held about a person made."""
    user = queries.user_for(current_actor(), user_id)
    copies.ask_for_copy(user=user, by=current_actor())
    db.session.commit()
    flash("The copy is being made. Open this page again in a minute.", "success")
    return redirect(url_for("privacy_admin.data", user_id=user.id))


@blueprint.route("/people/<int:user_id>/erase", methods=["GET", "POST"])
def erase(user_id: int) -> str | Response:
    """Say what erasing a person does, ask for a second look, and have it done."""
    user = queries.user_for(current_actor(), user_id)
    questions = questions_about(memberships_acting(user.id))
    form = EraseForm.asking([one for one in questions if one.is_asked])
    if form.is_submitted_and_valid():
        with form.refusals():
            _expect_address(form, user)
            close_for_erasure(user=user, by=current_actor(), successors=form.chosen())
            erasing.queue_erasure(user=user)
            db.session.commit()
            flash("The account is closed, and the person is being erased.", "success")
            return redirect(url_for("people_admin.person", user_id=user.id))
    return render_template(
        "privacy/admin/erase.html",
        form=form,
        person=user,
        questions=questions,
        label=queries.person_of(user).label,
        standings=queries.standings(queries.person_of(user)),
    )


def _expect_address(form: EraseForm, user: User) -> None:
    if normal_email(form.address.data or "") != user.email:
        raise Invalid("Enter the email address of the person to be erased", field="address")


@blueprint.get("/retention")
def retention() -> str:
    """Show how long everything is kept, and what the nightly clearing did."""
    return render_template(
        "privacy/admin/retention.html",
        rules=retention_queries.rules(),
        runs=[run for run in retention_queries.runs() if run.done],
    )


@blueprint.route("/retention/<code>", methods=["GET", "POST"])
def retention_days(code: str) -> str | tuple[str, int] | Response:
    """Set how long one kind of thing is kept."""
    rule = retention_queries.rule_to_set(code)
    form = DaysForm.of(rule)
    if form.is_submitted_and_valid():
        with form.refusals():
            set_days(rule=rule, days=form.days.data, version=form.version.data, by=current_actor())
            db.session.commit()
            said = f"{rule.retention.what.partition(':')[0]}: {plural(form.days.data, 'day')}."
            flash(f"{said} The next clearing follows them.", "success")
            return redirect(url_for("privacy_admin.retention"))
    return render_template("privacy/admin/days.html", form=form, rule=rule), form.status

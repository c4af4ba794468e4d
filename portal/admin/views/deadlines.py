"""How long deadlines allow, and England's bank holidays."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.admin import policy, services
from portal.admin.forms import deadlines as forms
from portal.admin.views import deadlines_blueprint as blueprint
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.reference import queries
from portal.reference.models import DeadlineKind

Answer = Response | tuple[str, int] | str
BOTH = ("GET", "POST")
DAYS_AHEAD = 90
"""Days: the year in which a deadline set today may end must be known by then."""


@blueprint.get("")
def deadlines() -> str:
    """Show how long each deadline allows, since when, and which bank holidays are known."""
    actor = current_actor()
    if not policy.can_read_deadlines(actor):
        raise Forbidden("Deadlines are shown to staff and administrators.")
    years = queries.holidays_by_year()
    return render_template(
        "admin/deadlines.html",
        settings=queries.settings_by_kind(today()),
        years=years,
        missing=[year for year in queries.years_needed(today(), DAYS_AHEAD) if year not in years],
        can_set=policy.can_set_deadlines(actor),
        today=today(),
        actor=actor,
    )


@blueprint.route("/<kind>", methods=BOTH)
def set_deadline(kind: str) -> Answer:
    """Set another length from a day on."""
    by = _setter()
    if kind not in set(DeadlineKind):
        raise NotFound("There is no such deadline.")
    found = DeadlineKind(kind)
    form = forms.DeadlineForm()
    if form.validate_on_submit():
        with form.refusals():
            services.set_deadline(
                kind=found,
                amount=form.amount.data,
                unit=form.unit.data,
                valid_from=form.valid_from.data,
                by=by,
            )
            db.session.commit()
            flash("The deadline is set.", "success")
            return redirect(url_for("deadlines.deadlines"))
    page = render_template("admin/deadline.html", form=form, name=found.label)
    return page, form.status


@blueprint.route("/holidays", methods=BOTH)
def add_holidays() -> Answer:
    """Add the bank holidays of a year."""
    by = _setter()
    form = forms.HolidaysForm()
    days = form.found if form.validate_on_submit() else None
    if days is not None:
        with form.refusals():
            year = services.add_holidays(days=days, by=by)
            db.session.commit()
            flash(f"The bank holidays of {year} are known now.", "success")
            return redirect(url_for("deadlines.deadlines"))
    return render_template("admin/holidays.html", form=form), form.status


def _setter() -> Actor:
    actor = current_actor()
    if not policy.can_set_deadlines(actor):
        raise Forbidden("Only the national team and administrators change deadlines.")
    return actor

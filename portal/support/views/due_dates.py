"""How long deadlines allow, England's bank holidays, and exemptions from a due date."""

from flask import flash, redirect, render_template, url_for

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.reference.models import DeadlineKind
from portal.support import policy
from portal.support.forms import due_dates as forms
from portal.support.queries import due_dates as queries
from portal.support.rules.due_dates import reason
from portal.support.services import due_dates as services
from portal.support.views import blueprint
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, case_for, done, show

DAYS_AHEAD = 90
"""Days: the year in which a deadline set today may end must be known by then."""


@blueprint.get("/support/deadlines")
def deadlines() -> str:
    """Show how long each deadline allows, since when, and which bank holidays are known."""
    actor = current_actor()
    if not policy.can_read_deadlines(actor):
        raise Forbidden("Deadlines are shown to staff and administrators.")
    years = queries.holidays_by_year()
    return render_template(
        "support/deadlines.html",
        settings=queries.settings_by_kind(today()),
        years=years,
        missing=[year for year in queries.years_needed(today(), DAYS_AHEAD) if year not in years],
        can_set=policy.can_set_deadlines(actor),
        today=today(),
        actor=actor,
    )


@blueprint.route("/support/deadlines/<kind>", methods=BOTH)
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
            return redirect(url_for("support.deadlines"))
    page = render_template("support/deadline.html", form=form, name=found.label)
    return page, form.status


@blueprint.route("/support/deadlines/holidays", methods=BOTH)
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
            return redirect(url_for("support.deadlines"))
    return render_template("support/holidays.html", form=form), form.status


def _setter() -> Actor:
    actor = current_actor()
    if not policy.can_set_deadlines(actor):
        raise Forbidden("Only the national team and administrators change deadlines.")
    return actor


@blueprint.route(f"{RECORD}/exempt", methods=BOTH)
def exempt(innovation_id: int) -> Answer:
    """Let an engagement off its due date, saying why."""
    case = case_for(innovation_id)
    if not policy.can_exempt(case.by, case.engagement):
        raise Forbidden("Only a lead of your network exempts from a due date.")
    form = forms.ExemptForm(data={"version": case.engagement.version})
    if form.validate_on_submit():
        with form.refusals():
            services.exempt(
                engagement=case.engagement,
                version=form.version.data,
                why=form.why.data,
                until=form.until.data,
                by=case.by,
            )
            return done(case.innovation, "It is exempted. The innovator has been told.")
    return show(
        form, case.innovation, "exempt", engagement=case.engagement, reason=reason(case.engagement)
    )

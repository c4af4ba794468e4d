"""The front door: what was published, what is in work, and the figures of the quarters."""

from flask import render_template, url_for

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.figures import policy as figures_policy
from portal.figures.views.strangers import for_strangers
from portal.pipeline.rules.days import quarters_until
from portal.reference.models import Hin
from portal.reference.rules import Quarter
from portal.reports import policy
from portal.reports.forms.writing import MakeForm
from portal.reports.queries import outlines as read_outlines
from portal.reports.queries.quarters import MAX_QUARTERS, quarters
from portal.reports.queries.reports import in_work, published
from portal.reports.rules.outlines import Outline
from portal.reports.services.making import make_report
from portal.reports.views import blueprint
from portal.reports.views.steps import refuse_unless, show
from portal.web.access import public
from portal.web.steps import BOTH, Answer, done

OLDEST = Quarter.named("2021-22-Q1")
"""The quarter of the oldest report of which the portal has values."""


@blueprint.get("/reports")
@public
@for_strangers
def index() -> str:
    """List what was published, and for staff what is in work; then the quarters, newest first."""
    actor = current_actor()
    return render_template(
        "reports/index.html",
        published=published(),
        in_work=in_work(actor),
        may_make=policy.can_make_any(actor),
        quarters=quarters(today()) if actor.is_signed_in else [],
        sees_support=figures_policy.can_see_figures(actor),
    )


@blueprint.route("/reports/new", methods=BOTH)
def new() -> Answer:
    """Start a report."""
    actor, form = current_actor(), MakeForm()
    refuse_unless(policy.can_make_any(actor), "Networks and the national team start reports.")
    form.offer(_outlines(), [*quarters_until(today(), MAX_QUARTERS)[::-1], OLDEST])
    if form.is_submitted_and_valid():
        with form.refusals():
            report = make_report(
                outline=read_outlines.newest(form.outline.data),
                quarter=Quarter.named(form.quarter.data),
                hin=_network(),
                by=actor,
            )
            address = url_for("reports.work", report_id=report.id)
            return done("The report is started, with what the portal knows.", address)
    return show(form, "Start a report", "Start", back=(url_for("reports.index"), "Reports"))


def _network() -> Hin | None:
    hin_id = current_actor().hin_id
    return db.session.get(Hin, hin_id) if hin_id is not None else None


def _outlines() -> list[Outline]:
    """Return the outlines that the reader may start."""
    wanted = {"england", "any"} if current_actor().is_national else {"network", "any"}
    return [one for one in read_outlines.newest_of_all() if one.area in wanted]

"""A fund: its rounds, what was applied for, awards, and sums by theme and network."""

from flask import Response, render_template

from portal.accounts.session import current_actor
from portal.clock import today
from portal.errors import Forbidden
from portal.figures.views.strangers import for_strangers
from portal.programmes import policy, queries
from portal.programmes.forms import funds as forms
from portal.programmes.models import FundRound
from portal.programmes.queries import funds as found
from portal.programmes.rules.funds import by_network, by_theme, can_be_changed, in_all
from portal.programmes.serialise import FUND_HEADER, fund_cells
from portal.programmes.services import funds as services
from portal.programmes.views import blueprint
from portal.programmes.views.steps import ONE, done, edited, show, written
from portal.web.access import public
from portal.web.downloads import list_file
from portal.web.steps import BOTH, Answer

FUND = "programmes.fund"


@blueprint.get(f"{ONE}/fund")
@public
@for_strangers
def fund(programme_id: int) -> str:
    """Show the rounds with their sums; the applications are for staff."""
    actor = current_actor()
    programme = queries.programme_for(actor, programme_id)
    rounds = found.rounds_of(programme.id)
    return render_template(
        "programmes/fund.html",
        programme=programme,
        rounds=[
            (
                one,
                in_all(one.applications),
                by_theme(one.applications),
                by_network(one.applications),
            )
            for one in rounds
        ],
        today=today(),
        reads_all=actor.is_staff,
        may_edit=policy.can_edit(actor),
        may_apply=actor.is_hin,
        may_change=lambda row: (
            policy.can_write_for(actor, row.hin_id) and can_be_changed(row, today())
        ),
        own=actor.hin_id if actor.is_hin else None,
    )


@blueprint.get(f"{ONE}/fund/download.csv", defaults={"kind": "csv"})
@blueprint.get(f"{ONE}/fund/download.xlsx", defaults={"kind": "xlsx"})
def download_fund(programme_id: int, kind: str) -> Response:
    """Return every application as a file, for staff."""
    programme = written(programme_id)
    lines = (fund_cells(row) for one in found.rounds_of(programme.id) for row in one.applications)
    about = {"List": f"Applications to {programme.name}"}
    return list_file(f"fund-{programme.code.lower()}", kind, FUND_HEADER, lines, about)


@blueprint.route(f"{ONE}/fund/rounds/new", methods=BOTH)
def open_round(programme_id: int) -> Answer:
    """Open a round."""
    programme, form = edited(programme_id), forms.RoundForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.open_round(
                programme=programme,
                name=form.name.data,
                opens_on=form.opens_on.data,
                closes_on=form.closes_on.data,
                by=current_actor(),
            )
            return done(programme, "The round is there.", FUND)
    return show(form, programme, "Open a round", "Save")


@blueprint.route(f"{ONE}/fund/rounds/<int:round_id>/apply", methods=BOTH)
def apply_for(programme_id: int, round_id: int) -> Answer:
    """Apply for a site of one's own network."""
    actor = current_actor()
    programme = written(programme_id)
    row = found.round_for(programme.id, round_id)
    if not actor.is_hin:
        raise Forbidden("Sites apply through their network.")
    form = forms.ApplicationForm()
    form.offer(_themes(row))
    if form.is_submitted_and_valid():
        with form.refusals():
            services.apply_for(
                fund_round=row,
                site=form.site.data,
                theme=form.theme.data,
                asked=form.asked.data,
                words=form.words.data or "",
                by=actor,
            )
            return done(programme, "The application is sent.", FUND)
    return show(form, programme, f"Apply in {row.name}", "Apply")


def _themes(fund_round: FundRound) -> list[str]:
    return [one.label for one in by_theme(fund_round.applications)]


@blueprint.route(f"{ONE}/fund/applications/<int:application_id>/change", methods=BOTH)
def change_application(programme_id: int, application_id: int) -> Answer:
    """Change what a site of one's own network applied for."""
    actor = current_actor()
    programme = written(programme_id)
    row = found.application_for(programme.id, application_id)
    if not policy.can_write_for(actor, row.hin_id):
        raise Forbidden("A network changes the applications of its own sites.")
    form = forms.ChangeApplicationForm(obj=row)
    form.offer(_themes(row.round))
    if form.is_submitted_and_valid():
        with form.refusals():
            services.change_application(
                application=row,
                version=form.version.data or 0,
                site=form.site.data,
                theme=form.theme.data,
                asked=form.asked.data,
                words=form.words.data or "",
                by=actor,
            )
            return done(programme, "The application is changed.", FUND)
    return show(form, programme, "Change an application", "Save")


@blueprint.route(f"{ONE}/fund/applications/<int:application_id>/decide", methods=BOTH)
def decide(programme_id: int, application_id: int) -> Answer:
    """Award or refuse."""
    programme = edited(programme_id)
    row = found.application_for(programme.id, application_id)
    form = forms.DecisionForm(obj=row)
    if form.is_submitted_and_valid() and not form.needs_amount():
        with form.refusals():
            services.decide(
                application=row,
                version=form.version.data or 0,
                awarded=form.amount,
                why=form.why.data or "",
                by=current_actor(),
            )
            return done(programme, "It is decided.", FUND)
    said = f"{row.site} asks for £{row.asked:,}, {row.theme}. {row.words}"
    return show(form, programme, "Decide an application", "Save", before=said)


@blueprint.route(f"{ONE}/fund/applications/<int:application_id>/spend", methods=BOTH)
def report_spend(programme_id: int, application_id: int) -> Answer:
    """Say what of an award was spent and what came of it."""
    actor = current_actor()
    programme = written(programme_id)
    row = found.application_for(programme.id, application_id)
    if not policy.can_write_for(actor, row.hin_id):
        raise Forbidden("A network reports what its own sites spent.")
    form = forms.SpendForm(row)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.report_spend(
                application=row,
                version=form.version.data or 0,
                spent=form.spent.data,
                outcome=form.outcome.data or "",
                by=actor,
            )
            return done(programme, "It is reported.", FUND)
    return show(form, programme, f"What was spent at {row.site}", "Save")

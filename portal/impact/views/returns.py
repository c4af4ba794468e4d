"""The list of company returns, one company's return, and what a network does with it."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor, Organisation
from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.errors import Conflict, Forbidden
from portal.impact import policy
from portal.impact.forms import returns as forms
from portal.impact.models import CompanyReturn, ReturnCampaign, ReturnState
from portal.impact.queries import returns as queries
from portal.impact.queries.interactions import interactions_with
from portal.impact.queries.once import return_that_stands
from portal.impact.queries.prefilling import last_time
from portal.impact.rules.totals import network_shares
from portal.impact.serialise import marks_of, marks_on_page, returns_listing
from portal.impact.services import answering, campaigns
from portal.impact.views import blueprint
from portal.impact.views.steps import show as show_form
from portal.web.filters import Filter, Filters, Option
from portal.web.limits import limiter
from portal.web.steps import BOTH, Answer, done
from portal.wording import day_words

ONE = "/impact/returns/<int:return_id>"


@blueprint.get("/impact/returns")
def returns() -> str:
    """List the returns: a network its own companies', the national team all."""
    actor, filters = _reader(), _filters()
    found = returns_listing(actor).on_page(db.session, _narrowed(actor, filters), filters)
    return render_template(
        "impact/returns.html", found=found, marks=marks_on_page(found.page.items)
    )


@blueprint.get("/impact/returns/download.<kind>")
def download(kind: str) -> Response:
    """Give the same list as CSV or XLSX."""
    actor, filters = _reader(), _filters()
    found = returns_listing(actor)
    return found.file(kind, db.session, _narrowed(actor, filters), filters)


def _reader() -> Actor:
    actor = current_actor()
    if not policy.reads_list(actor):
        raise Forbidden("The list is for staff of the networks and the national team.")
    return actor


def _filters() -> Filters:
    years = [Option(str(one.year), one.label) for one in queries.campaigns()]
    states = [Option(state.value, state.label) for state in ReturnState]
    return Filters(
        path=url_for("impact.returns"),
        args=request.args,
        filters=[Filter("state", "State", states), Filter("year", "Year", years)],
        words="q",
    )


def _narrowed(actor: Actor, filters: Filters) -> queries.Listed:
    stmt = queries.listed(actor)
    if filters["state"]:
        stmt = stmt.where(CompanyReturn.state.in_([ReturnState(one) for one in filters["state"]]))
    if filters["year"]:
        stmt = stmt.where(ReturnCampaign.year.in_([int(one) for one in filters["year"]]))
    if filters.text:
        stmt = stmt.where(Organisation.name.icontains(filters.text, autoescape=True))
    return stmt


@blueprint.get(ONE)
def show(return_id: int) -> str:
    """Show a company's return: its answer, what is marked, and what happened."""
    actor = current_actor()
    row, day = queries.return_for(actor, return_id), today()
    last = last_time(row)
    is_networks, stands = policy.is_networks(actor, row), return_that_stands(row)
    return render_template(
        "impact/show.html",
        row=row,
        actor=actor,
        last=last,
        stands=stands,
        may_see_stands=stands is not None and policy.can_see(actor, stands, day),
        marks=marks_of(row, last.row if last else None) if actor.is_staff else [],
        shares=network_shares({one.hin_id: one.minutes for one in row.networks}),
        heard=queries.heard_of(row),
        years=[one for one in queries.returns_of(row.organisation_id) if one.id != row.id]
        if actor.is_national
        else [],
        may_answer=policy.can_answer(actor, row, day),
        may_check=policy.can_check(actor, row),
        may_ask_back=policy.can_ask_back(actor, row, day),
        is_networks=is_networks,
        is_open=row.campaign.is_open(day),
        check=forms.CheckForm(obj=row) if policy.can_check(actor, row) else None,
    )


@blueprint.post(f"{ONE}/accept")
def accept(return_id: int) -> Answer:
    """Accept the answer, and go on to the next that waits."""
    actor = current_actor()
    row, form = queries.return_for(actor, return_id), forms.CheckForm()
    answering.accept(row=row, version=form.version.data or 0, by=actor)
    following = queries.next_to_check(actor, row.campaign_id)
    if following is None:
        address = url_for("impact.returns", state=ReturnState.ACCEPTED.value)
        return done("It is accepted. Nothing else waits.", address)
    return done(
        "It is accepted. This is the next one.", url_for("impact.show", return_id=following)
    )


@blueprint.route(f"{ONE}/ask-back", methods=BOTH)
def ask_back(return_id: int) -> Answer:
    """Ask the company about its answer."""
    actor = current_actor()
    row = _own(actor, return_id)
    if request.method == "GET" and not policy.can_ask_back(actor, row, today()):
        raise Conflict("No answer stands, or the company cannot answer any more.")
    form = forms.AskBackForm(obj=row)
    if form.is_submitted_and_valid():
        with form.refusals():
            answering.ask_back(
                row=row, version=form.version.data or 0, words=form.words.data, by=actor
            )
            return done("The company has been asked.", _address(row))
    return show_form(form, f"Ask {row.organisation.name}", "Ask", back=_back(row))


@blueprint.route(f"{ONE}/send-link", methods=BOTH)
@limiter.limit("60 per hour", methods=["POST"])
def send_link(return_id: int) -> Answer:
    """Send somebody at the company the link."""
    actor = current_actor()
    row, form = _own(actor, return_id), forms.SendLinkForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            campaigns.send_link(row=row, email=form.email.data, by=actor)
            return done("The link is on its way.", _address(row))
    heading = f"Send the link to somebody at {row.organisation.name}"
    return show_form(form, heading, "Send the link", back=_back(row))


@blueprint.route(f"{ONE}/heard", methods=BOTH)
def hear(return_id: int) -> Answer:
    """Note investment that one's network heard of."""
    actor = current_actor()
    row, form = _own(actor, return_id), forms.HeardForm()
    found = interactions_with(row, actor.hin_id)
    form.interaction.choices = [(one.id, f"{one.kind.label}, {day_words(one.on)}") for one in found]
    if form.is_submitted_and_valid():
        with form.refusals():
            answering.hear(
                row=row,
                kind=form.kind.data,
                pounds=form.pounds.data,
                day=form.day,
                interaction_id=form.interaction.data,
                by=actor,
            )
            return done("It is noted. The company’s answer begins with it.", _address(row))
    before = "The company sees it when it answers, and puts it right."
    return show_form(form, "Investment that you heard of", "Save", back=_back(row), before=before)


def _own(actor: Actor, return_id: int) -> CompanyReturn:
    row = queries.return_for(actor, return_id)
    if not policy.is_networks(actor, row):
        raise Forbidden("Networks that supported the company do this.")
    return row


def _address(row: CompanyReturn) -> str:
    return url_for("impact.show", return_id=row.id)


def _back(row: CompanyReturn) -> tuple[str, str]:
    return _address(row), f"Back to {row.organisation.name}"

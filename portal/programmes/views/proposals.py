"""Proposals of next programmes: put forward, assessed apart, compared, weighed, decided."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.innovations.queries import innovation_for
from portal.programmes import policy
from portal.programmes.forms import proposals as forms
from portal.programmes.models import Assessor, Proposal, ProposalDecision, SelectionCriterion
from portal.programmes.queries import proposals as found
from portal.programmes.queries.known import known_of
from portal.programmes.rules import proposals as rules
from portal.programmes.serialise.choosing import proposals_listing
from portal.programmes.services import proposals as services
from portal.programmes.views import blueprint
from portal.web import steps
from portal.web.filters import Filter, Filters, Option
from portal.web.forms import PortalForm
from portal.web.steps import BOTH, Answer

ALL = "/programmes/proposals"
ONE = f"{ALL}/<int:proposal_id>"
OPEN = "open"


def _reader() -> None:
    if not policy.can_read_choosing(current_actor()):
        raise Forbidden("Proposals are for staff of networks and the national team.")


def _keeper() -> None:
    if not policy.can_propose(current_actor()):
        raise Forbidden("The national team keeps proposals.")


def _proposal(proposal_id: int) -> Proposal:
    _reader()
    return found.proposal_for(proposal_id)


def _address(proposal: Proposal) -> str:
    return url_for("programmes.proposal", proposal_id=proposal.id)


def _done(proposal: Proposal, words: str) -> Answer:
    return steps.done(words, _address(proposal))


def _show(form: PortalForm, proposal: Proposal | None, heading: str, **names: Any) -> Answer:
    to_all = (url_for("programmes.proposals"), "Back to proposals")
    return steps.show(
        form,
        heading,
        "Save",
        back=(_address(proposal), "Back to the proposal") if proposal else to_all,
        section=proposal.title if proposal else "Proposals",
        template="programmes/proposal_step.html",
        **names,
    )


def _filters() -> Filters:
    _reader()
    states = [Option(OPEN, "Open"), *(Option(one.value, one.label) for one in ProposalDecision)]
    filters = [Filter("state", "State", states, multiple=False)]
    return Filters(request.path, request.args, filters)


def _listed(filters: Filters) -> Any:
    state = filters.one("state")
    if state is None:
        return found.proposals()
    return (
        found.proposals(is_open=True)
        if state == OPEN
        else found.proposals(outcome=ProposalDecision(state))
    )


@blueprint.get(ALL)
def proposals() -> str:
    """List what was put forward, the newest first."""
    filters = _filters()
    listed = proposals_listing().on_page(db.session, _listed(filters), filters)
    may_propose = policy.can_propose(current_actor())
    return render_template("programmes/proposals.html", found=listed, may_propose=may_propose)


@blueprint.get(f"{ALL}/download.csv", defaults={"kind": "csv"})
@blueprint.get(f"{ALL}/download.xlsx", defaults={"kind": "xlsx"})
def download_proposals(kind: str) -> Response:
    """Return the list as a file."""
    filters = _filters()
    return proposals_listing().file(kind, db.session, _listed(filters), filters)


@blueprint.route(f"{ALL}/new", methods=BOTH)
def propose() -> Answer:
    """Put a record, or something in words alone, forward."""
    _keeper()
    form = forms.ProposalForm()
    if form.is_submitted_and_valid():
        number = form.innovation.data
        with form.refusals():
            proposal = services.put_forward(
                title=form.title.data,
                words=form.words.data or "",
                innovation=innovation_for(current_actor(), number) if number else None,
                by=current_actor(),
            )
            return _done(proposal, "The proposal is there.")
    return _show(form, None, "Put a proposal forward")


@blueprint.route(f"{ALL}/weights", methods=BOTH)
def weights() -> Answer:
    """Set how much each criterion counts."""
    _keeper()
    criteria, held = found.criteria(), found.weights_now()
    known = held.weights if held else {}
    shown = {f"weight_{one.code}": known.get(one.code, 1) for one in criteria}
    seen = held.number if held else 0
    form = forms.weights_form(criteria)(data={**shown, "version": seen})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.set_weights(
                weights=form.weights(criteria),
                seen=form.version.data,
                why=form["why"].data or "",
                by=current_actor(),
            )
            return steps.done("The weights are set.", url_for("programmes.proposals"))
    if form.is_outdated:
        form.version.data = seen
    before = "0 leaves a criterion out; 10 is the most. Decisions keep the weights behind them."
    return _show(form, None, "Weights of the criteria", before=before)


@blueprint.get(ONE)
def proposal(proposal_id: int) -> str:
    """Show a proposal: who assesses it, and once all are in where they agree and differ."""
    row, actor = _proposal(proposal_id), current_actor()
    is_complete = rules.is_complete(row.assessors)
    held = found.weights_now()
    shown = rules.scoring(row.assessors) if is_complete else []
    criteria = found.criteria()
    rows = rules.rows_of(criteria, shown, held.weights if held else {})
    return render_template(
        "programmes/proposal.html",
        proposal=row,
        asked=rules.asked(row.assessors),
        is_complete=is_complete,
        rows=rows,
        shown=shown,
        result=rules.result(rows),
        known=known_of(actor, row.innovation),
        criteria={one.code: one.name for one in criteria},
        names={one.id: one.name for one in criteria},
        own=found.assessor_of(row, actor.user_id),
        may_propose=policy.can_propose(actor),
        least=rules.ASSESSORS_AT_LEAST,
    )


@blueprint.route(f"{ONE}/assessors", methods=BOTH)
def ask_to_assess(proposal_id: int) -> Answer:
    """Ask somebody of the staff to assess it."""
    _keeper()
    row, form = _proposal(proposal_id), forms.AskForm()
    people = found.people_to_ask(row)
    form.offer(people)
    if form.is_submitted_and_valid():
        person = next(one for one in people if one.id == form.user_id.data)
        with form.refusals():
            services.ask_to_assess(proposal=row, person=person, by=current_actor())
            return _done(row, f"{person.name} is asked to assess it.")
    return _show(form, row, "Ask somebody to assess it")


@blueprint.route(f"{ONE}/assessors/<int:assessor_id>/release", methods=BOTH)
def release_assessor(proposal_id: int, assessor_id: int) -> Answer:
    """Wait for somebody no more."""
    _keeper()
    row, form = _proposal(proposal_id), PortalForm()
    who = next((one for one in rules.asked(row.assessors) if one.id == assessor_id), None)
    if who is None:
        raise NotFound("Nobody of that number assesses this.")
    if form.is_submitted_and_valid():
        with form.refusals():
            services.release(assessor=who, by=current_actor())
            return _done(row, f"{who.user.name} is not waited for.")
    before = f"{who.user.name} is asked no more. What they scored does not count."
    return _show(form, row, "Release an assessor", before=before)


@blueprint.route(f"{ONE}/declare", methods=BOTH)
def declare(proposal_id: int) -> Answer:
    """Say whether one has a conflict of interest."""
    row = _proposal(proposal_id)
    own = found.own_part(row, current_actor())
    form = forms.DeclareForm(obj=own)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.declare(
                assessor=own,
                version=form.version.data or 0,
                has_conflict=form.conflict.data == "yes",
                words=form.words.data or "",
                by=current_actor(),
            )
            return _done(row, "Your declaration is recorded.")
    return _show(form, row, "Declare your interests")


def _given(own: Assessor, criteria: Sequence[SelectionCriterion]) -> dict[str, Any]:
    """Return what an assessor handed in before, as the form holds it."""
    given = {one.criterion_id: one for one in own.scores}
    held = {one.code: given[one.id] for one in criteria if one.id in given}
    scores = {f"score_{code}": str(one.score) for code, one in held.items()}
    return {**scores, **{f"words_{code}": one.words for code, one in held.items()}}


@blueprint.route(f"{ONE}/score", methods=BOTH)
def score(proposal_id: int) -> Answer:
    """Score it on each criterion."""
    row, actor = _proposal(proposal_id), current_actor()
    own = found.own_part(row, actor)
    if own.has_conflict is None:
        flash(
            "Say first whether you have a conflict of interest. Then you can score it.", "warning"
        )
        return redirect(url_for("programmes.declare", proposal_id=row.id))
    if own.has_conflict:
        raise Forbidden("Who declared no conflict of interest scores it.")
    criteria = found.criteria()
    shown = _given(own, criteria)
    kind = forms.scores_form(criteria, known_of(actor, row.innovation))
    form = kind(data={**shown, "version": own.version})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.score(
                assessor=own,
                version=form.version.data or 0,
                scores=form.scores(criteria),
                by=actor,
            )
            return _done(row, "Your scores are handed in.")
    return _show(form, row, "Score the proposal")


@blueprint.route(f"{ONE}/decide", methods=BOTH)
def decide_proposal(proposal_id: int) -> Answer:
    """Decide, with reasons, and tell who proposed it and the people of the record."""
    _keeper()
    row = _proposal(proposal_id)
    form = forms.DecideForm(data={"version": row.version})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.decide(
                proposal=row,
                version=form.version.data or 0,
                outcome=form.outcome.data,
                why=form.why.data,
                feedback=form.feedback.data,
                by=current_actor(),
            )
            return _done(row, "The decision is recorded.")
    return _show(form, row, "Decide")

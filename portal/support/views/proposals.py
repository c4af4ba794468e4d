"""Propose a handover or joint work to another HIN; answer, or take a proposal back."""

from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.errors import Conflict, Forbidden
from portal.innovations.queries import innovation_for
from portal.support import policy, queries, rules
from portal.support.forms import PickUpForm
from portal.support.forms import proposals as forms
from portal.support.models import Proposal, ProposalKind, ProposalState
from portal.support.queries import proposals as found_in
from portal.support.rules import LIVE
from portal.support.services import proposals as services
from portal.support.views import blueprint
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, done, show


@blueprint.route(f"{RECORD}/propose", methods=BOTH)
def propose(innovation_id: int) -> Answer:
    """Propose to another HIN to take it over or to work with it together."""
    by = current_actor()
    innovation = innovation_for(by, innovation_id)
    if not policy.can_log(by):
        raise Forbidden("Only staff of a network propose to another.")
    engagements = queries.engagements(innovation_id)
    held = {one.hin_id for one in engagements if one.state in LIVE}
    hins = found_in.hins_with_staff(by.hin_id)
    if by.hin_id not in held:
        hins = [hin for hin in hins if hin.id in held]
    kinds = [ProposalKind.JOINT] + ([ProposalKind.HANDOVER] if by.hin_id in held else [])
    if not hins:
        raise Forbidden("No other network works with this innovation that you could ask.")
    form = forms.ProposeForm(hins, kinds)
    if form.validate_on_submit():
        with form.refusals():
            services.propose(
                innovation=innovation,
                kind=form.kind.data,
                to_hin_id=form.to_hin.data,
                words=form.words.data,
                by=by,
            )
            return done(innovation, "It is proposed. The other network has been told.")
    return show(form, innovation, "propose", engagements=engagements, rules=rules)


@blueprint.route("/support/proposals/<int:proposal_id>", methods=BOTH)
def answer_proposal(proposal_id: int) -> Answer:
    """Accept or decline what another HIN proposed, having seen who is engaging."""
    by = current_actor()
    proposal = _door(proposal_id)
    if not policy.can_answer(by, proposal):
        raise Forbidden("The network that was asked answers.")
    beside = _beside(proposal)
    form = forms.AnswerForm(proposal, beside)
    if not form.is_submitted() and proposal.state is not ProposalState.OPEN:
        raise Conflict(services.who_answered(proposal))
    if form.validate_on_submit():
        with form.refusals():
            words = _answer(form, proposal)
            return done(proposal.innovation, words)
    if form.is_outdated:
        beside = _beside(proposal)
        form.show_beside(beside)
    return show(form, proposal.innovation, "answer", proposal=proposal, beside=beside)


def _beside(proposal: Proposal) -> dict[int, str]:
    """Return who else is engaging: that the proposer is, the page says in any case."""
    beside = found_in.engaging_beside(proposal.innovation_id, proposal.to_hin_id)
    return {hin_id: name for hin_id, name in beside.items() if hin_id != proposal.from_hin_id}


def _answer(form: forms.AnswerForm, proposal: Proposal) -> str:
    by, words = current_actor(), form.answer.data or ""
    if form.decision.data == forms.NO:
        services.decline(proposal=proposal, version=form.version.data, why=words, by=by)
        return "You declined. The other network has been told."
    services.accept(
        proposal=proposal, version=form.version.data, known=form.hin_ids, answer=words, by=by
    )
    return "You accepted. The other network and the innovator have been told."


@blueprint.post("/support/proposals/<int:proposal_id>/withdraw")
def withdraw_proposal(proposal_id: int) -> Response:
    """Take back what one's own HIN proposed."""
    proposal = _door(proposal_id)
    form = PickUpForm()
    services.withdraw(proposal=proposal, version=form.version.data or 0, by=current_actor())
    return done(proposal.innovation, "The proposal is withdrawn. The other network has been told.")


def _door(proposal_id: int) -> Proposal:
    by = current_actor()
    if not policy.can_log(by):
        raise Forbidden("Proposals are between networks.")
    return found_in.proposal_for(by, proposal_id)

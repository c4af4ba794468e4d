"""The rules of proven, met or not, with verifying and withdrawing."""

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.errors import Forbidden
from portal.innovations.models import Innovation
from portal.innovations.policy import can_ask_to_share, can_manage, is_hidden_from_icss
from portal.innovations.queries import innovation_for
from portal.innovations.queries.requests import open_request
from portal.proof.forms import ProvenForm, WithdrawForm
from portal.proof.policy import can_verify
from portal.proof.queries import facts, verifications
from portal.proof.rules.proven import missing, proven_findings
from portal.proof.services import proven as services
from portal.proof.views import blueprint
from portal.support import policy, queries
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import Answer, done, show

PROVEN = "/innovations/<int:innovation_id>/proven"


@blueprint.route(PROVEN, methods=BOTH)
def proven(innovation_id: int) -> Answer:
    """Show every rule and, for a HIN that is engaging, verify against them."""
    actor = current_actor()
    innovation = _readable(innovation_id)
    form = ProvenForm()
    if form.validate_on_submit():
        with form.refusals():
            services.verify_proven(
                innovation=innovation, valid_until=form.valid_until.data, by=actor
            )
            return done(
                innovation,
                "It is verified as proven. The innovator has been told.",
                "proof.proven",
            )
    findings = proven_findings(facts(innovation, today()))
    return show(
        form,
        innovation,
        "proof/proven",
        findings=findings,
        missing=missing(findings),
        verifications=verifications(innovation_id),
        can_verify=can_verify(actor, queries.engagements(innovation_id)),
        today=today(),
        **_sharing(actor, innovation),
    )


def _sharing(actor: Actor, innovation: Innovation) -> dict[str, bool]:
    """Return what the page says of a record that is proven and that ICSs cannot see."""
    is_hidden = is_hidden_from_icss(innovation)
    may_ask = is_hidden and can_ask_to_share(actor, innovation)
    return {
        "may_ask_to_share": may_ask,
        "is_asked_to_share": may_ask and open_request(innovation.id) is not None,
        "may_share": is_hidden and can_manage(actor, innovation),
    }


@blueprint.route(f"{PROVEN}/withdraw", methods=BOTH)
def withdraw_proven(innovation_id: int) -> Answer:
    """Take the verification back, saying why."""
    actor = current_actor()
    innovation = _readable(innovation_id)
    if not can_verify(actor, queries.engagements(innovation_id)):
        raise Forbidden("Only staff of a network that is engaging with it decide what is proven.")
    form = WithdrawForm()
    if form.validate_on_submit():
        with form.refusals():
            services.withdraw_proven(innovation=innovation, why=form.why.data, by=actor)
            return done(
                innovation,
                "It no longer counts as proven. The innovator has been told.",
                "proof.proven",
            )
    return show(form, innovation, "proof/withdraw")


def _readable(innovation_id: int) -> Innovation:
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    if not policy.can_read(actor, innovation):
        raise Forbidden("The rules of proven are shown to the innovation's people and to staff.")
    return innovation

"""The support tab of a record: who helps, what was decided, what can be done next."""

from collections.abc import Iterable

from flask import render_template

from portal.accounts.queries.acting import leads
from portal.accounts.session import current_actor
from portal.clock import today
from portal.errors import Forbidden
from portal.innovations.queries import innovation_for
from portal.innovations.queries.change_requests import change_requests
from portal.support import forms, policy, queries, rules
from portal.support.models import Engagement
from portal.support.queries import interactions as logged
from portal.support.queries import timeline
from portal.support.queries.matters import matters_of
from portal.support.queries.partnerships import partnerships_with
from portal.support.queries.promises import exemptions
from portal.support.queries.proposals import proposals
from portal.support.rules.interactions import INTERACTION_WORDS, hours_words, is_open
from portal.support.rules.proposals import KIND_WORDS, PROPOSAL_WORDS
from portal.support.services import engagements
from portal.support.views import blueprint
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, case_for, done, show


@blueprint.get(RECORD)
def record(innovation_id: int) -> str:
    """Show every HIN's engagement, the outcomes, validations and standards."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    if not policy.can_read(actor, innovation):
        raise Forbidden("Support is shown to the innovation's people and to staff.")
    found = queries.engagements(innovation_id)
    own = next((e for e in found if policy.can_decide(actor, e)), None)
    return render_template(
        "support/record.html",
        innovation=innovation,
        engagements=found,
        own=own,
        matters=matters_of(innovation, actor),
        can_write=[e for e in found if e.state in rules.LIVE and policy.can_read_matter(actor, e)],
        outcomes=timeline.outcomes(found),
        may_ask_again=policy.is_asking_side(actor, innovation),
        can_join=policy.can_join(actor, innovation, found),
        can_read_reasons=policy.can_read_reasons(actor),
        actor=actor,
        change_requests=change_requests(actor, innovation),
        rules=rules,
        today=today(),
        budget=logged.budget(own) if own else None,
        interactions=logged.interactions(innovation_id, actor),
        exempted=exemptions([engagement.id for engagement in found]),
        can_exempt=own is not None and own.due_on is not None and policy.can_exempt(actor, own),
        partnerships=partnerships_with(innovation_id, actor),
        proposals=proposals(innovation_id) if actor.is_staff else [],
        may_read_proposal=policy.can_read_proposal,
        kind_words=KIND_WORDS,
        proposal_words=PROPOSAL_WORDS,
        regional=_regional_leads(found) if actor.is_staff else {},
        engagement_ids=[engagement.id for engagement in found],
        interaction_words=INTERACTION_WORDS,
        hours_words=hours_words,
        is_open=is_open,
    )


def _regional_leads(found: Iterable[Engagement]) -> dict[int, list[str]]:
    """Return who leads for each HIN whose engagement nobody leads yet, by the HIN's id."""
    return {
        one.hin_id: [person.name for person in leads(one.hin_id)]
        for one in found
        if one.lead is None
    }


@blueprint.post(f"{RECORD}/pick-up")
def pick_up(innovation_id: int) -> Answer:
    """Take the case to read it."""
    case = case_for(innovation_id)
    form = forms.PickUpForm()
    engagements.pick_up(engagement=case.engagement, version=form.version.data or 0, by=case.by)
    return done(case.innovation, "You picked it up. Read the record, then record an outcome.")


@blueprint.route(f"{RECORD}/join", methods=BOTH)
def join(innovation_id: int) -> Answer:
    """Join the HINs that work with it, having seen who they are."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    others = queries.engagements(innovation_id)
    if not policy.can_join(actor, innovation, others):
        raise Forbidden("Your network cannot join this innovation.")
    form = forms.JoinForm()
    if form.validate_on_submit():
        with form.refusals():
            engagements.join(innovation=innovation, known=form.hin_ids, by=actor)
            return done(innovation, "You joined. Read the record, then record an outcome.")
    form.known.data = ",".join(str(other.hin_id) for other in others)
    return show(form, innovation, "join", engagements=others, rules=rules)

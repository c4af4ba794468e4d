"""The support tab of a record: who helps, what was decided, what can be done next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template

from portal.accounts.models import Actor
from portal.accounts.queries.acting import leads_by_hin
from portal.accounts.session import current_actor
from portal.clock import today
from portal.errors import Forbidden
from portal.innovations.models import Innovation
from portal.innovations.queries import innovation_for
from portal.innovations.queries.change_requests import change_requests
from portal.support import forms, policy, queries, rules
from portal.support.models import Engagement, EngagementState, Proposal, ProposalState
from portal.support.queries import interactions as logged
from portal.support.queries.interactions import LoggedRow
from portal.support.queries.record import support_rows
from portal.support.queries.tasks import tasks_of
from portal.support.rules.interactions import hours_words, is_open
from portal.support.services import engagements
from portal.support.views import blueprint
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, case_for, done, queue_come_from, show


@blueprint.get(RECORD)
def record(innovation_id: int) -> str:
    """Show every HIN's engagement, the outcomes, validations and standards."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    if not policy.can_read(actor, innovation):
        raise Forbidden("Support is shown to the innovation's people and to staff.")
    every = queries.engagements_ever(innovation_id)
    found = [engagement for engagement in every if engagement.replaced_by_id is None]
    own = next((e for e in found if policy.can_decide(actor, e)), None)
    around = support_rows(actor, innovation, every)
    return render_template(
        "support/record.html",
        innovation=innovation,
        own=own,
        queue=queue_come_from(innovation) if actor.is_staff else None,
        may=_may(actor, innovation, found, own),
        engagements=_rows(actor, found),
        exempted=around.exempted,
        change_requests=change_requests(actor, innovation),
        signposts=around.signposts,
        partnerships=around.partnerships,
        proposals=_proposals(actor, around.proposals),
        budget=logged.budget(own) if own else None,
        interactions=_interactions(actor, innovation_id),
        tasks=tasks_of(innovation, actor),
        outcomes=around.outcomes,
        hours_words=hours_words,
        today=today(),
    )


def _may(
    actor: Actor, innovation: Innovation, found: Sequence[Engagement], own: Engagement | None
) -> dict[str, Any]:
    """Return what the person may see and do, by name."""
    is_live = own is not None and own.state in rules.LIVE
    is_engaging = own is not None and own.state is EngagementState.ENGAGING
    return {
        "pick_up": own is not None and own.state in rules.PICKED_UP_FROM,
        "decide": own is not None and bool(rules.OUTCOMES[own.state]),
        "work": is_live,
        "signpost": own is not None and own.state in rules.WORKED_ON,
        "assign": is_live and own is not None and own.state is not EngagementState.NEW,
        "change_level": is_engaging,
        "prove": is_engaging,
        "exempt": own is not None and own.due_on is not None and policy.can_exempt(actor, own),
        "join": policy.can_join(actor, innovation, found),
        "ask_again": policy.is_asking_side(actor, innovation),
        "read_reasons": policy.can_read_reasons(actor),
        "write_to_people": actor.is_staff,
        "write": [e for e in found if e.state in rules.LIVE and policy.can_read_task(actor, e)],
    }


@dataclass(frozen=True, slots=True)
class EngagementRow:
    """One network's line in the table of who supports the record."""

    engagement: Engagement
    state: str
    is_live: bool
    network_leads: Sequence[str]
    """Who leads for the network while nobody leads the engagement; for staff alone."""


def _rows(actor: Actor, found: Sequence[Engagement]) -> list[EngagementRow]:
    regional = _regional_leads(found) if actor.is_staff else {}
    return [
        EngagementRow(one, one.state.label, one.state in rules.LIVE, regional.get(one.hin_id, ()))
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal between networks, with what the reader may do with it."""

    proposal: Proposal
    title: str
    state: str
    may_read: bool
    may_answer: bool
    may_withdraw: bool


def _title(one: Proposal) -> str:
    """Say what was proposed, by networks as they were called then."""
    giver, taker = (hin.name_on(one.proposed_at) for hin in (one.from_hin, one.to_hin))
    return f"{one.kind.label}: {giver} to {taker}"


def _proposals(actor: Actor, found: Sequence[Proposal]) -> list[ProposalRow]:
    return [
        ProposalRow(
            proposal=one,
            title=_title(one),
            state=one.state.label,
            may_read=policy.can_read_proposal(actor, one),
            may_answer=one.state is ProposalState.OPEN and policy.can_answer(actor, one),
            may_withdraw=one.state is ProposalState.OPEN and policy.can_withdraw(actor, one),
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class InteractionRow:
    """One interaction, with the record's share of its hours."""

    logged: LoggedRow
    title: str
    kind: str
    may_change: bool
    """Whether the reader's network logged it, and nothing stands for it yet."""
    is_open: bool
    """Whether its quarter lasts: it is changed; later it is corrected."""


def _interactions(actor: Actor, innovation_id: int) -> list[InteractionRow]:
    rows = []
    for row in logged.interactions(innovation_id, actor):
        interaction = row.interaction
        kind = interaction.kind.label
        named = f"{kind}: {interaction.title}" if interaction.title else kind
        is_own = actor.is_hin and interaction.hin_id == actor.hin_id
        rows.append(
            InteractionRow(
                logged=row,
                title=f"{named}, {hours_words(row.minutes)}",
                kind=kind,
                may_change=is_own and row.corrected_at is None,
                is_open=is_open(interaction.on, today()),
            )
        )
    return rows


def _regional_leads(found: Iterable[Engagement]) -> dict[int, list[str]]:
    """Return who leads for each HIN whose engagement nobody leads yet, by the HIN's id."""
    waiting = {one.hin_id for one in found if one.lead_id is None}
    leading = leads_by_hin(waiting) if waiting else {}
    return {hin_id: [person.name for person in people] for hin_id, people in leading.items()}


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

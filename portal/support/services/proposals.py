"""Two HINs, one innovation: propose that the other takes over or joins, and answer.

Nobody works unknowingly beside another: whoever accepts has seen which HINs are engaging
(`known`), as everybody has who begins to engage (`moves.refuse_unaware`).
"""

from collections.abc import Collection
from datetime import datetime

from portal.accounts.models import Actor
from portal.accounts.queries.acting import staff
from portal.audit.models import Audience
from portal.clock import day_of, now
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Innovation
from portal.reference.models import DeadlineKind, Hin
from portal.reference.queries import due_date
from portal.support import outbox, policy, queries
from portal.support.models import (
    ClosingReason,
    Engagement,
    EngagementState,
    LeadChange,
    Proposal,
    ProposalKind,
    ProposalState,
)
from portal.support.queries.proposals import open_between
from portal.support.rules import LIVE
from portal.support.rules.closings import was_supported
from portal.support.services.closing import end_and_ask
from portal.support.services.moves import move, refuse_unaware, set_lead_person, set_level
from portal.wording import moment_words


def propose(
    *,
    innovation: Innovation,
    kind: ProposalKind,
    to_hin_id: int,
    words: str,
    by: Actor,
    at: datetime | None = None,
) -> Proposal:
    """Propose to another HIN that it takes the innovation over or works with it together.

    Raises Forbidden where neither HIN works with it, or a handover of what the actor's HIN does
    not hold; Invalid without words, to one's own HIN, or while another proposal is open.
    """
    at = at or now()
    held = {e.hin_id for e in queries.engagements(innovation.id) if e.state in LIVE}
    if not policy.can_propose(by, innovation, kind, held, to_hin_id):
        raise Forbidden("Your network cannot propose this: it does not work with the innovation.")
    other = db.session.get(Hin, to_hin_id)
    if other is None or by.hin_id is None or to_hin_id == by.hin_id:
        raise Invalid("Select another network", field="to_hin")
    if not words:
        raise Invalid("Enter why, and how you would share the work", field="words")
    if not staff(to_hin_id):
        raise Invalid("Select a network for which somebody acts in the portal", field="to_hin")
    if open_between(innovation.id, by.hin_id, to_hin_id) is not None:
        raise Invalid("There is an open proposal between your networks already", field="to_hin")
    proposal = Proposal(
        innovation=innovation,
        kind=kind,
        from_hin_id=by.hin_id,
        to_hin_id=to_hin_id,
        words=words,
        proposed_at=at,
        proposed_by_id=by.user_id,
    )
    proposal.set_due(due_date(DeadlineKind.REPLY, day_of(at)))
    db.session.add(proposal)
    _note(proposal, f"proposed {kind.label.lower()} to {other.name}", by=by, at=at)
    db.session.flush()
    outbox.tell_proposal("proposed", proposal, proposal.to_hin_id, at=at, by=by)
    return proposal


def accept(
    *,
    proposal: Proposal,
    version: int,
    known: Collection[int],
    by: Actor,
    answer: str = "",
    at: datetime | None = None,
) -> Engagement:
    """Accept for the HIN that was asked; returns its engagement, which the actor leads.

    A handover closes the proposer's engagement, of which its owner is asked how the support was,
    and goes on at its level; where the proposer led with the record, the other leads now. Joint
    work begins an engagement for whichever HIN has none. `known` are the HINs that the page
    showed as engaging. Raises Forbidden, Conflict when it was answered meanwhile, the proposer let
    it go, or another HIN began to engage.
    """
    at = at or now()
    _lock(proposal, version, policy.can_answer(by, proposal))
    innovation = proposal.innovation
    refuse_unaware(innovation, by.hin_id, {*known, proposal.from_hin_id})
    theirs = queries.engagement_of(innovation.id, proposal.from_hin_id)
    if proposal.kind is ProposalKind.HANDOVER and (theirs is None or theirs.state not in LIVE):
        raise Conflict(f"{proposal.from_hin.name} does not work with it any more.")
    _answer(proposal, ProposalState.ACCEPTED, answer, by=by, at=at)
    if proposal.kind is ProposalKind.HANDOVER and theirs is not None:
        ours = _take_over(proposal, theirs, by=by, at=at)
        outbox.tell_innovators("handed_over", ours, at=at, by=by, proposal=proposal)
    else:
        ours = _begin(innovation, proposal.to_hin_id, by.user_id, by=by, at=at)
        proposer = _still_there(proposal.proposed_by_id, proposal.from_hin_id)
        _begin(innovation, proposal.from_hin_id, proposer, by=by, at=at)
        outbox.tell_innovators("joint", ours, at=at, by=by, proposal=proposal)
    db.session.flush()
    outbox.tell_proposal("answered", proposal, proposal.from_hin_id, at=at, by=by)
    return ours


def decline(
    *, proposal: Proposal, version: int, why: str, by: Actor, at: datetime | None = None
) -> Proposal:
    """Say no for the HIN that was asked, with the reason. Raises as `accept` does, and Invalid
    without a reason."""
    at = at or now()
    _lock(proposal, version, policy.can_answer(by, proposal))
    if not why:
        raise Invalid("Enter why you decline", field="answer")
    _answer(proposal, ProposalState.DECLINED, why, by=by, at=at)
    db.session.flush()
    outbox.tell_proposal("answered", proposal, proposal.from_hin_id, at=at, by=by)
    return proposal


def withdraw(
    *, proposal: Proposal, version: int, by: Actor, at: datetime | None = None
) -> Proposal:
    """Take one's own HIN's proposal back before it is answered."""
    at = at or now()
    _lock(proposal, version, policy.can_withdraw(by, proposal))
    _answer(proposal, ProposalState.WITHDRAWN, "", by=by, at=at)
    db.session.flush()
    outbox.tell_proposal("withdrawn", proposal, proposal.to_hin_id, at=at, by=by)
    return proposal


def _lock(proposal: Proposal, version: int, allowed: bool) -> None:
    if not allowed:
        raise Forbidden("Only the network that was asked answers, and who asked withdraws.")
    lock(proposal, seen=version, words=lambda: who_answered(proposal))
    if proposal.state is not ProposalState.OPEN:
        raise Conflict(who_answered(proposal))


def who_answered(proposal: Proposal) -> str:
    """Return who answered a proposal what and when: what the second of two people is told."""
    if proposal.answered_at is None:
        return "This proposal is still open; it was changed while you were reading."
    who = proposal.answered_by.name if proposal.answered_by else "The portal"
    state = proposal.state.label.lower()
    return f"{who} {state} this proposal on {moment_words(proposal.answered_at)}."


def _answer(
    proposal: Proposal, state: ProposalState, words: str, *, by: Actor, at: datetime
) -> None:
    proposal.state, proposal.answer = state, words
    proposal.answered_at, proposal.answered_by_id = at, by.user_id
    verb = state.label.lower()
    said = f"{verb} the {proposal.kind.label.lower()} proposed by {proposal.from_hin.name}"
    _note(proposal, said, by=by, at=at)


def _take_over(proposal: Proposal, theirs: Engagement, *, by: Actor, at: datetime) -> Engagement:
    lock(theirs)
    level = theirs.level if theirs.state is EngagementState.ENGAGING else None
    words = f"Handed over to {proposal.to_hin.name}."
    move(theirs, EngagementState.CLOSED, by=by, at=at, message=words, summary=words.lower())
    if was_supported(theirs):
        goes_on = f"{proposal.to_hin.name} goes on with it."
        end_and_ask(theirs, ClosingReason.HANDED_OVER, words, goes_on, by=by, at=at)
    # What goes on at its level is not read anew: no decision is awaited, and none is counted.
    is_read = level is None
    ours = _begin(
        proposal.innovation, proposal.to_hin_id, by.user_id, by=by, at=at, is_read=is_read
    )
    if level is not None and ours.state is not EngagementState.ENGAGING:
        why = f"Handed over from {proposal.from_hin.name} at level {level}."
        set_level(ours, level, why, by=by, at=at)
        due = due_date(DeadlineKind.UPDATE, day_of(at))
        move(ours, EngagementState.ENGAGING, due=due, by=by, at=at, message=why)
    if theirs.is_leading:
        _pass_lead(theirs, ours, by=by, at=at)
    return ours


def _pass_lead(theirs: Engagement, ours: Engagement, *, by: Actor, at: datetime) -> None:
    """Who took it over leads with the record from now on, as a dated row."""
    theirs.is_leading, ours.is_leading = False, True
    ours.leading.append(LeadChange(at=at, by_id=by.user_id))
    outbox.note(
        "engagement.leads",
        ours.innovation,
        f"took over the lead with it from {theirs.hin.name}",
        by=by,
        at=at,
        changes={"leading network": [theirs.hin.name, ours.hin.name]},
    )


def _still_there(user_id: int | None, hin_id: int) -> int | None:
    """Return the person while they act for the HIN: nobody leads who has left."""
    return next((person.id for person in staff(hin_id) if person.id == user_id), None)


def _begin(
    innovation: Innovation,
    hin_id: int,
    lead_id: int | None,
    *,
    by: Actor,
    at: datetime,
    is_read: bool = True,
) -> Engagement:
    """Return the HIN's open engagement, begun now where it has none: to be read and decided soon,
    or left for the caller to go on with."""
    ours = queries.engagement_of(innovation.id, hin_id)
    if ours is not None and ours.state in LIVE - {EngagementState.NEW}:
        return ours
    if ours is None:
        ours = Engagement(innovation=innovation, hin_id=hin_id, opened_at=at)
        db.session.add(ours)
    ours.picked_up_at = at
    set_lead_person(ours, lead_id, by=by, at=at)
    if is_read:
        due, words = due_date(DeadlineKind.DECIDE, day_of(at)), "began to work with it"
        move(ours, EngagementState.ASSESSING, due=due, by=by, at=at, summary=words)
    db.session.flush()
    db.session.refresh(ours)
    return ours


def _note(proposal: Proposal, summary: str, *, by: Actor, at: datetime) -> None:
    """What HINs say to each other stands on no timeline: its lines say only that they did."""
    outbox.note(
        f"proposal.{proposal.state.value if proposal.answered_at else 'made'}",
        proposal.innovation,
        summary,
        by=by,
        at=at,
        audience=Audience.HIN,
    )

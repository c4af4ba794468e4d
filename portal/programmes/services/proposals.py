"""Put proposals forward, ask people to assess them, score them, weigh and decide."""

from collections.abc import Mapping

from sqlalchemy import func, select

from portal.accounts.models import Actor, User
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import Base, add_new, db, lock, use_once
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Innovation
from portal.programmes.models import (
    Assessor,
    Decision,
    PanelWeights,
    Proposal,
    ProposalDecision,
    Score,
)
from portal.programmes.outbox import tell_asked, tell_decided, tell_overdue
from portal.programmes.policy import can_assess, can_propose
from portal.programmes.queries.proposals import criteria, hold, weights_now
from portal.programmes.rules.proposals import is_complete, result, rows_of
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_date

SHOWN = "Everybody has handed in: scores are shown and change no more."


def put_forward(
    *, title: str, by: Actor, words: str = "", innovation: Innovation | None = None
) -> Proposal:
    """Put a record, or something in words alone, forward. Raises Forbidden but for the national
    team, Conflict while a proposal of the record is open."""
    _check(by)
    row = Proposal(
        title=title, words=words, innovation=innovation, is_open=True, at=now(), by_id=by.user_id
    )
    _add(row, "A proposal of this record is open already.")
    audit.note(row, "put_forward", f"put “{title}” forward", by=by)
    return row


def ask_to_assess(*, proposal: Proposal, person: User, by: Actor) -> Assessor:
    """Ask somebody of the staff to assess it. Raises Forbidden, Invalid once scores are shown,
    Conflict for who was asked before."""
    _check(by)
    hold(proposal)
    if is_complete(proposal.assessors):
        raise Invalid(SHOWN)
    row = Assessor(proposal_id=proposal.id, user=person, named_at=now(), named_by_id=by.user_id)
    row.set_due(due_date(DeadlineKind.ASSESS, today()))
    _add(row, "They were asked already.")
    db.session.expire(proposal, ["assessors"])
    audit.note(proposal, "assessor_asked", f"asked {person.name} to assess it", by=by)
    tell_asked(row)
    return row


def remind(*, assessor: Assessor) -> bool:
    """Tell an assessor that their scores are overdue, once; returns whether it was now."""
    is_first = use_once(
        Assessor, Assessor.id == assessor.id, Assessor.reminded_at.is_(None), reminded_at=now()
    )
    if is_first:
        tell_overdue(assessor)
        db.session.flush()
    return is_first


def release(*, assessor: Assessor, by: Actor) -> None:
    """Wait for somebody no more; what they scored does not count. Raises Forbidden, Invalid once
    scores are shown."""
    _check(by)
    hold(assessor.proposal)
    if is_complete(assessor.proposal.assessors):
        raise Invalid(SHOWN)
    assessor.released_at = now()
    db.session.flush()
    said = f"no longer asks {assessor.user.name} to assess it"
    audit.note(assessor.proposal, "assessor_released", said, by=by)


def declare(
    *, assessor: Assessor, version: int, has_conflict: bool, by: Actor, words: str = ""
) -> None:
    """Say whether one has a conflict of interest: who has one does not score, and what they had
    scored is deleted. Raises Forbidden for others, Invalid without words, Outdated."""
    if not can_assess(by, assessor):
        raise Forbidden("Who was asked to assess it declares.")
    if has_conflict and not words:
        raise Invalid("Enter what the conflict is", field="words")
    hold(assessor.proposal)
    lock(assessor, seen=version)
    if is_complete(assessor.proposal.assessors):
        raise Invalid(SHOWN)
    assessor.has_conflict, assessor.conflict_words = has_conflict, words
    assessor.declared_at = now()
    if has_conflict:
        assessor.scores, assessor.scored_at = [], None
    db.session.flush()
    said = "declared a conflict of interest" if has_conflict else "declared no conflict of interest"
    audit.note(assessor.proposal, "declared", said, by=by)


def score(
    *, assessor: Assessor, version: int, scores: Mapping[int, tuple[int, str]], by: Actor
) -> None:
    """Hand in scores with their words, by the id of the criterion; until all are in they may be
    handed in anew. Raises Forbidden for others and for who has a conflict, Invalid where a
    criterion is missing or scores are shown, Outdated."""
    if not can_assess(by, assessor):
        raise Forbidden("Who was asked to assess it scores it.")
    hold(assessor.proposal)
    lock(assessor, seen=version)
    if assessor.has_conflict is not False:
        raise Forbidden("Who declared no conflict of interest scores it.")
    if is_complete(assessor.proposal.assessors):
        raise Invalid(SHOWN)
    if set(scores) != {one.id for one in criteria()}:
        raise Invalid("Every criterion needs a score")
    assessor.scores.clear()
    db.session.flush()
    for criterion_id, (given, words) in scores.items():
        assessor.scores.append(Score(criterion_id=criterion_id, score=given, words=words))
    assessor.scored_at = now()
    db.session.flush()
    audit.note(assessor.proposal, "scored", "handed scores in", by=by)


def set_weights(*, weights: Mapping[str, int], seen: int, why: str, by: Actor) -> PanelWeights:
    """Set how much each criterion counts, by its code; `seen` is the number of the weights that
    the person saw, 0 for none. Raises Forbidden, Invalid for weights that are all 0, Conflict."""
    _check(by)
    if not any(weights.values()):
        raise Invalid("One criterion has to count")
    held = weights_now()
    if (held.number if held else 0) != seen:
        raise Conflict("Somebody set the weights meanwhile.")
    row = PanelWeights(number=seen + 1, weights=dict(weights), why=why, at=now(), by_id=by.user_id)
    _add(row, "Somebody set the weights meanwhile.")
    audit.note(row, "set", "set the weights of the criteria", by=by)
    return row


def decide(
    *,
    proposal: Proposal,
    version: int,
    outcome: ProposalDecision,
    why: str,
    feedback: str,
    by: Actor,
) -> Decision:
    """Decide, with reasons for staff and words for who proposed it; a later decision stands beside
    the former. Raises Forbidden, Invalid before all scores are in, Outdated."""
    _check(by)
    hold(proposal, seen=version)
    if not is_complete(proposal.assessors):
        raise Invalid("It is decided when enough people have scored it, and all who were asked")
    held = weights_now()
    rows = rows_of(criteria(), proposal.assessors, held.weights if held else {})
    last = db.session.scalar(
        select(func.max(Decision.number)).where(Decision.proposal_id == proposal.id)
    )
    row = Decision(
        proposal_id=proposal.id,
        number=(last or 0) + 1,
        outcome=outcome,
        why=why,
        feedback=feedback,
        result=result(rows),
        weights_id=held.id if held else None,
        at=now(),
        by_id=by.user_id,
    )
    _add(row, "Somebody decided meanwhile.")
    proposal.is_open, proposal.decided_at = False, row.at
    db.session.flush()
    db.session.expire(proposal, ["decisions"])
    audit.note(proposal, "decided", f"decided: {outcome.label.lower()}", by=by)
    tell_decided(proposal, row)
    return row


def _check(by: Actor) -> None:
    if not can_propose(by):
        raise Forbidden("The national team keeps proposals.")


def _add(row: Base, clash: str) -> None:
    if not add_new(row):
        raise Conflict(clash)

"""Write the quarter's words, say what became of plans and risks, keep delivery plans, review."""

from datetime import date
from typing import Any

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import add_new, db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.programmes.models import (
    DeliveryStep,
    NoteKind,
    Outcome,
    Programme,
    ProgrammeNote,
    QuarterReview,
    ReviewState,
)
from portal.programmes.policy import can_review, can_write_for
from portal.programmes.queries.notes import review_of
from portal.programmes.rules.notes import RISKS
from portal.reference.rules import Quarter

RISK_FIELDS = ("likelihood", "impact", "mitigation", "owner", "review_on")


def write_note(
    *,
    programme: Programme,
    quarter: Quarter,
    hin_id: int | None,
    kind: NoteKind,
    words: str,
    by: Actor,
    note: ProgrammeNote | None = None,
    version: int = 0,
    **risk: Any,
) -> ProgrammeNote:
    """Write words of a quarter for one's own network (None: the programme), or change a note.

    What belongs to risks is kept of risks and issues alone. Raises Forbidden for other networks,
    Invalid for a quarter that has not begun, Outdated when somebody changed the note meanwhile.
    """
    _refuse_unless_own(by, hin_id)
    if quarter.first > today():
        raise Invalid("Select a quarter that has begun")
    if unknown := set(risk) - set(RISK_FIELDS):
        raise TypeError(f"no such field of a note: {', '.join(sorted(unknown))}")
    if note is None:
        note = ProgrammeNote(
            programme=programme,
            quarter_on=quarter.first,
            hin_id=hin_id,
            at=now(),
            by_id=by.user_id,
        )
        db.session.add(note)
    else:
        _refuse_published(note)
        lock(note, seen=version)
    note.kind, note.words = kind, words
    for name in RISK_FIELDS:
        empty = "" if name in {"mitigation", "owner"} else None
        setattr(note, name, (risk.get(name) or empty) if kind in RISKS else empty)
    db.session.flush()
    audit.note(programme, "note_written", f"wrote of {quarter.code}: {kind.label}", by=by)
    return note


def settle_plan(
    *, note: ProgrammeNote, version: int, outcome: Outcome, words: str, by: Actor
) -> None:
    """Say what became of a plan. Raises Forbidden, Invalid for what is no plan, Outdated."""
    _refuse_unless_own(by, note.hin_id)
    if note.kind is not NoteKind.PLAN:
        raise Invalid("Only plans are done or dropped")
    if outcome is not Outcome.DONE and not words:
        raise Invalid("Enter why, or what is left", field="words")
    lock(note, seen=version)
    note.outcome, note.outcome_words = outcome, words
    db.session.flush()
    audit.note(note.programme, "plan_settled", f"said of a plan: {outcome.label}", by=by)


def close_risk(*, note: ProgrammeNote, version: int, how: str, by: Actor) -> None:
    """Close a risk or issue and say how. Raises Forbidden, Invalid, Conflict, Outdated."""
    _refuse_unless_own(by, note.hin_id)
    if note.kind not in RISKS:
        raise Invalid("Only risks and issues are closed")
    lock(note, seen=version)
    if note.closed_on is not None:
        raise Conflict("It was closed already.")
    note.closed_on, note.closed_how = today(), how
    db.session.flush()
    audit.note(note.programme, "risk_closed", f"closed a {note.kind.label.lower()}: {how}", by=by)


def _refuse_unless_own(by: Actor, hin_id: int | None) -> None:
    if not can_write_for(by, hin_id):
        raise Forbidden("A network writes for itself; the national team for the programme.")


def _refuse_published(note: ProgrammeNote) -> None:
    if note.source:
        raise Conflict("These words were published: they stay as they are.")


def save_step(
    *,
    programme: Programme,
    hin_id: int,
    words: str,
    due_on: date,
    by: Actor,
    step: DeliveryStep | None = None,
    version: int = 0,
    done_on: date | None = None,
    note: str = "",
) -> DeliveryStep:
    """Add a step to one's own network's delivery plan, or change it. Raises Forbidden, Outdated."""
    _refuse_unless_own(by, hin_id)
    if step is None:
        step = DeliveryStep(programme=programme, hin_id=hin_id, at=now(), by_id=by.user_id)
        step.words, step.due_on = words, due_on
        db.session.add(step)
    else:
        lock(step, seen=version)
    step.words, step.due_on, step.done_on, step.note = words, due_on, done_on, note
    db.session.flush()
    audit.note(programme, "step_saved", f"planned “{words}”", by=by)
    return step


def hand_in(*, programme: Programme, quarter: Quarter, hin_id: int, by: Actor) -> QuarterReview:
    """Hand a network's quarter in, so that the national lead reviews it; again after changes were
    asked for. Raises Forbidden, Conflict when it waits or was accepted."""
    _refuse_unless_own(by, hin_id)
    row = review_of(programme.id, hin_id, quarter)
    if row is None:
        row = QuarterReview(
            programme=programme,
            hin_id=hin_id,
            quarter_on=quarter.first,
            state=ReviewState.SUBMITTED,
            submitted_at=now(),
            submitted_by_id=by.user_id,
        )
        if not add_new(row):
            raise Conflict("It was handed in already.")
    else:
        lock(row)
        if row.state is not ReviewState.ASKED:
            raise Conflict("It was handed in already.")
        row.state, row.submitted_at, row.submitted_by_id = ReviewState.SUBMITTED, now(), by.user_id
        db.session.flush()
    audit.note(programme, "quarter_handed_in", f"handed in {quarter.code}", by=by)
    return row


def review_quarter(
    *, review: QuarterReview, version: int, accepts: bool, words: str, by: Actor
) -> None:
    """Accept a network's quarter, or ask for changes in words.

    Raises Forbidden but for the national team, Invalid for a question without words, Outdated.
    """
    if not can_review(by):
        raise Forbidden("The national team reviews what networks hand in.")
    if not accepts and not words:
        raise Invalid("Enter what should change", field="words")
    lock(review, seen=version)
    if review.state is not ReviewState.SUBMITTED:
        raise Conflict("It waits for no review.")
    review.state = ReviewState.ACCEPTED if accepts else ReviewState.ASKED
    review.words, review.reviewed_at, review.reviewed_by_id = words, now(), by.user_id
    db.session.flush()
    said = "accepted" if accepts else "asked for changes to"
    quarter = Quarter.of(review.quarter_on).code
    audit.note(review.programme, "quarter_reviewed", f"{said} {quarter}", by=by)

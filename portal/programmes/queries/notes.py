"""Read the quarter's words, delivery plans and reviews."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.db import db
from portal.errors import NotFound
from portal.programmes.models import DeliveryStep, NoteKind, ProgrammeNote, QuarterReview
from portal.programmes.policy import can_read_note
from portal.programmes.rules.notes import RISKS
from portal.reference.rules import Quarter

KINDS = list(NoteKind)
"""In the order of pages."""
ANY_AREA = -1
"""The words of every network, and of the programme as a whole."""


def notes_of(
    actor: Actor, programme_id: int, quarter: Quarter, hin_id: int | None = ANY_AREA
) -> list[ProgrammeNote]:
    """Return the words of a quarter that the actor may read, the programme's own first."""
    found = select(ProgrammeNote).where(
        ProgrammeNote.programme_id == programme_id, ProgrammeNote.quarter_on == quarter.first
    )
    if hin_id != ANY_AREA:
        found = found.where(ProgrammeNote.hin_id.is_not_distinct_from(hin_id))
    rows = db.session.scalars(
        found.options(joinedload(ProgrammeNote.hin), joinedload(ProgrammeNote.by))
    )
    return sorted(
        (row for row in rows if can_read_note(actor, row)),
        key=lambda row: (row.hin_id or 0, KINDS.index(row.kind), row.id),
    )


def carried_over(actor: Actor, programme_id: int, quarter: Quarter) -> list[ProgrammeNote]:
    """Return the risks and issues of former quarters that are not closed."""
    rows = db.session.scalars(
        select(ProgrammeNote)
        .where(
            ProgrammeNote.programme_id == programme_id,
            ProgrammeNote.quarter_on < quarter.first,
            ProgrammeNote.kind.in_(RISKS),
            ProgrammeNote.closed_on.is_(None),
        )
        .options(joinedload(ProgrammeNote.hin), joinedload(ProgrammeNote.by))
        .order_by(ProgrammeNote.quarter_on, ProgrammeNote.id)
    )
    return [row for row in rows if can_read_note(actor, row)]


def last_quarter_with_words(programme_id: int) -> Quarter | None:
    """Return the last quarter of which anything is written, if any is."""
    day = db.session.scalar(
        select(ProgrammeNote.quarter_on)
        .where(ProgrammeNote.programme_id == programme_id)
        .order_by(ProgrammeNote.quarter_on.desc())
        .limit(1)
    )
    return Quarter.of(day) if day else None


def note_for(actor: Actor, programme_id: int, note_id: int) -> ProgrammeNote:
    """Return one note of this programme; raises NotFound for what the actor may not read."""
    found = db.session.get(ProgrammeNote, note_id)
    if found is None or found.programme_id != programme_id or not can_read_note(actor, found):
        raise NotFound("There is no such note in this programme.")
    return found


def steps_of(programme_id: int) -> Sequence[DeliveryStep]:
    """Return the steps of every network's delivery plan, by network and day."""
    return db.session.scalars(
        select(DeliveryStep)
        .where(DeliveryStep.programme_id == programme_id)
        .options(joinedload(DeliveryStep.hin))
        .order_by(DeliveryStep.hin_id, DeliveryStep.due_on, DeliveryStep.id)
    ).all()


def step_for(programme_id: int, step_id: int) -> DeliveryStep:
    """Return one step of this programme; raises NotFound for another's."""
    found = db.session.get(DeliveryStep, step_id)
    if found is None or found.programme_id != programme_id:
        raise NotFound("There is no such step in this programme.")
    return found


def reviews_of(programme_id: int, quarter: Quarter) -> Sequence[QuarterReview]:
    """Return what networks handed in for a quarter, by network."""
    return db.session.scalars(
        select(QuarterReview)
        .where(
            QuarterReview.programme_id == programme_id,
            QuarterReview.quarter_on == quarter.first,
        )
        .options(joinedload(QuarterReview.hin))
        .order_by(QuarterReview.hin_id)
    ).all()


def review_of(programme_id: int, hin_id: int, quarter: Quarter) -> QuarterReview | None:
    """Return how a network's quarter stands, None where it was not handed in."""
    return db.session.scalar(
        select(QuarterReview).where(
            QuarterReview.programme_id == programme_id,
            QuarterReview.hin_id == hin_id,
            QuarterReview.quarter_on == quarter.first,
        )
    )


def review_for(programme_id: int, review_id: int) -> QuarterReview:
    """Return one review of this programme; raises NotFound for another's."""
    found = db.session.get(QuarterReview, review_id)
    if found is None or found.programme_id != programme_id:
        raise NotFound("There is no such review in this programme.")
    return found

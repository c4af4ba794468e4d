"""Read who follows a record, what they could read of it today, and whom to remind."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.clock import today
from portal.db import db
from portal.errors import NotFound
from portal.innovations.models import EvidenceFile, Innovation
from portal.innovations.models.following import RecordFollowing, RecordReminder
from portal.innovations.policy import can_read_file, is_own
from portal.innovations.queries import merged_ids
from portal.innovations.queries.supporters import may_read_confidential
from portal.innovations.rules.following import mark
from portal.innovations.sections.answers import submitted_answers
from portal.innovations.sections.questions import PARTS
from portal.wording import day_words


def following_of(actor: Actor, innovation: Innovation) -> RecordFollowing | None:
    """Return how the actor follows a record, None where they do not."""
    return db.session.scalar(
        select(RecordFollowing).where(
            RecordFollowing.user_id == actor.user_id,
            RecordFollowing.innovation_id == innovation.id,
        )
    )


def reminders_of(actor: Actor, innovation: Innovation) -> Sequence[RecordReminder]:
    """Return the days of a record that the actor keeps and were not told of, the next first."""
    return db.session.scalars(
        select(RecordReminder)
        .where(
            RecordReminder.user_id == actor.user_id,
            RecordReminder.innovation_id == innovation.id,
            RecordReminder.told_at.is_(None),
        )
        .order_by(RecordReminder.on, RecordReminder.id)
    ).all()


def reminder_for(actor: Actor, innovation: Innovation, reminder_id: int) -> RecordReminder:
    """Return a reminder of the actor's own; raises NotFound for anybody else's."""
    found = db.session.get(RecordReminder, reminder_id)
    is_here = found is not None and found.innovation_id == innovation.id
    if found is None or not is_here or found.user_id != actor.user_id:
        raise NotFound("There is no such reminder of yours.")
    return found


def every_following() -> Sequence[int]:
    """Return the ids of all rows, in order."""
    return db.session.scalars(select(RecordFollowing.id).order_by(RecordFollowing.id)).all()


def due_reminders(on: date) -> Sequence[int]:
    """Return the ids of reminders whose day has come and that were not told."""
    return db.session.scalars(
        select(RecordReminder.id)
        .where(RecordReminder.told_at.is_(None), RecordReminder.on <= on)
        .order_by(RecordReminder.on, RecordReminder.id)
    ).all()


def seen_by(actor: Actor, innovation: Innovation) -> dict[str, Any]:
    """Return what the actor, who may see the record, can read of it today, as `rules.following`
    compares it."""
    return {
        "record": innovation.id,
        "name": innovation.name,
        "records": sorted(db.session.scalars(merged_ids(innovation.id))),
        "status": _status(innovation),
        "sections": _marks(innovation, confidential=may_read_confidential(actor, innovation)),
        "files": _files(actor, innovation),
    }


def _status(innovation: Innovation) -> dict[str, str]:
    until = innovation.is_proven_until if innovation.counts_as_proven(today()) else None
    return {
        "On the pipeline": innovation.status.label,
        "Stage of development": innovation.stage.label if innovation.stage else "not given",
        "Proven": f"until {day_words(until)}" if until else "no",
    }


def _marks(innovation: Innovation, *, confidential: bool) -> dict[str, str]:
    hidden = {
        part.section: {q.name for q in part.questions if q.is_confidential and not confidential}
        for part in PARTS.values()
    }
    return {
        section.value: mark(submitted_answers(innovation, part), hidden[section])
        for section, part in PARTS.items()
    }


def _files(actor: Actor, innovation: Innovation) -> dict[str, str]:
    found = db.session.scalars(
        select(EvidenceFile)
        .where(EvidenceFile.innovation_id == innovation.id, EvidenceFile.evidence_id.is_not(None))
        .order_by(EvidenceFile.id)
    )
    return {str(one.id): one.name for one in found if can_read_file(actor, innovation, one)}


def changed_by(user_id: int, innovation: Innovation) -> set[str]:
    """Return the sections that a person themselves submitted last; of these they are not told."""
    return {one.section.value for one in innovation.copies if one.submitted_by_id == user_id}


def may_follow(actor: Actor, innovation: Innovation) -> bool:
    """Whether there is something to follow: a draft is known to its own people alone."""
    return actor.is_signed_in and (innovation.submitted_at is not None or is_own(actor, innovation))

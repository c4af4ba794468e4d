"""Remind people of answers, each of one thing once."""

from portal.answers import outbox
from portal.answers.models import Answer, AnswerReminder, ReminderKind
from portal.clock import now
from portal.db import db


def remind(answer: Answer, kind: ReminderKind) -> None:
    """Remind whoever an answer waits for, and remember that it was done."""
    db.session.add(AnswerReminder(answer_id=answer.id, kind=kind, at=now()))
    db.session.flush()
    if kind is ReminderKind.DRAFT:
        outbox.tell_innovator("draft_waits", answer)
    elif kind is ReminderKind.HIN:
        outbox.tell_hin("hin_waits", answer)
    else:
        outbox.tell_stating("decision_waits", answer)

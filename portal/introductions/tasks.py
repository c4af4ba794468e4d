"""Every morning: remind of due dates that have passed, and ask what came of introductions."""

from collections.abc import Iterator

from portal.clock import today
from portal.db import db
from portal.introductions import queries
from portal.introductions.models import Introduction, ReminderKind, State
from portal.introductions.services.outcomes import ask_outcome, remind
from portal.jobs import Progress, task

REMINDED = (
    (State.REQUESTED, ReminderKind.BROKER),
    (State.TAKEN, ReminderKind.BROKER),
    (State.BROKERED, ReminderKind.REPLY),
)


@task("introductions.remind", schedule="15 6")
def remind_all(progress: Progress) -> None:
    """Remind and ask, each in its own transaction; run twice, it says nothing twice."""
    waiting = list(_overdue())
    for number, (introduction_id, kind) in enumerate(waiting, start=1):
        remind(db.session.get_one(Introduction, introduction_id), kind)
        progress(number, len(waiting), "Reminding of due dates")
        db.session.commit()
    for introduction_id in queries.outcomes_due(today()):
        ask_outcome(db.session.get_one(Introduction, introduction_id))
        db.session.commit()


def _overdue() -> Iterator[tuple[int, ReminderKind]]:
    for state, kind in REMINDED:
        for introduction_id in queries.overdue(state, today()):
            yield introduction_id, kind

"""Every morning: remind of drafts before a call closes, and of days that have come or passed."""

from portal.answers.models import Answer
from portal.answers.queries.listing import to_remind
from portal.answers.services.reminding import remind
from portal.challenges.models import Call
from portal.challenges.queries.calls import with_late_questions
from portal.challenges.services.calls import remind_of_questions
from portal.clock import today
from portal.db import db
from portal.jobs import Progress, task


@task("answers.remind", schedule="20 6")
def remind_all(progress: Progress) -> None:
    """Remind, each in its own transaction; run twice, it says nothing twice."""
    waiting = to_remind(today())
    for number, (answer_id, kind) in enumerate(waiting, start=1):
        remind(db.session.get_one(Answer, answer_id), kind)
        progress(number, len(waiting), "Reminding of answers")
        db.session.commit()
    for call_id in with_late_questions(today()):
        remind_of_questions(db.session.get_one(Call, call_id))
        db.session.commit()

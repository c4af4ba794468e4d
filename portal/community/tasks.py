"""Every morning: remind of ideas whose day has passed without an answer."""

from portal.clock import today
from portal.community.models import Idea
from portal.community.queries.listing import to_remind
from portal.community.services.answering import remind
from portal.db import db
from portal.jobs import Progress, task


@task("community.remind", schedule="25 6")
def remind_all(progress: Progress) -> None:
    """Remind, each in its own transaction; run twice, it says nothing twice."""
    waiting = to_remind(today())
    for number, idea_id in enumerate(waiting, start=1):
        remind(db.session.get_one(Idea, idea_id))
        progress(number, len(waiting), "Reminding of ideas")
        db.session.commit()

"""Every morning: remind of due dates, the owner first and then the HIN's lead."""

from portal.clock import today
from portal.db import db
from portal.jobs import Progress, task
from portal.support.models import Engagement, Proposal
from portal.support.queries.due_dates import proposals_to_remind, to_remind
from portal.support.services.due_dates import remind, remind_of_proposal


@task("support.remind", schedule="0 6")
def remind_all(progress: Progress) -> None:
    """Remind, each in its own transaction: run twice or killed midway, it says nothing twice."""
    waiting = to_remind(today())
    for number, (engagement_id, kind) in enumerate(waiting, start=1):
        remind(db.session.get_one(Engagement, engagement_id), kind)
        db.session.commit()
        progress(number, len(waiting), "Reminding of due dates")
    for proposal_id, kind in proposals_to_remind(today()):
        remind_of_proposal(db.session.get_one(Proposal, proposal_id), kind)
        db.session.commit()

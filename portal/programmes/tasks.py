"""Every morning: remind assessors whose scores are overdue, once each."""

from portal.clock import today
from portal.db import db
from portal.jobs import Progress, task
from portal.programmes.models import Assessor
from portal.programmes.queries.proposals import overdue
from portal.programmes.services.proposals import remind


@task("programmes.remind", schedule="25 6")
def remind_all(progress: Progress) -> None:
    """Remind each in a transaction of its own; run twice, it says nothing twice."""
    waiting = [one.id for one in overdue(today())]
    for number, assessor_id in enumerate(waiting, start=1):
        remind(assessor=db.session.get_one(Assessor, assessor_id))
        progress(number, len(waiting), "Reminding assessors")
        db.session.commit()

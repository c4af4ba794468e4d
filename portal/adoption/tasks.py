"""Every morning: remind networks of updates that are overdue, once each."""

from portal.adoption.models import Sheet
from portal.adoption.queries.sheets import overdue
from portal.adoption.services.sheets import remind
from portal.clock import today
from portal.db import db
from portal.jobs import Progress, task


@task("adoption.remind", schedule="20 6")
def remind_all(progress: Progress) -> None:
    """Remind of each in a transaction of its own; run twice, it says nothing twice."""
    waiting = [sheet.id for sheet in overdue(today())]
    for number, sheet_id in enumerate(waiting, start=1):
        remind(sheet=db.session.get_one(Sheet, sheet_id))
        progress(number, len(waiting), "Reminding of updates")
        db.session.commit()

"""The job that tells people what is announced from today on."""

from portal.clock import today
from portal.db import db
from portal.jobs import Progress, task
from portal.pages.services import TELL, tell_due


@task(TELL, schedule="20 6")
def tell_announcements(_progress: Progress) -> None:
    """Tell the audiences of what begins today; safe to run twice."""
    tell_due(today())
    db.session.commit()

"""Every night: places of an ICS that was followed by another belong to that one from its day."""

from portal.db import db
from portal.jobs import Progress, task
from portal.reference.queries.networks import successions
from portal.reference.services.networks import move_places


@task("reference.move_places", schedule="10 0")
def move_all(progress: Progress) -> None:
    """Move the places of every ICS that went whole and whose day has come; safe to run twice."""
    moved = 0
    for row in successions():
        while count := move_places(row=row):
            db.session.commit()
            moved += count
            progress(moved, message=f"{moved} places moved")
    db.session.commit()

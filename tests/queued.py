"""Do what pages left to the worker."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.jobs import Job, JobState, run


def do_jobs(session: Session, room: str) -> None:
    """Do what the pages of a room left to the worker; emails stay to be read."""
    waiting = select(Job.id).where(Job.kind.like(f"{room}.%"), Job.state == JobState.QUEUED)
    for job_id in session.scalars(waiting.order_by(Job.id)).all():
        run(job_id)

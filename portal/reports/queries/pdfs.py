"""The PDF of a version, and how far its making is."""

from sqlalchemy import select

from portal.db import db
from portal.job_rows import Job, job_with
from portal.reports.models import ReportPdf, ReportRelease


def pdf_of(release: ReportRelease) -> ReportPdf | None:
    """Return the PDF of a version, None while it is not made."""
    return db.session.scalar(select(ReportPdf).where(ReportPdf.release_id == release.id))


def job_key(release_id: int) -> str:
    """Return the key of the job that makes the PDF of a version."""
    return f"reports.pdf:{release_id}"


def job_of(release: ReportRelease) -> Job | None:
    """Return the newest job that makes, or made, the PDF of a version."""
    return job_with(job_key(release.id))

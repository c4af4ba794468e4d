"""Make the PDF of a version that was published: it takes seconds, and no page waits for it."""

from portal.db import db
from portal.jobs import Progress, task
from portal.reports.models import ReportRelease
from portal.reports.queries.pdfs import pdf_of
from portal.reports.serialise.pdf import pdf
from portal.reports.services.pdfs import TASK, keep_pdf


@task(TASK, prompt=True)
def make_pdf(progress: Progress, release_id: int) -> None:
    """Make and keep it, unless it is there already or its version was taken back."""
    release = db.session.get(ReportRelease, release_id)
    if release is None or pdf_of(release) is not None:
        return
    data = pdf(release, progress)
    found = db.session.get(ReportRelease, release_id, populate_existing=True)
    if found is not None:
        keep_pdf(release=found, data=data)
    db.session.commit()

"""Have the PDF of a version made, once, and keep it."""

from importlib.util import find_spec

from portal.db import db
from portal.files import put
from portal.jobs import enqueue
from portal.reports.models import ReportPdf, ReportRelease
from portal.reports.queries.pdfs import job_key, pdf_of
from portal.reports.rules.releases import PDFS

TASK = "reports.pdf"


def is_made_here() -> bool:
    """Whether this installation has what makes PDFs; its libraries of the system show at work."""
    return find_spec("weasyprint") is not None


def ask_for_pdf(*, release: ReportRelease) -> None:
    """Queue the making of a version's PDF, unless there is one or none can be made here."""
    if is_made_here() and pdf_of(release) is None:
        enqueue(TASK, key=job_key(release.id), release_id=release.id)
        db.session.flush()


def keep_pdf(*, release: ReportRelease, data: bytes) -> ReportPdf:
    """Keep the PDF of a version that has none yet."""
    made = ReportPdf(release_id=release.id, stored=put(data, room=PDFS), size=len(data))
    db.session.add(made)
    db.session.flush()
    return made

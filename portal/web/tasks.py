"""Every night: forget used keys of forms that nobody sends any more, texts kept too long, attempts
that count no more, and files that no row names."""

from sqlalchemy import delete

from portal.clock import now
from portal.db import db
from portal.files import sweep_unnamed, tables_of_files
from portal.jobs import Progress, task
from portal.web.limit_storage import forget_passed
from portal.web.models import KeptForm, SentForm
from portal.web.sending import SENT_KEPT


@task("web.forget_forms", schedule="10 3")
def forget_forms(_progress: Progress) -> None:
    """Delete what is older than it need be; run twice, it does nothing the second time."""
    db.session.execute(delete(SentForm).where(SentForm.at < now() - SENT_KEPT))
    db.session.execute(delete(KeptForm).where(KeptForm.kept_until < now()))
    db.session.commit()


@task("web.sweep_files", schedule="45 3")
def sweep_files(progress: Progress) -> None:
    """Delete files whose row was never written, of every table."""
    swept = sum(sweep_unnamed(table) for table in tables_of_files())
    db.session.commit()
    progress(swept, swept, "Deleting files that no row names")


@task("web.forget_attempts", schedule="20 3")
def forget_attempts(_progress: Progress) -> None:
    """Delete the counts of attempts whose time has passed; safe to run twice."""
    forget_passed()

"""Every night: delete the files of evidence that no row names any more."""

from datetime import timedelta

from portal.clock import now
from portal.db import db
from portal.files import sweep
from portal.innovations.queries.files import evidence_files
from portal.innovations.rules.evidence import ROOM
from portal.jobs import Progress, task

MAX_UNCOMMITTED_FILE_AGE = timedelta(days=1)
"""So long a file may wait for its row to be committed."""


@task("innovations.sweep", schedule="50 3")
def sweep_files(progress: Progress) -> None:
    """Delete files that were taken out of the evidence, or whose row was never written."""
    named = evidence_files()
    db.session.commit()
    before = (now() - MAX_UNCOMMITTED_FILE_AGE).timestamp()
    swept = sweep(room=ROOM, named=named, before=before)
    progress(swept, swept, "Deleting files that no evidence names")

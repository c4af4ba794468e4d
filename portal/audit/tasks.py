"""Every hour: seal what was written, and tell the log."""

import logging

from flask import current_app

from portal.audit import rules
from portal.audit.services.seals import seal_next
from portal.db import db
from portal.jobs import Progress, task

log = logging.getLogger("portal.audit")


@task("audit.seal", schedule="25 *")
def seal(progress: Progress) -> None:
    """Seal all events in batches of one transaction each; run twice, it finds nothing to seal."""
    done = 0
    while (made := seal_next(key=current_app.config["AUDIT_KEY"])) is not None:
        checkpoint = rules.canonical(rules.checkpoint(made)).decode()
        done += made.count
        db.session.commit()
        # A warning, because a log that drops lesser lines would drop the proof.
        log.warning("%s%s", rules.CHECKPOINT, checkpoint)
        progress(done, message=f"Sealed {done} events")
    db.session.commit()

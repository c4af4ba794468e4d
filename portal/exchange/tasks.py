"""Jobs of the Exchange: every night, and after a publication, which items are like which."""

from portal.db import db
from portal.exchange.services.publishing import RELATE
from portal.exchange.services.relating import relate
from portal.jobs import Progress, task


@task(RELATE, schedule="40 3")
def relate_all(_progress: Progress) -> None:
    """Compare all published items; safe to run twice."""
    relate()
    db.session.commit()

"""Jobs of the Exchange: which items are like which, and how many visitors the day before had."""

from portal.clock import today
from portal.db import db
from portal.exchange.services.publishing import RELATE
from portal.exchange.services.relating import relate
from portal.exchange.services.visits import close_days
from portal.jobs import Progress, task


@task(RELATE, schedule="40 3")
def relate_all(_progress: Progress) -> None:
    """Compare all published items; safe to run twice."""
    relate()
    db.session.commit()


@task("exchange.close_days", schedule="10 0")
def close_visits(_progress: Progress) -> None:
    """Keep the numbers of days that are over, and delete marks and salts; safe to run twice."""
    close_days(today())
    db.session.commit()

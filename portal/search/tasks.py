"""The jobs that keep the index true."""

import logging

from portal.db import db
from portal.jobs import Progress, task
from portal.search import services
from portal.search.indexing import opening
from portal.search.outbox import APPLY
from search_index.interface import IndexUnusable

log = logging.getLogger(__name__)


@task(APPLY, schedule="*/5 *")
def apply(progress: Progress) -> None:
    """Apply every change that waits; an index that cannot be used is made anew."""
    done = 0
    try:
        while count := services.apply_waiting():
            db.session.commit()
            done += count
            progress(done, message="Updating the search index")
    except IndexUnusable as problem:
        log.warning("the search index is made anew: %s", problem.reason)
        rebuild(progress)


@task("search.rebuild")
def rebuild(progress: Progress) -> None:
    """Make the index anew from the database."""
    services.rebuild(lambda count: progress(count, message="Building the search index"))
    db.session.commit()


@task("search.mend", schedule="5 0")
def mend(progress: Progress) -> None:
    """Compare all of the index with the database at night and put right what differs.

    It catches what no listener could: a proven status that lapsed at midnight no longer lifts a
    record, a use that ended is no longer shown, a row was changed by hand.
    """
    try:
        found = opening.with_index(services.mend)
    except IndexUnusable as problem:
        log.warning("the search index is made anew: %s", problem.reason)
        rebuild(progress)
        return
    if found:
        log.warning("the search index differed and was mended: %s", found)

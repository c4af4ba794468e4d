"""The jobs that keep the index true."""

import logging

from flask import current_app

from portal.accounts.models import Actor
from portal.accounts.policy import is_acting
from portal.clock import today
from portal.db import db
from portal.jobs import Progress, task
from portal.saved.queries import recipient
from portal.search import queries, serialise, services
from portal.search.indexing import asking, opening
from portal.search.models import SavedSearch
from portal.search.outbox import APPLY
from portal.search.queries import saved as saved_queries
from portal.search.services import counts
from portal.search.services import saved as saved_services
from search_index.interface import IndexUnusable

log = logging.getLogger(__name__)


@task(APPLY, schedule="*/5 *", prompt=True)
def apply(progress: Progress) -> None:
    """Apply every change that waits; an index that cannot be used is made anew."""
    done = 0
    try:
        while count := services.apply_waiting():
            db.session.commit()
            done += count
            progress(done, message="Updating the search index")
        if not done:
            opening.look_again()
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


@task("search.alerts", schedule="0 6")
def alerts(progress: Progress) -> None:
    """Look what is new in each saved search, and tell the owners whose alert is due.

    One search is one transaction: a worker killed in between has told each owner once or not at
    all, and the job run again goes on with those who were not told.
    """
    every = saved_queries.every_id()
    for number, saved_id in enumerate(every, start=1):
        _look(saved_id)
        db.session.commit()
        progress(number, len(every), "Looking what is new in saved searches")
    counts.forget_marks(today())
    db.session.commit()


def _look(saved_id: int) -> None:
    saved = saved_queries.with_owner(saved_id)
    actor = _owner(saved) if saved else None
    if saved is None or actor is None:
        return
    choices = queries.choices()
    wanted = serialise.wanted_of(serialise.filters_of(choices, saved.asked))
    found = asking.every_id(actor, wanted, choices)
    if found is None:
        log.warning("saved search %s waits for the next day: the index cannot be asked", saved_id)
        return
    saved_services.refresh(
        saved=saved, found_now=found, newsworthy=serialise.newsworthy(wanted, found)
    )
    saved_services.tell_news(saved=saved, found_now=found, actor=actor)


def _owner(saved: SavedSearch) -> Actor | None:
    """The owner as they are now: an ended membership no longer counts, a closed account is None."""
    held = saved.membership
    is_active = held is not None and is_acting(held)
    return recipient(
        saved.user, held if is_active else None, production=current_app.config["PRODUCTION"]
    )

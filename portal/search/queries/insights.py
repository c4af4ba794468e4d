"""Read the counts of searches: only sums over days, and words that several people asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, case, func, select

from portal.accounts.models import Actor
from portal.db import db
from portal.errors import Forbidden
from portal.search import policy
from portal.search.models import SearchClick, SearchCount

MAX_SHOWN_WORDS = 30
"""Words shown in each list."""
NOTHING = "0"

_empty = func.sum(case((SearchCount.found == NOTHING, SearchCount.times), else_=0))
_times = func.sum(SearchCount.times)


@dataclass(frozen=True, slots=True)
class Totals:
    """All searches since a day: how many, how many found nothing, how many named no words."""

    searches: int
    empty: int
    unnamed: int


def require_reader(actor: Actor) -> None:
    """Raise Forbidden unless the actor may read the counts of all searches."""
    if not policy.can_see_insights(actor):
        raise Forbidden("What people search for is counted for the national team.")


def totals(since: date) -> Totals:
    """Return the sums over all searches since that day."""
    unnamed = func.sum(case((SearchCount.words == "", SearchCount.times), else_=0))
    found = select(_times, _empty, unnamed).where(SearchCount.day >= since)
    return Totals(*(n or 0 for n in db.session.execute(found).one()))


def top(since: date) -> Sequence[Row[str, int, int]]:
    """Return the words asked most: (words, times, times with nothing found)."""
    found = select(SearchCount.words, _times, _empty).where(
        SearchCount.day >= since, SearchCount.words != ""
    )
    ordered = found.group_by(SearchCount.words).order_by(_times.desc(), SearchCount.words)
    return db.session.execute(ordered.limit(MAX_SHOWN_WORDS)).all()


def vain(since: date) -> Sequence[Row[str, int]]:
    """Return the words that most often found nothing: (words, times with nothing found)."""
    found = select(SearchCount.words, _times).where(
        SearchCount.day >= since, SearchCount.words != "", SearchCount.found == NOTHING
    )
    ordered = found.group_by(SearchCount.words).order_by(_times.desc(), SearchCount.words)
    return db.session.execute(ordered.limit(MAX_SHOWN_WORDS)).all()


def clicks(since: date) -> Sequence[Row[int, int]]:
    """Return how often the result at each rank was opened: (rank, times), by rank."""
    times = func.sum(SearchClick.times)
    found = select(SearchClick.rank, times).where(SearchClick.day >= since)
    return db.session.execute(found.group_by(SearchClick.rank).order_by(SearchClick.rank)).all()

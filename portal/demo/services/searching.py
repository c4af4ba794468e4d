"""Let people search: what they look for, keep, and do not find."""

from urllib.parse import urlencode

from sqlalchemy import select

from portal.accounts.models import ANONYMOUS, Actor
from portal.accounts.session import actor_of
from portal.clock import now, today
from portal.db import db
from portal.demo import queries
from portal.demo.queries import Record
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import number
from portal.demo.services.happening import happening
from portal.innovations.models import Innovation
from portal.notifications.outbox import without_emails
from portal.search.indexing import asking
from portal.search.models import Alert, SearchCount
from portal.search.queries import Choices, choices
from portal.search.rules import MAX_RANK_OF_NEWS, PROVEN, RANKS, SearchQuery
from portal.search.services import counts, gaps, saved

DAYS = 28
"""Searches are counted over so many days."""
SALT = "demonstration"
"""For marks that stand for nobody."""
OPENED = 180
"""So many results were opened; the first ones far more often than the last."""


def write() -> None:
    """Search, keep and miss things, once and in one transaction; the index must be there."""
    if db.session.scalar(select(SearchCount.times).limit(1)):
        return
    try:
        with without_emails():
            _write(Diary(today(), "searching"), choices())
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def _write(diary: Diary, known: Choices) -> None:
    for row in queries.records("searches"):
        _count(row, diary, known)
    for opened in range(OPENED):
        rank = min(number(f"opened:{opened}:{draw}", 1, RANKS) for draw in range(3))
        counts.count_click(rank=rank, today=diary.day(number(f"opened:{opened}", 1, DAYS)))
    for row in _by_age("saved_searches"):
        _save(row, known)
    for row in _by_age("gaps"):
        _miss(row)


def _by_age(name: str) -> list[Record]:
    return sorted(queries.records(name), key=lambda row: -row["days_ago"])


def _count(row: Record, diary: Diary, known: Choices) -> None:
    """So many different people ask for the same, on days of one month."""
    words = row["words"]
    total = asking.find(_person("ics"), SearchQuery(words), known).total
    for asker in range(row["askers"]):
        on = diary.day(number(f"{words}:{asker}", 1, DAYS))
        counts.count_search(text=words, total=total, asker=f"demo:{asker}", secret=SALT, today=on)


def _save(row: Record, known: Choices) -> None:
    by, diary = _person(row["who"]), Diary(today(), f"saved:{row['name']}")
    filters = {"proven": [PROVEN]} if row["proven"] else {}
    found = asking.every_id(by, SearchQuery(row["words"], filters), known) or []
    with happening(diary, row["days_ago"]):
        then = select(Innovation.id).where(Innovation.submitted_at <= now())
        there = set(db.session.scalars(then))
        kept = saved.save(
            name=row["name"],
            asked=urlencode({"q": row["words"], **filters}, doseq=True),
            alert=Alert(row["alert"]),
            found_now=[one for one in found if one in there],
            by=by,
        )
    with happening(diary, 1):  # as the job does before it tells the owner what is new
        saved.refresh(saved=kept, found_now=found, newsworthy=found[:MAX_RANK_OF_NEWS])


def _miss(row: Record) -> None:
    diary = Diary(today(), f"gap:{row['words']}")
    missed = gaps.UnansweredSearch(row["words"], "", urlencode({"q": row["words"]}))
    with happening(diary, row["days_ago"]):
        by = _person(row["who"]) if row["who"] else ANONYMOUS
        gap = gaps.report(missed=missed, note=row["note"], by=by)
    if "answered_by" in row:
        with happening(diary, row["answered_days_ago"]):
            by = _person(row["answered_by"])
            gaps.answer(gap=gap, text=row["answer"], version=None, by=by)
    if "turned_by" in row:
        with happening(diary, row["turned_days_ago"]):
            by = _person(row["turned_by"])
            challenge = gaps.turn_into_challenge(
                gap=gap, title=row["turned_into"], terms=[], version=None, by=by
            )
            challenge.is_demo = True


def _person(key: str) -> Actor:
    return actor_of(*queries.person(key))

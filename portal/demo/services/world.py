"""Load the whole world in one transaction: it is there complete, or not at all."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import update

from portal.clock import now, today
from portal.db import db
from portal.demo import queries
from portal.demo.queries import Record
from portal.demo.rules.diary import Diary
from portal.demo.rules.stories import MAX_DAYS_AGO, Story, invented, stories
from portal.demo.services import (
    announcing,
    areas,
    calls,
    choosing,
    directory,
    exchange,
    following,
    helping,
    ideas,
    improvement,
    interactions,
    mailing,
    measures,
    meetings,
    needs,
    networks,
    people,
    places,
    programmes,
    questions,
    records,
    reports,
    reports_rebuilt,
    returning,
    spread,
    surveys,
    terms,
    views,
)
from portal.demo.services.happening import happening
from portal.notifications.models import Notification
from portal.notifications.outbox import without_emails

Progress = Callable[[int, int], None]
"""Told how many of how many steps are done; the last one is indexing and matching."""
READ_AFTER = timedelta(days=21)
"""Messages older than that have been read by whom they were for."""


def load(progress: Progress = lambda done, total: None) -> bool:
    """Write the demo world and commit it; returns False, at once, when it is there already.

    Takes the reference data for granted. Nobody is emailed: what people are told goes to their
    inboxes, at the moments of the story.
    """
    if queries.is_loaded():
        return False
    told = _told()
    challenges = queries.records("challenges") + queries.records("challenge_drafts")
    steps = len(meetings.STORIES) + networks.STEPS + questions.STEPS + spread.STEPS + 1
    total = len(told) + len(challenges) + steps
    try:
        with without_emails():
            for done, _ in enumerate(_write(told), start=1):
                progress(done, total)
        _read_old_messages()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    return True


def _told() -> list[tuple[Record, Story]]:
    """Return every innovation with its story, those of the sources first."""
    found, made_up = queries.records("innovations"), queries.records("invented")
    known = stories(found)
    return [(r, known[r["key"]]) for r in found] + [(r, invented(r)) for r in made_up]


AFTERWARDS = (
    announcing,
    views,
    areas,
    programmes,
    improvement,
    surveys,
    choosing,
    measures,
    returning,
    calls,
    ideas,
    exchange,
    reports,
    reports_rebuilt,
    following,
    mailing,
    terms,
)
"""What writes its rows when records and their support are there, in this order."""


def _write(told: list[tuple[Record, Story]]) -> Iterator[None]:
    makers, day = [record for record, _ in told], today()
    with happening(Diary(day, "start"), MAX_DAYS_AGO + 30):
        there = places.build(day, makers)
        everybody = people.build(there, makers)
    directory.write(Diary(day, "directory"), everybody)
    for record, story in told:
        _play(records.register(record, story, there, everybody), there, everybody)
        yield
    yield from needs.write(there, everybody)
    yield from meetings.write(there, everybody)
    yield from networks.write(there, everybody)
    yield from questions.write(there, everybody)
    yield from spread.write(there, everybody)
    for room in AFTERWARDS:
        room.write(there, everybody)
    with happening(Diary(there.today, "second"), 2):
        people.ask_the_second(everybody, there.place("national"))


def _play(case: records.Case, there: places.Places, everybody: people.People) -> None:
    """Let everything happen in its order."""
    acts = [
        *records.acts(case, everybody),
        *helping.acts(case, there, everybody),
        *interactions.acts(case, there, everybody),
    ]
    for _, act in sorted(acts, key=lambda act: -act[0]):
        act()


def _read_old_messages() -> None:
    old = Notification.at < now() - READ_AFTER
    db.session.execute(update(Notification).where(old).values(read_at=Notification.at))

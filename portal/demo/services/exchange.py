"""Write the Exchange: facts that were published, and made-up items of every kind and state.

The words are in `data/exchange.jsonl`: days count from the day of the demonstration.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.accounts.models import ANONYMOUS, Actor
from portal.clock import begin_of, now, today
from portal.db import db
from portal.demo import queries
from portal.demo.queries import Record
from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.exchange.models import ContentItem, ContentKind, ContentResult, ContentState
from portal.exchange.queries.content import topics
from portal.exchange.rules.writing import ItemDetails, written_in
from portal.exchange.services import relating, writing
from portal.exchange.services.links import gather
from portal.exchange.services.publishing import move
from portal.innovations.models import Innovation
from portal.innovations.queries import visible_to
from portal.programmes.models import Programme
from portal.reference.models import Ics, Site
from portal.reference.queries import icss

CHANGED = "Two rooms are booked now (made up)."


@dataclass(frozen=True, slots=True)
class _Names:
    """What the rows call by name or code, by number."""

    today: date
    records: Mapping[str, int]
    systems: Mapping[str, int]
    terms: Mapping[str, int]
    programmes: Mapping[str, int]
    sites: Mapping[tuple[str, str], Sequence[int]]
    """The made-up places by the code of their ICS and their kind, by code."""


def write(places: Places, people: People) -> None:
    """Write every item in its order, and find which are like which."""
    names = _names(places.today)
    for row in queries.records("exchange"):
        diary = Diary(places.today, f"exchange:{row['title']}")
        by, second = people.by_key[row["by"]], people.by_key[row["second"]]
        with happening(diary, row["days_ago"] + 2):
            item = _start(row, by, names)
        _live(item, row, by, second, diary)
    relating.relate()
    with happening(Diary(places.today, "links"), 1):
        gather(now())  # nobody is called: a demonstration does not leave its machine


def _names(day: date) -> _Names:
    records = select(Innovation.name, Innovation.id).where(visible_to(ANONYMOUS))
    programmes = select(Programme.code, Programme.id).where(Programme.is_public)
    return _Names(
        today=day,
        records=dict(db.session.execute(records).all()),
        systems={one.code: one.id for one in icss()},
        terms={one.code: one.id for one in topics()},
        programmes=dict(db.session.execute(programmes).all()),
        sites=_sites(),
    )


def _sites() -> Mapping[tuple[str, str], Sequence[int]]:
    rows = db.session.execute(
        select(Ics.code, Site.kind, Site.id)
        .join(Site.geography_ics)
        .where(Site.is_demo)
        .order_by(Site.code)
    )
    found = defaultdict[tuple[str, str], list[int]](list)
    for code, kind, number in rows:
        found[code, kind.value].append(number)
    return found


def _start(row: Record, by: Actor, names: _Names) -> ContentItem:
    item = writing.start(
        kind=ContentKind(row["kind"]),
        written=_written(row, by, names),
        by=by,
        is_demo=row.get("made_up", True),
    )
    for told in row.get("results", []):
        result = ContentResult(**told)
        writing.add_result(item=item, version=item.version, result=result, by=by)
    if row.get("picture"):
        writing.add_picture(
            item=item,
            version=item.version,
            file=(BytesIO(queries.picture(row["picture"])), row["picture"]),
            alt=row["alt"],
            credit="Drawn for the demonstration",
            consent="Nobody is in it.",
            by=by,
        )
    return item


def _written(row: Record, by: Actor, names: _Names) -> ItemDetails:
    begins = _moment(row.get("starts"), row.get("zone", "Europe/London"), names)
    return ItemDetails(
        title=row["title"],
        summary=row["summary"],
        answers=row["answers"],
        link=row.get("link", ""),
        opens_on=_day(row.get("opens"), names),
        closes_on=_day(row.get("closes"), names),
        starts_at=begins,
        ends_at=begins + timedelta(minutes=row["minutes"]) if begins else None,
        time_zone=row.get("zone", "Europe/London"),
        hin_id=by.hin_id,
        ics_id=names.systems.get(row.get("ics", "")),
        innovation_id=names.records.get(row.get("innovation", "")),
        programme_id=names.programmes.get(row.get("programme", "")),
        source=row.get("source", ""),
        review_on=_day(row.get("review"), names),
        term_ids=[names.terms[code] for code in row.get("topics", [])],
        site_ids=[
            number
            for ics, kind, many in row.get("places", [])
            for number in names.sites[ics, kind][:many]
        ],
    )


def _day(days: int | None, names: _Names) -> date | None:
    """Return a day by how far it is from the day of the demonstration, which is not the story's."""
    return None if days is None else names.today + timedelta(days=days)


def _moment(told: list[Any] | None, zone: str, names: _Names) -> datetime | None:
    if not told:
        return None
    days, clock = told
    day = names.today + timedelta(days=days)
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)


def _live(item: ContentItem, row: Record, by: Actor, second: Actor, diary: Diary) -> None:
    """Bring an item as far as its row says."""
    upto = row.get("state", "published")
    if upto == "draft":
        return
    with happening(diary, row["days_ago"] + 1):
        _step(item, "send", by)
    if upto == "review":
        return
    with happening(diary, row["days_ago"]):
        if upto == "returned":
            _step(item, "return", second, "Say who paid for it, and for how long (made up).")
            return
        later = begin_of(today() + timedelta(days=row["days_ago"] + 5))
        _step(item, "publish", second, at=later if upto == "waiting" else None)
    with happening(diary, 1):
        if upto == "retired":
            _step(item, "retire", by, "A newer edition took its place (made up).")
        if upto == "changed":
            _change(item, by)


def _step(
    item: ContentItem, name: str, by: Actor, words: str = "", at: datetime | None = None
) -> None:
    move(item=item, version=item.version, name=name, by=by, words=words, at=at)


def _change(item: ContentItem, by: Actor) -> None:
    """Let a change wait for a second person."""
    assert item.state is ContentState.PUBLISHED  # noqa: S101  # so the rows say
    said = written_in(item)
    text = f"{said.answers['body']}\n\n{CHANGED}"
    changed = ItemDetails(**{**_fields(said), "answers": {**said.answers, "body": text}})
    writing.save(item=item, version=item.version, written=changed, by=by)


def _fields(written: ItemDetails) -> dict[str, Any]:
    return {name: getattr(written, name) for name in ItemDetails.__dataclass_fields__}

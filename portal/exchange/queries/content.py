"""Read content: the door, what each reader sees, the list with its counts, what is like an item."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Actor
from portal.clock import now, today
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.exchange.models import (
    ContentItem,
    ContentKind,
    ContentPicture,
    ContentResult,
    ContentState,
    ContentVersion,
    content_term,
)
from portal.exchange.policy import can_edit, can_see
from portal.exchange.queries.places import areas_of_items, items_at_places_of
from portal.figures.queries.kept import FigureCache
from portal.reference.models import Hin, Ics, Term, Vocabulary
from portal.reference.queries import icss

Items = Select[ContentItem]
"""A statement over items."""
TOPICS = Vocabulary.AREA
"""The vocabulary of topics: the innovation areas that records have too."""


def is_published(at: datetime | None = None) -> ColumnElement[bool]:
    """Return SQL for `rules.content.is_out`."""
    return and_(
        ContentItem.state == ContentState.PUBLISHED, ContentItem.published_at <= (at or now())
    )


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for `policy.can_see`."""
    return true() if actor.is_staff else is_published()


WHOLE = (
    joinedload(ContentItem.hin),
    joinedload(ContentItem.ics),
    joinedload(ContentItem.programme),
    selectinload(ContentItem.terms),
    selectinload(ContentItem.sites),
    selectinload(ContentItem.results),
    selectinload(ContentItem.pictures),
)


def item_for(actor: Actor, item_id: int) -> ContentItem:
    """Return an item with all that it says; raises NotFound for what the actor may not see."""
    found = db.session.get(ContentItem, item_id, options=WHOLE)
    if found is None or not can_see(actor, found, now()):
        raise NotFound("There is nothing here that you may read.")
    return found


def edited_for(actor: Actor, item_id: int) -> ContentItem:
    """Return an item that the actor may change; raises NotFound or Forbidden."""
    item = item_for(actor, item_id)
    if not can_edit(actor, item):
        raise Forbidden("A network changes its own items, the national team all.")
    return item


def picture_for(actor: Actor, picture_id: int) -> ContentPicture:
    """Return a picture of an item that the actor may read; raises NotFound."""
    found = db.session.get(ContentPicture, picture_id)
    if found is None or not can_see(actor, found.item, now()):
        raise NotFound("There is no such picture.")
    return found


def result_for(item: ContentItem, result_id: int) -> ContentResult:
    """Return a result of an item; raises NotFound."""
    found = db.session.get(ContentResult, result_id)
    if found is None or found.item_id != item.id:
        raise NotFound("There is no such result.")
    return found


def versions_of(item_id: int) -> Sequence[ContentVersion]:
    """Return what was saved of an item, the newest first."""
    return db.session.scalars(
        select(ContentVersion)
        .where(ContentVersion.item_id == item_id)
        .options(joinedload(ContentVersion.by))
        .order_by(ContentVersion.number.desc())
    ).all()


MAX_IN_AREA = 5
"""So many items stand on the page of an area; the list has the rest."""


def in_area(ics_ids: Collection[int], on: date) -> Sequence[ContentItem]:
    """Return the newest of what is published about an area, or about a place that lay there on a
    day."""
    found = select(ContentItem).where(
        is_published(),
        or_(ContentItem.ics_id.in_(ics_ids), ContentItem.id.in_(items_at_places_of(ics_ids, on))),
    )
    newest_first = found.order_by(ContentItem.published_at.desc(), ContentItem.id.desc())
    return db.session.scalars(newest_first.limit(MAX_IN_AREA)).all()


Numbers = frozenset[int | None]


def written_about() -> tuple[Numbers, Numbers]:
    """Return the ids of the records and of the challenges that any item is about, published or not:
    of most there is none. Kept until an item changes."""
    found: tuple[Numbers, Numbers]
    found = FigureCache().settled(("written about",), _written_about)
    return found


def _written_about() -> tuple[Numbers, Numbers]:
    about = ContentItem.innovation_id, ContentItem.challenge_id
    found = select(*about).where(or_(*(one.is_not(None) for one in about)))
    rows = db.session.execute(found).all()
    return (
        frozenset(one for one, _ in rows if one is not None),
        frozenset(one for _, one in rows if one is not None),
    )


def published_about(subject: ColumnElement[bool]) -> Sequence[ContentItem]:
    """Return the newest of what is published about something; `subject` says what."""
    found = select(ContentItem).where(is_published(), subject)
    newest_first = found.order_by(ContentItem.published_at.desc(), ContentItem.id.desc())
    return db.session.scalars(newest_first.limit(MAX_IN_AREA)).all()


# The list ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ContentQuery:
    """Which items are asked for; an empty filter leaves everything in."""

    stems: Sequence[str] = ()
    """Of the words searched for: each must be there."""
    kinds: Sequence[str] = ()
    topics: Sequence[str] = ()
    """Codes of terms."""
    hins: Sequence[str] = ()
    icss: Sequence[str] = ()
    is_open: bool = False
    """Only what can still be applied for or gone to."""


def holds_stem(column: Any, stem: str) -> ColumnElement[bool]:
    """Return SQL for "a column of stems holds this one"."""
    found: ColumnElement[bool] = column.contains(f" {stem} ", autoescape=True)
    return found


def _tests(wanted: ContentQuery) -> dict[str, ColumnElement[bool]]:
    """Return SQL for each filter that is set, by its name."""
    found: dict[str, ColumnElement[bool]] = {}
    if wanted.stems:
        # A statement that counts by several filters looks through the words of all items once.
        named = select(ContentItem.id).where(
            is_published(), *(holds_stem(ContentItem.stems, stem) for stem in wanted.stems)
        )
        found["words"] = ContentItem.id.in_(select(named.cte("worded").c.id))
    if wanted.kinds:
        found["kind"] = ContentItem.kind.in_([ContentKind(one) for one in wanted.kinds])
    if wanted.topics:
        found["topic"] = ContentItem.id.in_(
            select(content_term.c.item_id)
            .join(Term, Term.id == content_term.c.term_id)
            .where(Term.vocabulary == TOPICS, Term.code.in_(wanted.topics))
        )
    if wanted.hins:
        found["hin"] = ContentItem.hin_id.in_(select(Hin.id).where(Hin.code.in_(wanted.hins)))
    if wanted.icss:
        pairs = areas_of_items()
        found["ics"] = ContentItem.id.in_(
            select(pairs.c.item_id)
            .join(Ics, Ics.id == pairs.c.ics_id)
            .where(Ics.code.in_(wanted.icss))
        )
    if wanted.is_open:
        found["open"] = is_still_open()
    return found


def is_still_open() -> ColumnElement[bool]:
    """Return SQL for "has a last day or a time that has not passed"."""
    ends = func.coalesce(ContentItem.ends_at, ContentItem.starts_at)
    return or_(ContentItem.closes_on >= today(), ends >= now())


def listed(wanted: ContentQuery) -> Select[ContentItem]:
    """Return what is published and asked for; unordered."""
    tests = _tests(wanted).values()
    return (
        select(ContentItem)
        .where(is_published(), *tests)
        .options(
            joinedload(ContentItem.hin),
            joinedload(ContentItem.ics),
            selectinload(ContentItem.terms),
        )
    )


def ordered(statement: Select[ContentItem], wanted: ContentQuery) -> Select[ContentItem]:
    """Put items in the order of the list: those with the words in their title first; what is asked
    to be open by its day; else the newest."""
    if wanted.stems:
        named = and_(*(holds_stem(ContentItem.title_stems, stem) for stem in wanted.stems))
        statement = statement.order_by(case((named, 0), else_=1))
    if wanted.is_open:
        day = func.coalesce(ContentItem.closes_on, func.date(ContentItem.starts_at))
        statement = statement.order_by(day)
    return statement.order_by(ContentItem.published_at.desc(), ContentItem.id.desc())


def counts(wanted: ContentQuery) -> dict[str, dict[str, int]]:
    """Return how many items each value of each filter would show, and in all under "". One
    statement. A filter's own choice does not narrow its own counts."""
    tests = _tests(wanted)

    def rest(name: str) -> list[ColumnElement[bool]]:
        return [is_published(), *(test for key, test in tests.items() if key != name)]

    legs: list[Select[*tuple[Any, ...]]] = [
        _leg("", literal(""), rest(""), select(ContentItem.id)),
        _leg("kind", ContentItem.kind, rest("kind"), select(ContentItem.id)),
        _leg(
            "topic",
            Term.code,
            rest("topic"),
            select(ContentItem.id)
            .join(content_term, content_term.c.item_id == ContentItem.id)
            .join(Term, Term.id == content_term.c.term_id),
        ),
        _leg("hin", Hin.code, rest("hin"), select(ContentItem.id).join(ContentItem.hin)),
        _leg(
            "ics",
            Ics.code,
            rest("ics"),
            select(ContentItem.id)
            .join(pairs := areas_of_items(), pairs.c.item_id == ContentItem.id)
            .join(Ics, Ics.id == pairs.c.ics_id),
        ),
    ]
    found: dict[str, dict[str, int]] = {}
    for name, value, number in db.session.execute(union_all(*legs)):
        found.setdefault(name, {})[str(value)] = number
    return found


def _leg(
    name: str, value: Any, tests: Iterable[ColumnElement[bool]], rows: Select[*tuple[Any, ...]]
) -> Select[*tuple[Any, ...]]:
    code = cast(value, String)
    return rows.with_only_columns(literal(name), code, func.count()).where(*tests).group_by(code)


def options() -> dict[str, list[tuple[str, str]]]:
    """Return what filters may take, with its name. One statement."""
    legs = [
        select(literal("topic"), Term.code, Term.label, Term.position).where(
            Term.vocabulary == TOPICS
        ),
        select(literal("hin"), Hin.code, Hin.name, literal(0)),
        select(literal("ics"), Ics.code, Ics.name, literal(0)),
    ]
    found: dict[str, list[tuple[str, str]]] = {"topic": [], "hin": [], "ics": []}
    rows = union_all(*legs).subquery()
    named = db.session.execute(select(rows).order_by(rows.c.position, rows.c.label))
    for name, code, label, _ in named:
        found[name].append((code, label))
    return found


# Editing -------------------------------------------------------------------------------------


def in_work() -> Items:
    """Return what staff work on: everything, published and retired too."""
    return select(ContentItem).options(
        joinedload(ContentItem.hin),
        joinedload(ContentItem.owner),
        joinedload(ContentItem.changed_by),
    )


def topics(*, held: Iterable[int] = ()) -> Sequence[Term]:
    """Return the topics that can be chosen today, and those that an item holds already (ids)."""
    current = or_(Term.retired_on.is_(None), Term.retired_on > today(), Term.id.in_(list(held)))
    return db.session.scalars(
        select(Term).where(Term.vocabulary == TOPICS, current).order_by(Term.position, Term.id)
    ).all()


def systems(*, held: int | None = None) -> Sequence[Ics]:
    """Return the systems of today, and the one that an item is about already (its id)."""
    today_there = icss()
    own = db.session.get(Ics, held) if held else None
    return today_there if own is None or own in today_there else [*today_there, own]


def terms_by_id(ids: Iterable[int]) -> Sequence[Term]:
    """Return the topics with these ids."""
    found = select(Term).where(Term.id.in_(list(ids)), Term.vocabulary == TOPICS)
    return db.session.scalars(found.order_by(Term.position, Term.id)).all()


def picture_of(item: ContentItem, picture_id: int) -> ContentPicture:
    """Return a picture of an item; raises NotFound."""
    found = db.session.get(ContentPicture, picture_id)
    if found is None or found.item_id != item.id:
        raise NotFound("There is no such picture.")
    return found

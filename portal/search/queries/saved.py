"""Read saved searches, and what is new in them for their owner."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor, Membership
from portal.db import by_name, db
from portal.errors import NotFound
from portal.innovations.models import Innovation
from portal.saved.policy import is_own
from portal.search.models import SavedSearch, SavedSearchResult
from portal.search.queries.finding import cards, findable_by


def saved_for(actor: Actor, saved_id: int) -> SavedSearch:
    """Return a saved search of the actor's own; raises NotFound for anybody else's."""
    saved = db.session.get(SavedSearch, saved_id)
    if saved is None or not is_own(actor, saved):
        raise NotFound("There is no such saved search of yours.")
    return saved


def own(actor: Actor) -> Sequence[Row[SavedSearch, int]]:
    """Return the actor's saved searches by name, each with how many records are new in it since
    they last looked: records that they may see now."""
    news = (
        select(func.count())
        .select_from(SavedSearchResult)
        .join(Innovation, Innovation.id == SavedSearchResult.innovation_id)
        .where(
            SavedSearchResult.saved_search_id == SavedSearch.id,
            SavedSearchResult.news_at > SavedSearch.looked_at,
            findable_by(actor),
        )
        .correlate(SavedSearch)
        .scalar_subquery()
    )
    found = select(SavedSearch, news).where(SavedSearch.user_id == actor.user_id)
    return db.session.execute(found.order_by(by_name(SavedSearch.name), SavedSearch.id)).all()


def every_id() -> Sequence[int]:
    """Return the ids of all saved searches, for the job that looks what is new."""
    return db.session.scalars(select(SavedSearch.id).order_by(SavedSearch.id)).all()


def with_owner(saved_id: int) -> SavedSearch | None:
    """Return a saved search with its person and the membership they saved it in."""
    found = select(SavedSearch).where(SavedSearch.id == saved_id)
    whole = found.options(
        joinedload(SavedSearch.user),
        joinedload(SavedSearch.membership).joinedload(Membership.organisation),
    )
    return db.session.scalar(whole)


def known_ids(saved_id: int) -> set[int]:
    """Return the ids of all records that the saved search ever found."""
    found = select(SavedSearchResult.innovation_id).where(
        SavedSearchResult.saved_search_id == saved_id
    )
    return set(db.session.scalars(found))


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a saved search: its name, since when, and the records by id with names."""

    name: str = ""
    since: datetime | None = None
    records: Sequence[tuple[int, str]] = ()

    @property
    def ids(self) -> frozenset[int]:
        """The ids of the new records."""
        return frozenset(one for one, _ in self.records)


def news(actor: Actor, saved_id: int, since: datetime) -> News:
    """Return what came into a saved search of the actor's own since then and they may see; none
    for anybody else's."""
    found = (
        select(SavedSearch.name, Innovation.id, Innovation.name)
        .join(SavedSearchResult, SavedSearchResult.saved_search_id == SavedSearch.id)
        .join(Innovation, Innovation.id == SavedSearchResult.innovation_id)
        .where(
            SavedSearch.id == saved_id,
            SavedSearch.user_id == actor.user_id,
            SavedSearchResult.news_at > since,
            findable_by(actor),
        )
        .order_by(SavedSearchResult.news_at.desc(), Innovation.id.desc())
    )
    rows = db.session.execute(found).all()
    if not rows:
        return News()
    return News(rows[0][0], since, [(one, name) for _, one, name in rows])


def untold(saved: SavedSearch, actor: Actor, found_now: Collection[int]) -> list[Innovation]:
    """Return, newest first, the records of which the owner has neither been told nor seen the
    list since, that the search still finds and the actor may see at this moment."""
    since = max(saved.told_at, saved.looked_at)
    fresh = select(SavedSearchResult.innovation_id).where(
        SavedSearchResult.saved_search_id == saved.id, SavedSearchResult.news_at > since
    )
    ids = set(db.session.scalars(fresh)) & set(found_now)
    return sorted(cards(actor, ids).values(), key=lambda row: -row.id)

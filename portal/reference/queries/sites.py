"""Find places by what somebody typed, and read them as they were on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.clock import today
from portal.db import db
from portal.errors import NotFound
from portal.reference.models import (
    Ics,
    Site,
    SiteFile,
    SiteKind,
    SiteMembership,
    SiteState,
    SiteSuccession,
    SiteWord,
)
from portal.reference.models.sites import site_state_on
from portal.reference.rules import folded_label
from portal.reference.rules.places import typed_words

MAX_FOUND = 20
SCANNED = 2000
"""So many places with the rarest of the typed words are looked through: a few milliseconds."""
KEPT = 80
"""So many of those that have every word are put in order."""
LAST = "\U0010ffff"
"""Stands after every letter."""


@dataclass(frozen=True, slots=True)
class SitesResult:
    """Places that fit what was typed, the likeliest first, and whether more do."""

    sites: Sequence[Site]
    has_more: bool = False


def find_sites(
    typed: str, *, limit: int = MAX_FOUND, kinds: Iterable[SiteKind] = ()
) -> SitesResult:
    """Return places of which every typed word begins a word of name, town, postcode or code.

    Open places come first, then those whose name or code begins as typed. Three statements at most
    and a few milliseconds, however many places there are.
    """
    words = typed_words(typed)
    if not words:
        return SitesResult(())
    ids = _ids_with(words, list(kinds))
    sites = db.session.scalars(
        select(Site).where(Site.id.in_(ids)).options(joinedload(Site.parent))
    ).all()
    day, begun = today(), folded_label(typed)
    best = sorted(sites, key=lambda site: _order(site, begun, day))
    return SitesResult(best[:limit], len(best) > limit)


def _order(site: Site, begun: str, day: date) -> tuple[object, ...]:
    name = folded_label(site.name)
    is_closed = site.state_on(day) is SiteState.CLOSED
    is_it = site.code.casefold() == begun.replace(" ", "")
    return not is_it, is_closed, name != begun, not name.startswith(begun), name, site.id


def _ids_with(words: Sequence[str], kinds: Sequence[SiteKind]) -> Sequence[int]:
    """Return places that have a word beginning with each of these, from the rarest word on."""
    rarest, *others = _by_rarity(words)
    scanned = select(SiteWord.site_id).where(_begins(SiteWord, rarest)).limit(SCANNED).subquery()
    found = select(scanned.c.site_id).distinct()
    for word in others:
        also = aliased(SiteWord)
        found = found.where(exists().where(also.site_id == scanned.c.site_id, _begins(also, word)))
    if kinds:
        found = found.join(Site, Site.id == scanned.c.site_id).where(Site.kind.in_(kinds))
    return db.session.scalars(found.limit(KEPT)).all()


def _by_rarity(words: Sequence[str]) -> Sequence[str]:
    """Return the words, that first which the fewest places have; counted no further than needed."""
    if len(words) == 1:
        return words
    counts = [
        select(func.count())
        .select_from(select(SiteWord.site_id).where(_begins(SiteWord, w)).limit(SCANNED).subquery())
        .scalar_subquery()
        for w in words
    ]
    found = db.session.execute(select(*counts)).one()
    return [word for _, word in sorted(zip(found, words, strict=True), key=lambda pair: pair[0])]


def _begins(word: type[SiteWord], start: str) -> ColumnElement[bool]:
    return (word.word >= start) & (word.word < start + LAST)


def site_named(typed: str) -> Site | None:
    """Return the only place of this code, or the only open one of this whole name or label."""
    code = db.session.scalar(select(Site).where(Site.code == typed.strip().upper()))
    if code is not None:
        return code
    wanted, day = folded_label(typed), today()
    fitting = [
        site
        for site in find_sites(typed, limit=KEPT).sites
        if wanted in (folded_label(site.name), folded_label(site_label(site)))
        and site.state_on(day) is not SiteState.CLOSED
    ]
    return fitting[0] if len(fitting) == 1 else None


def site_label(site: Site) -> str:
    """Return a place in one line, told apart from others of its name: "Name, Town, ZZ1 1AA"."""
    return ", ".join(filter(None, (site.name, site.where)))


def site_by_code(code: str) -> Site:
    """Return the place with this code; raises NotFound."""
    found = db.session.scalar(select(Site).where(Site.code == code.upper()))
    if found is None:
        raise NotFound("There is no such place.")
    return found


def sites(
    words: str = "",
    *,
    kinds: Sequence[str] = (),
    states: Sequence[str] = (),
    ics_ids: Sequence[int] = (),
    report: str = "",
) -> Select[Site]:
    """Return places, narrowed; with words, those that have each of them."""
    found = select(Site).options(
        joinedload(Site.parent),
        joinedload(Site.geography_ics),
        joinedload(Site.commissioner_ics),
    )
    for word in typed_words(words):
        also = aliased(SiteWord)
        found = found.where(Site.id.in_(select(also.site_id).where(_begins(also, word))))
    if kinds:
        found = found.where(Site.kind.in_([SiteKind(kind) for kind in kinds]))
    if states:
        found = found.where(site_state_on(today()).in_(states))
    if ics_ids:
        found = found.where(Site.ics_id.in_(ics_ids))
    return found.where(Site.report == report) if report else found


def site_files() -> Sequence[SiteFile]:
    """Return the newest file of each report that was read, by report."""
    newest = select(func.max(SiteFile.id)).group_by(SiteFile.report)
    return db.session.scalars(
        select(SiteFile).where(SiteFile.id.in_(newest)).order_by(SiteFile.report)
    ).all()


def site_name_on(site: Site, on: date) -> str:
    """Return what a place was called on a day."""
    return next((row.name for row in site.names if row.until_on >= on), site.name)


def membership_on(on: date) -> ColumnElement[bool]:
    """Return SQL over `SiteMembership` for "it held on the day"."""
    return or_(SiteMembership.valid_from.is_(None), SiteMembership.valid_from <= on) & or_(
        SiteMembership.valid_to.is_(None), SiteMembership.valid_to >= on
    )


def site_membership_on(site: Site, on: date) -> SiteMembership | None:
    """Return to whom a place belonged on a day; None where nobody knows."""
    return db.session.scalar(
        select(SiteMembership)
        .where(SiteMembership.site_id == site.id, membership_on(on))
        .order_by(SiteMembership.id.desc())
        .limit(1)
    )


def site_successors(site: Site, on: date | None = None) -> list[Site]:
    """Return who took over from a place, however many steps later: those that are open on a day
    (today unless told), or the last of whom anything is known; itself while it is open."""
    day = on or today()
    found: dict[int, Site] = {}
    ways, seen = [site], {site.id}
    while ways:
        place = ways.pop()
        followed = [] if place.state_on(day) is not SiteState.CLOSED else _followed(place, seen)
        if not followed:
            found[place.id] = place
        seen |= {one.id for one in followed}
        ways += followed
    return sorted(found.values(), key=lambda one: (one.name, one.id))


def _followed(site: Site, besides: set[int]) -> list[Site]:
    rows = db.session.scalars(
        select(SiteSuccession)
        .where(SiteSuccession.predecessor_id == site.id)
        .options(joinedload(SiteSuccession.successor))
        .order_by(SiteSuccession.id)
    )
    return [row.successor for row in rows if row.successor_id not in besides]


@dataclass(frozen=True, slots=True)
class PastRow:
    """Something that held of a place until a day."""

    until_on: date
    what: str
    was: str


def past_of(site: Site) -> list[PastRow]:
    """Return what held of a place until when, the newest first: names, who ran it, its ICSs."""
    parent, geography, commissioner = aliased(Site), aliased(Ics), aliased(Ics)
    ended = db.session.execute(
        select(SiteMembership.valid_to, parent.name, geography.name, commissioner.name)
        .outerjoin(parent, parent.id == SiteMembership.parent_id)
        .outerjoin(geography, geography.id == SiteMembership.geography_ics_id)
        .outerjoin(commissioner, commissioner.id == SiteMembership.commissioner_ics_id)
        .where(SiteMembership.site_id == site.id, SiteMembership.valid_to.is_not(None))
    )
    rows = [PastRow(row.until_on, "Name", row.name) for row in site.names]
    whats = ("Run by", "ICS by postcode", "ICS by commissioner")
    for until_on, *held in ended:
        said = zip(whats, held, strict=True)
        rows += [PastRow(until_on, what, was) for what, was in said if was and until_on]
    return sorted(rows, key=lambda row: row.until_on, reverse=True)


def site(site_id: int) -> Site:
    """Return one place; raises NotFound."""
    found = db.session.get(Site, site_id)
    if found is None:
        raise NotFound("There is no such place.")
    return found

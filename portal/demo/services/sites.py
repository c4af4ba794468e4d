"""Made-up places over real geography: trusts, practices, homes and others in each ICS of today."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import insert

from portal.db import db
from portal.demo.rules import words
from portal.demo.rules.draw import number, pick
from portal.reference.models import (
    Ics,
    Site,
    SiteKind,
    SiteMembership,
    SiteName,
    SiteSuccession,
)
from portal.reference.services.site_words import put_words

KINDS: tuple[tuple[SiteKind, int], ...] = (
    (SiteKind.TRUST, 1),
    (SiteKind.TRUST_SITE, 2),
    (SiteKind.COMMUNITY, 1),
    (SiteKind.MENTAL_HEALTH, 1),
    (SiteKind.PCN, 1),
    (SiteKind.PRACTICE, 3),
    (SiteKind.PHARMACY, 1),
    (SiteKind.CARE_HOME, 2),
)
"""How many of each there are in an ICS; who runs a place comes before it."""
OF_ONE_NAME = frozenset({SiteKind.TRUST, SiteKind.PCN})
RENAMED_ON = date(2023, 9, 30)
CLOSED_ON = date(2025, 4, 1)
RUN_BY = {
    SiteKind.TRUST_SITE: SiteKind.TRUST,
    SiteKind.COMMUNITY: SiteKind.TRUST,
    SiteKind.MENTAL_HEALTH: SiteKind.TRUST,
    SiteKind.PRACTICE: SiteKind.PCN,
}


def build(icss: dict[int, Ics]) -> dict[int, list[str]]:
    """Make the places of every ICS; returns the codes of the open ones by the ICS's number.

    Their codes begin with DEMO, which the directory gives to nobody.
    """
    found: dict[int, list[str]] = {}
    made: list[Site] = []
    taken: set[str] = set()
    for ics in sorted(icss.values(), key=lambda one: one.code):
        mine = list(_places(ics, len(made), taken))
        made += mine
        found[ics.id] = [site.code for site in mine]
    _remember(made)
    _tell_the_past(made)
    put_words(made, is_new=True)
    closed = {site.code for site in made if site.closed_on is not None}
    return {ics: [code for code in codes if code not in closed] for ics, codes in found.items()}


def _places(ics: Ics, before: int, taken: set[str]) -> Iterator[Site]:
    runs: dict[SiteKind, Site] = {}
    count = before
    for kind, many in KINDS:
        for which in range(many):
            count += 1
            site = _place(ics, kind, f"{ics.code}:{kind.value}:{which}", count, taken)
            parent = runs.get(RUN_BY[kind]) if kind in RUN_BY else None
            if parent is not None:
                site.parent_id, site.parent_code = parent.id, parent.code
            db.session.add(site)
            db.session.flush()
            runs.setdefault(kind, site)
            yield site


def _place(ics: Ics, kind: SiteKind, key: str, count: int, taken: set[str]) -> Site:
    town = pick(f"{key}:town", words.TOWNS)
    out, end = number(f"{key}:out", 1, 99), number(f"{key}:in", 1, 9)
    return Site(
        code=f"DEMO{count:04}",
        kind=kind,
        name=_name(town, kind, key, taken),
        address=f"{number(f'{key}:street', 1, 200)} {pick(f'{key}:road', words.STREETS)}",
        town=town,
        postcode=f"ZZ{out} {end}AA",
        geography_code=ics.code,
        geography_ics_id=ics.id,
        commissioner_ics_id=ics.id,
        is_demo=True,
    )


def _name(town: str, kind: SiteKind, key: str, taken: set[str]) -> str:
    """Return what a place is called. A trust and a network of practices have names of their own,
    which are added to `taken`; homes, hospitals and others of one name stand in several towns."""
    what = pick(f"{key}:kind", words.PLACES[kind])
    first = number(f"{key}:name", 0, len(words.PLACE_NAMES) - 1)
    if kind not in OF_ONE_NAME:
        return f"{words.PLACE_NAMES[first]} {what}"
    names = (*words.PLACE_NAMES[first:], *words.PLACE_NAMES[:first])
    free = next(full for one in names if (full := f"{town} {one} {what}") not in taken)
    taken.add(free)
    return free


def _tell_the_past(made: list[Site]) -> None:
    """Let every seventh trust have had another name, and some practices have closed and been
    followed by another of the same network."""
    trusts = [site for site in made if site.kind is SiteKind.TRUST]
    for site in trusts[::7]:
        former = f"{site.town} Hospitals NHS Trust (former)"
        db.session.add(SiteName(site_id=site.id, name=former, until_on=RENAMED_ON))
    practices = [site for site in made if site.kind is SiteKind.PRACTICE]
    for site, successor in zip(practices[2::21], practices[1::21], strict=False):
        site.closed_on = CLOSED_ON
        row = SiteSuccession(predecessor_id=site.id, successor_id=successor.id, on=CLOSED_ON)
        db.session.add(row)
    db.session.flush()


def _remember(made: list[Site]) -> None:
    names = ("parent_id", "geography_ics_id", "commissioner_ics_id")
    rows = [{"site_id": s.id, **{name: getattr(s, name) for name in names}} for s in made]
    db.session.execute(insert(SiteMembership), rows)

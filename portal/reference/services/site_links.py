"""To whom places belong, between which days; and who followed whom."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from portal.db import db
from portal.reference.models import Site, SiteMembership, SiteSuccession
from portal.reference.rules.ods import MEMBERS, OdsReport, RowWrong, code_in, period
from portal.reference.services.ods_file import LoadResult

BELONGS = ("parent_id", "geography_ics_id", "commissioner_ics_id")


def keep_memberships(begins: Mapping[Site, date | None]) -> None:
    """Let the memberships of places be what their columns say: each from a day on or, with None,
    for as long as anybody knows. What held before ends the day before."""
    ids = [site.id for site in begins]
    present = {
        row.site_id: row
        for row in db.session.scalars(
            select(SiteMembership).where(
                SiteMembership.site_id.in_(ids), SiteMembership.valid_to.is_(None)
            )
        )
    }
    follows = {}
    for site, day in begins.items():
        row = present.get(site.id)
        if row is None or (day is not None and (row.valid_from or date.min) < day):
            follows[site] = day
            if row is not None and day is not None:
                row.valid_to = day - timedelta(days=1)
        else:
            _say(row, site)
    db.session.flush()  # one membership of a place is the present one: the old ends first
    for site, day in follows.items():
        row = SiteMembership(site_id=site.id, valid_from=day)
        _say(row, site)
        db.session.add(row)
    db.session.flush()


def _say(row: SiteMembership, site: Site) -> None:
    for name in BELONGS:
        setattr(row, name, getattr(site, name))


def sites_by_code(codes: Iterable[str]) -> dict[str, Site]:
    """Return the places with these codes, by code."""
    found = db.session.scalars(select(Site).where(Site.code.in_(set(codes))))
    return {site.code: site for site in found}


def take_links(report: OdsReport, rows: Sequence[list[str]], told: LoadResult, on: date) -> None:
    """Write what some rows tell: of practices in networks, or of who followed whom."""
    first, second = (1, 5) if report.layout is MEMBERS else (1, 2)
    links = []
    for row in rows:
        try:
            codes = code_in(row, first, needed=True), code_in(row, second, needed=True)
            links.append((*codes, *period(row, report)))
        except RowWrong as problem:
            told.add("wrong", f"{row[0][:12]}: {problem}")
    known = sites_by_code(code for link in links for code in link[:2])
    found = []
    for one, other, begun, ended in links:
        if one in known and other in known:
            found.append((known[one], known[other], begun, ended))
        else:
            told.add("unknown_place", f"{one}: {other}")
    take = _take_members if report.layout is MEMBERS else _take_successions
    take(found, told, on)


Link = tuple[Site, Site, date | None, date | None]


def _take_members(links: Sequence[Link], told: LoadResult, on: date) -> None:
    """Let practices belong to their network from the day on which they joined it.

    One that left, and of which no row says that it is in another, belongs to none.
    """
    begins: dict[Site, date | None] = {}
    for practice, network, begun, ended in sorted(links, key=lambda link: link[2] or date.min):
        is_over = ended is not None and ended < on
        if not is_over and practice.parent_id != network.id:
            practice.parent_id, practice.parent_code = network.id, network.code
            begins[practice] = begun
        elif is_over and practice.parent_id == network.id and practice not in begins:
            practice.parent_id, practice.parent_code = None, ""
            begins[practice] = ended + timedelta(days=1) if ended else on
        else:
            told.add("same")
    for _ in begins:
        told.add("linked")
    keep_memberships(begins)


def _take_successions(links: Sequence[Link], told: LoadResult, _on: date) -> None:
    ids = {site.id for site, *_ in links}
    found = select(SiteSuccession).where(SiteSuccession.predecessor_id.in_(ids))
    known = {(row.predecessor_id, row.successor_id): row for row in db.session.scalars(found)}
    for site, successor, on, _ended in links:
        row = known.get((site.id, successor.id))
        if row is None and site is not successor:
            row = SiteSuccession(predecessor_id=site.id, successor_id=successor.id, on=on)
            known[site.id, successor.id] = row
            db.session.add(row)
            told.add("linked")
        elif row is not None and row.on != on:
            row.on = on
            told.add("linked")
        else:
            told.add("same")
    db.session.flush()

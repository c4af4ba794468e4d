"""Compare the rows of a file with the places that are there, and write what differs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.reference.models import Ics, IcsSuccession, Site, SiteFile, SiteMembership, SiteName
from portal.reference.rules.ods import RANK, NoPlaceHere, RowWrong, SiteRow, site_row
from portal.reference.services.ods_file import LoadResult, OdsFile
from portal.reference.services.site_links import BELONGS, keep_memberships, sites_by_code
from portal.reference.services.site_words import put_words

LINKED_AT_ONCE = 1000
CODES = ("parent_code", "commissioner_code", "geography_code")
FACTS = ("name", "address", "town", "postcode", "opened_on", "closed_on", "is_dormant", "report")
CODE_OF = dict(zip(BELONGS, ("parent_code", "geography_code", "commissioner_code"), strict=True))
FOUND_BY = ("code", "name", "town", "postcode")
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Dates:
    id: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class _New:
    """What a new place is found by."""

    id: int
    code: str
    name: str
    town: str
    postcode: str


class Places:
    """The places of one file, written step by step."""

    def __init__(self, file: OdsFile, told: LoadResult) -> None:
        self.file, self.told, self.report = file, told, file.report
        self.seen: set[str] = set()
        self.icss = _icss(file.on)
        self.by_id = _all_dates()
        read_before = select(SiteFile.id).where(SiteFile.report == self.report.name).limit(1)
        self.is_first = db.session.scalar(read_before) is None
        self.begins: dict[Site, date | None] = {}

    def take(self, rows: Sequence[list[str]]) -> None:
        """Write what some rows tell."""
        found = {row.code: row for row in self._read(rows)}
        known = sites_by_code(found)
        above = _above(found.values())
        new, reworded = [], []
        self.begins = {}
        for code, row in found.items():
            before = known.get(code)
            if before is None:
                new.append(self._values(row, above))
            elif self._is_elsewhere(before):
                self.told.add("elsewhere")
            elif self._compare(before, self._values(row, above)):
                reworded.append(before)
        self._add(new)
        keep_memberships(self.begins)
        put_words(reworded)

    def _read(self, rows: Iterable[list[str]]) -> Iterator[SiteRow]:
        for row in rows:
            try:
                found = site_row(row, self.report)
            except NoPlaceHere:
                self.told.add("outside")
            except RowWrong as problem:
                self.told.add("wrong", f"{row[0][:12]}: {problem}")
            else:
                if found.code in self.seen:
                    self.told.add("twice", found.code)
                    continue
                self.seen.add(found.code)
                yield found

    def _is_elsewhere(self, before: Site) -> bool:
        mine = RANK[self.report.name]
        return before.report != self.report.name and RANK.get(before.report, mine) < mine

    def _values(self, row: SiteRow, above: dict[str, tuple[int, int | None]]) -> Values:
        self._tell_unknown(row, above)
        geography = self.icss[row.geography].id if row.geography in self.icss else None
        commissioner = above[row.commissioner][1] if row.commissioner in above else None
        return {
            **{name: getattr(row, name) for name in ("code", "kind", *FACTS[:-1])},
            "report": self.report.name,
            "parent_code": row.parent,
            "commissioner_code": row.commissioner,
            "geography_code": row.geography,
            "parent_id": above[row.parent][0] if row.parent in above else None,
            "geography_ics_id": geography,
            # A commissioner is counted in its own area.
            "commissioner_ics_id": geography if self.report.name == "eccg" else commissioner,
        }

    def _tell_unknown(self, row: SiteRow, above: dict[str, tuple[int, int | None]]) -> None:
        if row.unknown_status:
            self.told.add("unknown_status", f"{row.code}: {row.unknown_status}")
        if row.geography and row.geography not in self.icss:
            self.told.add("unknown_icb", f"{row.code}: {row.geography}")
        named = row.commissioner or row.parent
        if named and named not in above:
            self.told.add("unknown_parent", f"{row.code}: {named}")

    def _add(self, new: Sequence[Values]) -> None:
        if not new:
            return
        made = db.session.execute(insert(Site).returning(Site.code, Site.id), new)
        ids: dict[str, int] = {row.code: row.id for row in made}
        begun = [
            {"site_id": ids[v["code"]], "valid_from": v["opened_on"], **{n: v[n] for n in BELONGS}}
            for v in new
        ]
        db.session.execute(insert(SiteMembership), begun)
        put_words(
            [_New(ids[v["code"]], **{name: v[name] for name in FOUND_BY}) for v in new],
            is_new=True,
        )
        for values in new:
            self.told.add("added")
            if not self.is_first:
                self.told.add("opened", f"{values['code']} {values['name']}")

    def _compare(self, before: Site, values: Values) -> bool:
        """Write what differs; returns whether it is found by other words now."""
        label = f"{before.code} {values['name']}"
        moved = self._move(before, values)
        if moved:
            self.told.add("moved", label)
        if before.name != values["name"]:
            self._rename(before, values["name"])
        if values["closed_on"] != before.closed_on:
            self.told.add("closed" if values["closed_on"] else "reopened", label)
        other = {name for name in FACTS if getattr(before, name) != values[name]}
        for name in {*other, *(code for code in CODES if not self._is_kept(code))}:
            setattr(before, name, values[name])
        if not before.is_kind_edited:
            before.kind = values["kind"]
        if other - {"name", "closed_on"}:
            self.told.add("changed", label)
        if not (other or moved):
            self.told.add("same")
        return bool(other & set(FOUND_BY))

    def _rename(self, site: Site, name: str) -> None:
        until = self.file.on - timedelta(days=1)
        db.session.add(SiteName(site_id=site.id, name=site.name, until_on=until))
        self.told.add("renamed", f"{site.code} {site.name}: now {name}")

    def _is_kept(self, name: str) -> bool:
        """Whether another report tells of who runs these places: of practices their network."""
        return self.report.is_commissioned and name in {"parent_id", "parent_code"}

    def _move(self, site: Site, values: Values) -> bool:
        """Note from which day it belongs elsewhere; returns whether it moved.

        What was unknown and is known now is filled in: nobody moved.
        """
        differing = [
            name
            for name in BELONGS
            if getattr(site, name) != values[name]
            and not self._is_kept(name)
            # Named, but nothing is known of who that is: what is known stays.
            and not (values[name] is None and values[CODE_OF[name]])
        ]
        if not differing:
            return False
        has_moved = any(getattr(site, name) is not None for name in differing)
        self.begins[site] = self._begin_of(site, values) if has_moved else None
        for name in differing:
            setattr(site, name, values[name])
        return has_moved

    def _begin_of(self, site: Site, values: Values) -> date:
        """Return the day of a change: that on which one ICS followed another, or the file's."""
        days = [self.file.on]
        for name in BELONGS[1:]:
            old, new = self.by_id.get(getattr(site, name)), self.by_id.get(values[name])
            if old and new and old != new and old.valid_to and old.valid_to < self.file.on:
                days.append(max(new.valid_from, old.valid_to + timedelta(days=1)))
        return min(days)

    def finish(self) -> Iterator[None]:
        """Let places belong to who was not known when they were read; yields after each step. Say
        which ones a whole file no longer has: they stay as they are."""
        while waiting := _waiting():
            for site, above, ics_id in waiting:
                site.parent_id = site.parent_id or (above if site.parent_code else None)
                site.commissioner_ics_id = site.commissioner_ics_id or ics_id
            keep_memberships({site: None for site, _, _ in waiting})
            yield
        if not self.file.is_part:
            mine = select(Site.code, Site.name).where(Site.report == self.report.name)
            for code, name in db.session.execute(mine):
                if code not in self.seen:
                    self.told.add("gone", f"{code} {name}")


def _waiting() -> Sequence[tuple[Site, int | None, int | None]]:
    """Return places whose parent, or whose commissioner's ICS, is known meanwhile."""
    parent, commissioner = aliased(Site), aliased(Site)
    found = (
        select(Site, parent.id, commissioner.geography_ics_id)
        .outerjoin(parent, parent.code == Site.parent_code)
        .outerjoin(commissioner, commissioner.code == Site.commissioner_code)
        .where(
            or_(
                Site.parent_id.is_(None) & parent.id.is_not(None),
                Site.commissioner_ics_id.is_(None) & commissioner.geography_ics_id.is_not(None),
            )
        )
        .limit(LINKED_AT_ONCE)
    )
    return [(site, above, ics) for site, above, ics in db.session.execute(found)]


def _above(rows: Iterable[SiteRow]) -> dict[str, tuple[int, int | None]]:
    """Return number and ICS of those who run or commission some places, by code."""
    codes = {code for row in rows for code in (row.parent, row.commissioner) if code}
    found = db.session.execute(
        select(Site.code, Site.id, Site.geography_ics_id).where(Site.code.in_(codes))
    )
    return {code: (number, ics_id) for code, number, ics_id in found}


def _icss(on: date) -> dict[str, _Dates]:
    """Return every ICS by the codes that the directory has for it; the one that followed where it
    went whole before the day: the directory may go on saying the old code."""
    columns = (Ics.code, Ics.ods_code, Ics.id)
    rows = db.session.execute(select(*columns)).all()
    dates = _all_dates()
    whole = select(IcsSuccession.predecessor_id, IcsSuccession.successor_id).where(
        IcsSuccession.part == "whole", IcsSuccession.on <= on
    )
    followed = {row.predecessor_id: row.successor_id for row in db.session.execute(whole)}
    return {
        code: dates[_last(number, followed)]
        for own, ods, number in rows
        for code in (own, ods)
        if code
    }


def _all_dates() -> dict[int, _Dates]:
    found = db.session.execute(select(Ics.id, Ics.valid_from, Ics.valid_to))
    return {number: _Dates(number, begun, ended) for number, begun, ended in found}


def _last(number: int, followed: dict[int, int]) -> int:
    for _ in followed:
        number = followed.get(number, number)
    return number

"""Organisations row by row, for administrators: what a row is and does."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Actor, Organisation, OrganisationSize
from portal.accounts.queries.merging import kept_organisation
from portal.accounts.services.organisations import create_organisation, edit_organisation
from portal.audit.services import note
from portal.db import by_name, db, id_from
from portal.errors import Conflict, Invalid, NotFound
from portal.imports.models import Import, ImportRow, Verdict
from portal.imports.policy import MAKERS
from portal.imports.queries import merged_since
from portal.imports.rules.mapping import Field, word
from portal.imports.rules.rows import RecordChanged, RowOutcome, RowVerdict, Target, broken_formulas
from portal.imports.serialise.ended import ended_systems, ended_words
from portal.innovations.rules.duplicates import host_of
from portal.merging import Noun
from portal.reference.queries import PlaceNames, icss
from portal.text import folded
from portal.web.fields import as_postcode, completed_web_address, is_web_address

RECORD = "record"
DETAILS = ("name", "size", "website", "postcode", "company_number", "ics_id")
LABELS = {
    "name": "Name",
    "size": "Size",
    "website": "Website",
    "postcode": "Postcode",
    "company_number": "Companies House number",
    "ics_id": "Integrated care system",
}
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "name": ("organisation", "company", "company name", "organisation name"),
    "kind": ("type", "type of organisation", "organisation type"),
    "size": ("employees", "headcount", "number of employees"),
    "website": ("url", "web", "web site", "link"),
    "company_number": ("company number", "companies house", "crn", "registration number"),
    "ics": ("icb", "system", "integrated care board"),
}


def fields() -> list[Field]:
    """Return what a column may answer."""
    kinds = [(kind.value, kind.label) for kind in MAKERS]
    sizes = [(one.value, one.label) for one in OrganisationSize]
    systems = [(one.code, one.ics_name) for one in icss()]
    places = PlaceNames()
    past: dict[str, Any] = {"ended": ended_words(places), "were": ended_systems()}

    def resolve(text: str) -> str | None:
        try:
            return places.ics(text).ics.code
        except NotFound:
            return None

    return [
        Field(RECORD, "Number in the portal", is_key=True),
        _field("name", "Name", needed="Enter the name of the organisation"),
        _field("kind", "Kind of organisation", kinds, hint="A company where nothing is said"),
        _field("size", "Size", sizes),
        _field("website", "Website"),
        _field("postcode", "Postcode"),
        _field("company_number", "Companies House number"),
        _field("ics", "Integrated care system", systems, resolve=resolve, **past),
    ]


def _field(name: str, label: str, choices: Sequence[tuple[str, str]] = (), **more: Any) -> Field:
    known = {word(text): code for code, called in reversed(choices) for text in (called, code)}
    synonyms = SYNONYMS.get(name, ())
    return Field(name, label, choices=tuple(choices), known=known, synonyms=synonyms, **more)


class OrganisationDesk:
    """Judges and writes rows of organisations for an administrator."""

    noun = "organisation"

    def __init__(self, by: Actor, importing: Import) -> None:
        """Read what rows may name."""
        self.by, self.fields = by, fields()
        self.kinds = {kind.value: kind for kind in MAKERS}
        self.sizes = {one.value: one for one in OrganisationSize}
        self.systems = {one.code: one for one in icss()}

    def judge(self, line: int, cells: Mapping[str, str]) -> RowVerdict:
        """Return what the row is: new, changes, the same or wrong."""
        said, problems = self._read(cells)
        judged = RowVerdict(name=cells.get("name", ""), problems=problems)
        if problems:
            return judged
        found = self._found(cells, said)
        said = _kept_name(cells, said, found)
        if found is None and cells.get(RECORD):
            judged.problems = {RECORD: f"There is no organisation {cells[RECORD]}"}
            return judged
        judged.identity = ("number", str(found.id)) if found else ("name", folded(said["name"]))
        if found is None:
            judged.verdict = Verdict.NEW
            return judged
        judged.record_id, judged.record_name, judged.seen = found.id, found.name, found.version
        if found.kind.value not in self.kinds:
            judged.problems = {"name": f"{found.name} is kept on the page of ICSs and networks"}
        elif cells.get("kind") and cells["kind"] != found.kind.value:
            judged.problems = {"kind": f"{found.name} is here as: {found.kind.label}"}
        else:
            judged.changes = _changes(found, said)
            judged.verdict = Verdict.CHANGES if judged.changes else Verdict.SAME
        if folded(cells["name"]) != found.name_key and not cells.get(RECORD):
            judged.notes.append(f"It is here as “{found.name}”")
        return judged

    def _read(self, cells: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the details that a row gives, and what is wrong by field."""
        wrong = broken_formulas(cells)
        name = cells.get("name", "").strip()
        if not name or len(name) > 200:
            wrong["name"] = "Enter the name of the organisation, 200 characters or fewer"
        said: dict[str, Any] = {"name": name, **_places(cells, wrong)}
        for field, of in (("kind", self.kinds), ("size", self.sizes), ("ics", self.systems)):
            if cells.get(field) and cells[field] not in of:
                wrong[field] = f"there is no “{cells[field][:80]}”"
        if cells.get("size") in self.sizes:
            said["size"] = self.sizes[cells["size"]]
        if cells.get("ics") in self.systems:
            said["ics_id"] = self.systems[cells["ics"]].id
        return said, wrong

    def _found(self, cells: Mapping[str, str], said: Mapping[str, Any]) -> Organisation | None:
        """Return the organisation that a row is about: by its number, its name, its number at
        Companies House, or a website that one organisation has."""
        if cells.get(RECORD):
            found = db.session.get(Organisation, id_from(cells[RECORD]) or 0)
            return found and kept_organisation(found)
        named = Organisation.name_key == folded(said["name"])
        found = db.session.scalar(select(Organisation).where(named))
        if found is None and said.get("company_number"):
            same = Organisation.company_number == said["company_number"]
            found = db.session.scalar(select(Organisation).where(same).order_by(Organisation.id))
        if found is None and said.get("website"):
            found = _of_host(host_of(said["website"]))
        return found and kept_organisation(found)

    def write(self, line: int, cells: Mapping[str, str], target: Target) -> RowOutcome:
        """Make the row's organisation, or change the one that it is about."""
        said, problems = self._read(cells)
        if problems:
            raise Invalid("; ".join(problems.values()))
        found = self._found(cells, said)
        said = _kept_name(cells, said, found)
        is_seen = found is None or found.version == target.seen
        if (found.id if found else None) != target.record_id or not is_seen:
            raise RecordChanged
        if found is None:
            kind = self.kinds[cells.get("kind") or "company"]
            made = create_organisation(kind=kind, by=self.by, **said)
            return RowOutcome(made.id, made.version, None)
        before = {name: _plain(getattr(found, name)) for name in DETAILS}
        whole = {"name": found.name, **_new(found, said)}
        edit_organisation(organisation=found, version=found.version, by=self.by, **whole)
        return RowOutcome(found.id, found.version, before)

    def version(self, record_id: int) -> int | None:
        """Return the version of an organisation, None when it is gone."""
        found = db.session.get(Organisation, record_id)
        return found.version if found else None

    def related(self, record_id: int) -> list[tuple[str, int]]:
        """Return nothing: an organisation's trail is its own."""
        return []

    def stays(self, row: ImportRow) -> str:
        """Say that the record was made one with another since; "" where it was not."""
        return merged_since(row, Noun.ORGANISATION, Organisation)

    def undo(self, row: ImportRow) -> None:
        """Delete the organisation that the row made while nothing is of it, or put back what it
        said before."""
        found = db.session.get(Organisation, row.record_id) if row.record_id else None
        if found is None:
            return
        if row.before:
            before = dict(row.before)
            before["size"] = self.sizes.get(before["size"] or "")
            edit_organisation(organisation=found, version=found.version, by=self.by, **before)
            return
        name = found.name
        note(found, "deleted", f"deleted {name} with its import", by=self.by)
        try:
            db.session.delete(found)
            db.session.flush()
        except (IntegrityError, AssertionError) as used:
            raise Conflict(f"{name} has people or records by now: it stays") from used


def _places(cells: Mapping[str, str], wrong: dict[str, str]) -> dict[str, Any]:
    """Return where an organisation is found: its website, postcode and number."""
    said: dict[str, Any] = {}
    if cells.get("website"):
        said["website"] = completed_web_address(cells["website"])
        if not is_web_address(said["website"]):
            wrong["website"] = "must be a web address, like https://www.example.org"
    if cells.get("postcode"):
        said["postcode"] = as_postcode(cells["postcode"])
        if said["postcode"] is None:
            wrong["postcode"] = "must be a full UK postcode, like SW1A 1AA"
    if cells.get("company_number"):
        said["company_number"] = _company_number(cells["company_number"], wrong)
    return said


def _company_number(cell: str, wrong: dict[str, str]) -> str:
    text = "".join(cell.split()).upper()
    text = text.zfill(8) if text.isdigit() else text
    if len(text) != 8 or not text.isalnum() or not text.isascii():
        wrong["company_number"] = "must be 8 characters, like 01234567"
    return text


def _kept_name(
    cells: Mapping[str, str], said: dict[str, Any], found: Organisation | None
) -> dict[str, Any]:
    """Return what a row says with the name that is here where a website or a company number found
    it: only a row that names it by its number in the portal gives it another name."""
    return said if found is None or cells.get(RECORD) else {**said, "name": found.name}


def _of_host(host: str) -> Organisation | None:
    if not host:
        return None
    like = Organisation.website.contains(host, autoescape=True)
    found = db.session.scalars(
        select(Organisation).where(like, Organisation.merged_into_id.is_(None))
    )
    same = [one for one in found if host_of(one.website) == host]
    return same[0] if len(same) == 1 else None


def _new(found: Organisation, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row gives otherwise; a name that is only written otherwise is none."""
    new = {name: value for name, value in said.items() if value != getattr(found, name)}
    if folded(said["name"]) == found.name_key:
        new.pop("name", None)
    return new


def _changes(found: Organisation, said: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        LABELS[name]: [_words(name, getattr(found, name)), _words(name, value)]
        for name, value in _new(found, said).items()
    }


def _words(name: str, value: Any) -> str:
    if name == "ics_id" and value:
        return next((one.ics_name for one in icss() if one.id == value), str(value))
    return value.label if isinstance(value, OrganisationSize) else str(value or "")


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, OrganisationSize) else value


def exported(by: Actor) -> list[dict[str, Any]]:
    """Return the organisations that a file may make and change, by field."""
    found = (
        select(Organisation)
        .where(Organisation.kind.in_(MAKERS), Organisation.merged_into_id.is_(None))
        .order_by(by_name(Organisation.name), Organisation.id)
    )
    return [
        {
            RECORD: one.id,
            "name": one.name,
            "kind": one.kind.label,
            "size": one.size.label if one.size else "",
            "website": one.website,
            "postcode": one.postcode,
            "company_number": one.company_number,
            "ics": one.ics.ics_name if one.ics else "",
        }
        for one in db.session.scalars(found)
    ]

"""Challenges row by row: the form's own questions as fields, and what a row is and does."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.audit.services import note
from portal.challenges import queries, services
from portal.challenges.forms.pages import stated
from portal.challenges.models import Challenge, ChallengeState, Readers
from portal.challenges.rules import LABELS, grouped, missing_to_open
from portal.challenges.services import Content, Line
from portal.db import db, id_from
from portal.errors import Conflict, Invalid
from portal.imports.models import Import, ImportRow, Verdict
from portal.imports.rules.mapping import Field, completed, word
from portal.imports.rules.rows import (
    RecordChanged,
    RowOutcome,
    RowVerdict,
    Target,
    broken_formulas,
    by_field,
    shortened,
)
from portal.imports.serialise.challenges import CODED, COLUMNS, ImportCodes, read_line
from portal.reference.models import Term
from portal.reference.queries import PlaceNames, former_labels, labels_of
from portal.text import folded

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "external_key": ("id", "ref", "reference", "key", "unique id"),
    "title": ("challenge", "name", "challenge title", "need"),
    "problem": ("problem statement", "description", "details", "the problem"),
    "who_affected": ("population", "patients", "who is affected"),
    "how_many": ("number of people", "people affected", "volume"),
    "outcome_wanted": ("outcome", "desired outcome", "success"),
    "needed_by": ("deadline", "date needed", "due date"),
    "contact_name": ("contact", "lead"),
    "contact_email": ("email", "email address"),
    "state": ("status",),
    "readers": ("visibility", "audience"),
}
HINTS: Mapping[str, str] = {
    "external_key": "The same file again finds it",
    "record": "In a file that was exported from here",
    "title": "Up to 120 characters",
    **dict.fromkeys(("problem", "tried", "outcome_wanted", "must_haves"), "Up to 4,000 characters"),
    "who_affected": "Up to 1,000 characters",
    "how_many": "People in a year: a whole number",
    "needed_by": "A day: 31/03/2027; it may have passed",
    "contact_name": "Shown to your organisation, HINs and the national team only",
    "contact_email": "Shown to your organisation, HINs and the national team only",
    "readers": "Staff of the NHS where nothing is said",
    "state": "A draft where nothing is said",
}
RECORD = "record"
STATES = (("draft", "Draft"), ("open", "Open"))
BEFORE_TEXTS = ("title", "problem", "who_affected", "tried", "outcome_wanted", "must_haves")


def fields() -> list[Field]:
    """Return what a column may answer."""
    offered, former = queries.offered_terms(), former_labels()
    found = [
        _field("external_key", "Your number or name for it", is_key=True),
        _field(RECORD, "Number in the portal", is_key=True),
    ]
    for column in COLUMNS:
        choices = [(one.value, one.label) for one in Readers] if column == "readers" else []
        needed = "Enter the challenge in one line" if column == "title" else ""
        found.append(_field(column, LABELS[column], choices, needed=needed))
    for column, vocabulary in CODED.items():
        terms = [(term.code, term.label) for term in offered[vocabulary]]
        known = {word(label): code for (of, label), code in former.items() if of is vocabulary}
        label = LABELS[vocabulary.value]
        more = {"known": known, "were": labels_of(vocabulary), "is_many": True}
        found.append(_field(column, label, terms, **more))
    return [*found, _field("needed_by", LABELS["needed_by"]), _field("state", "State", STATES)]


def _field(name: str, label: str, choices: Any = (), **more: Any) -> Field:
    known = {word(text): code for code, called in reversed(choices) for text in (called, code)}
    known = {**more.pop("known", {}), **known}
    more |= {"synonyms": SYNONYMS.get(name, ()), "hint": HINTS.get(name, "")}
    return Field(name, label, choices=tuple(choices), known=known, **more)


class ChallengeDesk:
    """Judges and writes the challenges of one organisation."""

    noun = "challenge"

    def __init__(self, by: Actor, importing: Import) -> None:
        """Read what rows may name."""
        self.by = by
        self.organisation_id = importing.organisation_id
        self.fields = fields()
        self.names = [one.name for one in self.fields]
        self.codes = ImportCodes(
            {"": self.organisation_id}, PlaceNames(), queries.offered_terms(), former_labels()
        )

    def judge(self, line: int, cells: Mapping[str, str]) -> RowVerdict:
        """Return what the row is: new, changes, the same or wrong."""
        wrong, row = self._read(line, cells)
        if row is None or wrong:
            return RowVerdict(name=cells.get("title", ""), problems=wrong)
        judged = RowVerdict(name=row.content.title, identity=("key", row.key))
        found = self._found(row, cells)
        if found is None:
            judged.verdict = Verdict.WRONG if cells.get(RECORD) else Verdict.NEW
            if cells.get(RECORD):
                judged.problems = {RECORD: f"You have no challenge {cells[RECORD]}"}
            return judged
        judged.record_id, judged.record_name, judged.seen = found.id, found.title, found.version
        judged.changes = _changes(found, row)
        judged.verdict = Verdict.CHANGES if judged.changes else Verdict.SAME
        if judged.changes and found.state is ChallengeState.CLOSED:
            judged.verdict = Verdict.WRONG
            judged.problems = {"": "This challenge is closed: open it again first"}
        return judged

    def _read(self, line: int, cells: Mapping[str, str]) -> tuple[dict[str, str], Line | None]:
        """Return the row's challenge and what is wrong with it; a row without a key is called by
        its title."""
        known = self._known(cells)
        said = _row(known) if known is not None else {}
        cells = completed(cells, self.fields, {**said, RECORD: "", "state": ""})
        key = cells.get("external_key") or folded(cells.get("title", ""))
        row = {**cells, "external_key": key, "organisation": ""}
        row.pop(RECORD, None)
        wrong, found = read_line(line, row, self.codes)
        problems = {**by_field(wrong, self.names), **broken_formulas(cells)}
        if found is not None and found.opens:
            missing = missing_to_open(found.content)
            problems |= {name: said for name, said in missing.items() if name not in problems}
        return problems, found

    def _found(self, row: Line, cells: Mapping[str, str]) -> Challenge | None:
        """Return the organisation's challenge of the row's number, or else of its key."""
        if not cells.get(RECORD):
            return queries.imported(self.organisation_id, row.key)
        return self._known(cells)

    def _known(self, cells: Mapping[str, str]) -> Challenge | None:
        """Return the organisation's challenge of the number or key that the cells say."""
        if not cells.get(RECORD):
            key = cells.get("external_key") or folded(cells.get("title", ""))
            return queries.imported(self.organisation_id, key) if key else None
        number = id_from(cells[RECORD])
        found = db.session.get(Challenge, number) if number else None
        return found if found and found.organisation_id == self.organisation_id else None

    def write(self, line: int, cells: Mapping[str, str], target: Target) -> RowOutcome:
        """Add or change the row's challenge; see `kinds.Desk`."""
        wrong, row = self._read(line, cells)
        if row is None or wrong:
            raise Invalid("; ".join(wrong.values()))
        found = self._found(row, cells)
        is_seen = found is None or found.version == target.seen
        if (found.id if found else None) != target.record_id or not is_seen:
            raise RecordChanged
        if found is not None:
            before = _kept(found)
            services.edit(challenge=found, content=row.content, version=None, by=self.by)
            if row.opens and found.state is ChallengeState.DRAFT:
                services.post(challenge=found, version=None, by=self.by, is_told=False)
            return RowOutcome(found.id, found.version, before)
        services.bring_in(line=row, by=self.by)
        made = queries.imported(self.organisation_id, row.key)
        assert made is not None  # noqa: S101  # it was just brought in
        return RowOutcome(made.id, made.version, None)

    def version(self, record_id: int) -> int | None:
        """Return the version of a challenge, None when it is gone."""
        found = db.session.get(Challenge, record_id)
        return found.version if found else None

    def related(self, record_id: int) -> list[tuple[str, int]]:
        """Return nothing: a challenge's trail is its own."""
        return []

    def stays(self, row: ImportRow) -> str:
        """Return nothing: such rows never become one."""
        return ""

    def undo(self, row: ImportRow) -> None:
        """Delete the challenge that the row made, or put back what it said before."""
        found = db.session.get(Challenge, row.record_id) if row.record_id else None
        if found is None:
            return
        if row.before:
            if found.state is ChallengeState.CLOSED:
                raise Conflict("This challenge is closed: open it again first")
            content = _content(row.before)
            services.edit(challenge=found, content=content, version=None, by=self.by)
        else:
            note(found, "deleted", f"deleted “{found.title}” with its import", by=self.by)
            db.session.delete(found)


def exported(by: Actor) -> list[dict[str, Any]]:
    """Return the challenges of the actor's organisation by field, as they are brought in."""
    ours = select(Challenge).where(Challenge.organisation_id == by.organisation_id)
    open_or_draft = ours.where(Challenge.state != ChallengeState.CLOSED).order_by(Challenge.id)
    return [_row(challenge) for challenge in db.session.scalars(open_or_draft)]


def _row(challenge: Challenge) -> dict[str, Any]:
    labels = grouped(challenge.terms)
    plain = {column: getattr(challenge, field) for column, field in COLUMNS.items()}
    return {
        **plain,
        **{column: "; ".join(labels[vocabulary]) for column, vocabulary in CODED.items()},
        RECORD: challenge.id,
        "external_key": challenge.external_key,
        "readers": challenge.readers.label,
        "needed_by": challenge.needed_by,
        "state": challenge.state.label,
    }


def _changes(found: Challenge, row: Line) -> dict[str, list[str]]:
    other = Challenge(**{name: getattr(row.content, name) for name in services.COLUMNS})
    other.terms = list(row.content.terms)
    before, after = stated(found), stated(other)
    changes = {
        LABELS[name]: [_text(before[name]), _text(after[name])]
        for name in before
        if _text(before[name]) != _text(after[name])
    }
    if row.opens and found.state is ChallengeState.DRAFT:
        changes["State"] = ["Draft", "Open"]
    return changes


def _text(value: Any) -> str:
    return "" if value is None else shortened(str(value))


def _kept(challenge: Challenge) -> dict[str, Any]:
    """Return what a challenge says, as JSON."""
    plain = {name: getattr(challenge, name) for name in services.COLUMNS}
    plain["needed_by"] = plain["needed_by"].isoformat() if plain["needed_by"] else None
    plain["readers"] = plain["readers"].value
    return {**plain, "terms": [term.id for term in challenge.terms]}


def _content(kept: Mapping[str, Any]) -> Content:
    """Return what a challenge said, as `_kept` has it."""
    terms = [db.session.get_one(Term, number) for number in kept["terms"]]
    day = date.fromisoformat(kept["needed_by"]) if kept["needed_by"] else None
    plain = {name: kept[name] for name in services.COLUMNS}
    return Content(
        **{**plain, "needed_by": day, "readers": Readers(kept["readers"]), "terms": terms}
    )

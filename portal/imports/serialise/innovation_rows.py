"""Innovations row by row: what a row is and does."""

from collections.abc import Container, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from portal.accounts.models import Actor
from portal.clock import today
from portal.db import db, id_from
from portal.errors import Conflict, Invalid
from portal.imports.models import Import, ImportRow, Verdict
from portal.imports.policy import MAKERS
from portal.imports.queries import merged_since
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
from portal.imports.serialise.beside import BesideReader
from portal.imports.serialise.beside_fields import NAMES
from portal.imports.serialise.innovation_cells import row_of, whole_words
from portal.imports.serialise.innovation_fields import PROVEN, RECORD, fields
from portal.imports.serialise.innovations import ONCE, Codes, checked
from portal.imports.services import beside
from portal.imports.services.behalf import described
from portal.imports.services.innovations import (
    Incoming,
    RowImporter,
    differing_sections,
    draft_waiting,
    refusal,
)
from portal.imports.services.known import (
    ExistingRows,
    known_of,
    known_of_new,
    logged_only_on,
    version_beside,
)
from portal.imports.services.plans import Plan, planned
from portal.innovations.models import Innovation, Nation, Section
from portal.innovations.policy import can_edit, can_see
from portal.innovations.queries.duplicates import most_like
from portal.innovations.queries.supporters import may_read_confidential
from portal.innovations.sections.answers import (
    is_blank,
    submitted_answers,
    version_of_all,
)
from portal.innovations.sections.questions import PARTS
from portal.merging import Noun
from portal.reference.models import Hin
from portal.support.queries import engagements
from portal.support.services.history import unlog
from portal.text import folded

BESIDE = "beside"
"""Under this name a row keeps what it did beside its record."""


class InnovationDesk:
    """Judges and writes rows of innovations for a HIN of its own area, or the national team."""

    noun = "innovation"

    def __init__(self, by: Actor, importing: Import) -> None:
        """Read what rows may name."""
        self.by, self.importing = by, importing
        self.fields = fields()
        self.names = [one.name for one in self.fields]
        self.needed = [one.name for one in self.fields if one.needed or one.says_whose]
        self.book = Codes()
        organisation_id = importing.organisation_id
        self.bringing = RowImporter(by=by, importer_id=organisation_id, kept_by_id=organisation_id)
        self.hin = db.session.get(Hin, by.hin_id) if by.hin_id and by.is_hin else None
        self.reader = BesideReader(self.hin)
        self.has_beside = self.hin is not None and not NAMES.isdisjoint(importing.mapping)

    def judge(self, line: int, cells: Mapping[str, str]) -> RowVerdict:
        """Return what the row is: new, changes, the same, perhaps a duplicate, or wrong."""
        row, problems = self._read(line, cells)
        name = cells.get("name", "")
        if row is None:
            return RowVerdict(name=name, problems=problems)
        judged = RowVerdict(
            name=row.name,
            notes=list(row.notes),
            identity=_identity(row),
            to_verify=cells.get(PROVEN, "") if _is_yes(cells.get(PROVEN, "")) else "",
        )
        found = self.bringing.found(row)
        if found is None:
            return self._judge_new(row, cells, judged)
        return self._judge_found(found, self._said(found, row, cells), judged)

    def _judge_new(self, row: Incoming, cells: Mapping[str, str], judged: RowVerdict) -> RowVerdict:
        if row.record_id is not None:
            judged.problems = {RECORD: f"There is no record {row.record_id}"}
            return judged
        plan = self._plan(row, ExistingRows(), began=row.submitted_on or today())
        judged.notes += plan.notes
        if plan.problems:
            judged.problems = plan.problems
            return judged
        about = {name: value for answers in row.answers.values() for name, value in answers.items()}
        like = most_like(self.by, described({**about, "name": row.name}, row.organisation))
        judged.verdict = Verdict.DUPLICATE if like else Verdict.NEW
        judged.changes = plan.changes
        if like:
            judged.record_id = like.innovation_id
            judged.record_name = f"{like.name}, {like.organisation}"
            judged.seen = self.version(like.innovation_id)
            record = db.session.get(Innovation, like.innovation_id)
            judged.changes = self._changes_of_like(record, row, cells) if record else {}
        return judged

    def _changes_of_like(
        self, record: Innovation, row: Incoming, cells: Mapping[str, str]
    ) -> dict[str, list[str]]:
        """Return what the row would change of a record that is like it: of one that others keep,
        only what stands beside it."""
        beside_it = self._plan(row, self._known(record)).changes
        if self.has_beside and not can_edit(self.by, record):
            return beside_it
        return {**self._changes(record, self._said(record, row, cells)), **beside_it}

    def _judge_found(self, found: Innovation, row: Incoming, judged: RowVerdict) -> RowVerdict:
        if not can_see(self.by, found):
            judged.problems = {RECORD: f"There is no record {row.record_id}"}
            return judged
        judged.record_id, judged.record_name = found.id, found.name
        judged.seen = self._version(found)
        plan = self._plan(row, self._known(found))
        judged.notes += plan.notes
        changes = self._changes(found, row)
        is_theirs = bool(changes) and not can_edit(self.by, found)
        judged.changes = changes | plan.changes
        if plan.problems:
            judged.problems = plan.problems
        elif not judged.changes:
            judged.verdict = Verdict.SAME
        elif is_theirs and not plan.changes:
            judged.verdict = Verdict.OTHERS
        elif why := "" if is_theirs else refusal(found, row):
            judged.problems = {"": why}
        else:
            judged.verdict = Verdict.CHANGES
        if is_theirs and plan.changes:
            judged.changes = plan.changes
            judged.notes.append("Its company keeps the record: its answers stay as they are")
        return judged

    def _plan(self, row: Incoming, known: ExistingRows, began: date | None = None) -> Plan:
        """Return what the row would change beside the record."""
        why = f"Brought in from “{self.importing.name}”"
        return planned(row.beside, known, why=why, began=began)

    def _known(self, innovation: Innovation, *, is_new: bool = False) -> ExistingRows:
        """Return what is here beside a record, as far as the file speaks of that at all."""
        if not self.has_beside or self.hin is None:
            return ExistingRows()
        if is_new:
            return known_of_new(innovation.id, self.hin.id)
        return known_of([innovation.id], self.hin.id)[innovation.id]

    def _version(self, innovation: Innovation) -> int:
        version = version_of_all(innovation)
        if self.has_beside and self.hin is not None:
            version += version_beside(innovation.id, self.hin.id)
        return version

    def _said(self, innovation: Innovation, row: Incoming, cells: Mapping[str, str]) -> Incoming:
        """Return a row without what no column of the file speaks of, and without what the importer
        may not read there: that did not go out to them, and its empty cell says nothing."""
        is_open = may_read_confidential(self.by, innovation)
        asked = {one.name for one in self.fields if one.name in cells}
        if not is_open:
            asked -= {q.name for part in ONCE for q in part.questions if q.is_confidential}
        return _only(row, asked)

    def _changes(self, innovation: Innovation, row: Incoming) -> dict[str, list[str]]:
        """Return each answer that the record gives otherwise, before and after, in words."""
        labels = {one.name: one for one in self.fields}
        changes: dict[str, list[str]] = {}
        for section, answers in differing_sections(innovation, row).items():
            before = submitted_answers(innovation, PARTS[section])
            for name in (name for name in answers if answers[name] != before.get(name)):
                question = PARTS[section].question(name)
                pair = [_words(labels[name], said.get(name)) for said in (before, answers)]
                changes[question.label] = pair
        return changes

    def _read(self, line: int, cells: Mapping[str, str]) -> tuple[Incoming | None, dict[str, str]]:
        """Return the row as it goes in, or what is wrong with it by field."""
        broken = broken_formulas(cells)
        cells = self._whole(cells)
        plain = {
            name: text
            for name, text in cells.items()
            if name not in (RECORD, PROVEN) and name not in NAMES and text
        }
        if self.hin is not None and not plain.get("hin"):
            plain["hin"] = self.hin.code
        if not any(plain.get(name) for name in ("nation", "ics", "postcode")):
            plain["nation"] = Nation.ENGLAND.value
        row, wrong = checked(line, plain, self.book, needs_key=False)
        beside_it, wrong_beside = self.reader.read(cells)
        problems = {**by_field(wrong, self.names), **wrong_beside, **broken}
        number = cells.get(RECORD, "")
        if number and id_from(number) is None:
            problems[RECORD] = "must be a number"
        if row is not None and not problems:
            problems = self._not_theirs(row, self._named(cells))
        if row is None or problems:
            return None, problems
        row = replace(row, beside=beside_it)
        return self._completed(row, id_from(number) if number else None), {}

    def _whole(self, cells: Mapping[str, str]) -> Mapping[str, str]:
        """Return a row that names its record with what every row needs: the file need not have the
        columns that it does not change."""
        found = self._named(cells)
        if found is None or not can_see(self.by, found):
            return cells
        is_open = may_read_confidential(self.by, found)
        said = row_of(found, {one.name: one for one in self.fields}, is_open=is_open)
        return completed(cells, self.fields, {name: said.get(name) for name in self.needed})

    def _named(self, cells: Mapping[str, str]) -> Innovation | None:
        """Return the record whose number or key a row has."""
        number, key = cells.get(RECORD, ""), cells.get("external_key", "")
        if number:
            return db.session.get(Innovation, id_from(number) or 0)
        return self.bringing.keyed(key) if key else None

    def _completed(self, row: Incoming, record_id: int | None) -> Incoming:
        source = row.source_note or self.importing.source
        row = replace(row, record_id=record_id, source_note=source, owner_email="")
        since = row.beside.support.since if row.beside.support else None
        if row.submitted_on is None and since is not None:
            row = replace(row, submitted_on=since)  # of a record that is here it counts for nothing
        return self._made_by_known(row)

    def _made_by_known(self, row: Incoming) -> Incoming:
        """Return the row as of the organisation that has its website, where none has its name."""
        makers, website = self.bringing.makers, row.answers[Section.ABOUT].get("website") or ""
        if makers.known(row) is not None or (maker := makers.of_website(website)) is None:
            return row
        note = f"organisation: taken as “{maker.name}”, which has this website"
        return replace(row, organisation=maker.name, notes=(*row.notes, note))

    def _not_theirs(self, row: Incoming, found: Innovation | None) -> dict[str, str]:
        """Say what the importer may not bring in: another HIN's record, a new ICS or HIN. What is
        here may be named as it is, to say beside it how one's own support stands."""
        if row.organisation_kind not in MAKERS:
            return {"organisation_kind": "Select a company, charity, university or NHS trust"}
        hin = next((a["hin"] for a in row.answers.values() if a.get("hin")), None)
        is_as_here = found is not None and found.hin is not None and found.hin.code == hin
        if self.hin is not None and hin != self.hin.code and not is_as_here:
            return {"hin": f"You bring in what {self.hin.name} looks after"}
        return {}

    def write(self, line: int, cells: Mapping[str, str], target: Target) -> RowOutcome:
        """Make the row's record, or change the one that it is about; see `kinds.Desk`."""
        row, problems = self._read(line, cells)
        if row is None:
            raise Invalid("; ".join(problems.values()))
        if target.is_like:
            row = replace(row, record_id=target.record_id)
        found = self.bringing.found(row)
        is_seen = found is None or self._version(found) == target.seen
        if (found.id if found else None) != target.record_id or not is_seen:
            raise RecordChanged
        if found is None:
            made = self.bringing.create(row)
            self._write_beside(made, row, is_new=True)
            return RowOutcome(made.id, self._version(made), None)
        before: dict[str, Any] = dict(self._change(found, row, cells, target))
        did = self._write_beside(found, row)
        if did:
            before[BESIDE] = did
        return RowOutcome(found.id, self._version(found), before)

    def _change(
        self, found: Innovation, row: Incoming, cells: Mapping[str, str], target: Target
    ) -> Mapping[str, Any]:
        """Change the answers of a record; those of one that others keep stay where the row says
        something beside it."""
        if not can_edit(self.by, found):
            if row.beside.is_empty:
                raise Conflict("Its company keeps this record now")
            return {}
        said = self._said(found, row, cells)
        why = draft_waiting(found, said) if target.is_like else refusal(found, said)
        if why:
            raise Conflict(why)
        return self.bringing.change(found, said)

    def _write_beside(
        self, innovation: Innovation, row: Incoming, *, is_new: bool = False
    ) -> dict[str, Any]:
        if row.beside.is_empty:
            return {}
        plan = self._plan(row, self._known(innovation, is_new=is_new))
        return beside.write(plan=plan, said=row.beside, innovation=innovation, by=self.by)

    def version(self, record_id: int) -> int | None:
        """Return the version of a record, None when it is gone."""
        found = db.session.get(Innovation, record_id)
        return self._version(found) if found else None

    def related(self, record_id: int) -> list[tuple[str, int]]:
        """Return the engagements on a record, as the trail calls them."""
        return [("engagement", one.id) for one in engagements(record_id)]

    def stays(self, row: ImportRow) -> str:
        """Say that the record was made one with another since; "" where it was not."""
        return merged_since(row, Noun.INNOVATION, Innovation)

    def undo(self, row: ImportRow) -> None:
        """Delete the record that the row made, or put back what it said before."""
        found = db.session.get(Innovation, row.record_id) if row.record_id else None
        if found is None:
            return
        if not row.before:
            unlog(logged_only_on(found.id))
            db.session.delete(found)
            return
        answers = {name: was for name, was in row.before.items() if name != BESIDE}
        if BESIDE in row.before:
            beside.take_back(did=row.before[BESIDE], innovation=found, by=self.by)
        if answers:
            self.bringing.put_back(found, answers)


def _only(row: Incoming, asked: Container[str]) -> Incoming:
    """Return a row with the answers that are asked for alone: what is not asked stays."""
    answers = {
        section: {name: value for name, value in given.items() if name in asked}
        for section, given in row.answers.items()
    }
    return replace(row, answers={section: given for section, given in answers.items() if given})


def _identity(row: Incoming) -> tuple[str, ...]:
    if row.record_id is not None:
        return ("number", str(row.record_id))
    if row.external_key:
        return ("key", row.external_key)
    return ("name", folded(row.name), folded(row.organisation))


def _is_yes(text: str) -> bool:
    return word(text) not in {"", "no", "n", "false", "0", "not proven", "unknown"}


def _words(one: Field, answer: Any) -> str:
    """Return an answer as a preview shows it."""
    if is_blank(answer):
        return ""
    return shortened(whole_words(one, answer))

"""Innovations row by row: what a row is and does."""

from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Actor
from portal.clock import day_of
from portal.db import db, id_from
from portal.errors import Conflict, Invalid
from portal.imports.models import Import, ImportRow, Verdict
from portal.imports.policy import MAKERS
from portal.imports.rules.mapping import Field, completed, word
from portal.imports.rules.rows import (
    Judged,
    Moved,
    Target,
    Written,
    broken_formulas,
    by_field,
    shortened,
)
from portal.imports.serialise.innovation_fields import PROVEN, RECORD, fields
from portal.imports.serialise.innovations import ONCE, Codes, checked
from portal.imports.services.behalf import described
from portal.imports.services.innovations import (
    Bringing,
    Incoming,
    differing_sections,
    draft_waiting,
    refusal,
)
from portal.innovations.models import Innovation, Nation, RecordStatus, Section
from portal.innovations.policy import can_edit, can_see
from portal.innovations.queries.duplicates import most_like
from portal.innovations.queries.supporters import may_read_confidential
from portal.innovations.sections.answers import (
    answer_of,
    is_blank,
    submitted_answers,
    version_of_all,
)
from portal.innovations.sections.questions import PARTS
from portal.reference.models import Hin
from portal.support.queries import engagements
from portal.text import folded


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
        self.bringing = Bringing(by=by, importer_id=organisation_id, kept_by_id=organisation_id)
        self.hin = db.session.get(Hin, by.hin_id) if by.hin_id and by.is_hin else None

    def judge(self, line: int, cells: Mapping[str, str]) -> Judged:
        """Return what the row is: new, changes, the same, perhaps a duplicate, or wrong."""
        row, problems = self._read(line, cells)
        name = cells.get("name", "")
        if row is None:
            return Judged(name=name, problems=problems)
        judged = Judged(
            name=row.name,
            notes=list(row.notes),
            identity=_identity(row),
            to_verify=cells.get(PROVEN, "") if _is_yes(cells.get(PROVEN, "")) else "",
        )
        found = self.bringing.found(row)
        if found is None:
            return self._judge_new(row, cells, judged)
        return self._judge_found(found, self._said(found, row, cells), judged)

    def _judge_new(self, row: Incoming, cells: Mapping[str, str], judged: Judged) -> Judged:
        if row.record_id is not None:
            judged.problems = {RECORD: f"There is no record {row.record_id}"}
            return judged
        about = {name: value for answers in row.answers.values() for name, value in answers.items()}
        like = most_like(self.by, described({**about, "name": row.name}, row.organisation))
        judged.verdict = Verdict.DUPLICATE if like else Verdict.NEW
        if like:
            judged.record_id = like.innovation_id
            judged.record_name = f"{like.name}, {like.organisation}"
            judged.seen = self.version(like.innovation_id)
            record = db.session.get(Innovation, like.innovation_id)
            said = self._said(record, row, cells) if record else row
            judged.changes = self._changes(record, said) if record else {}
        return judged

    def _judge_found(self, found: Innovation, row: Incoming, judged: Judged) -> Judged:
        if not can_see(self.by, found):
            judged.problems = {RECORD: f"There is no record {row.record_id}"}
            return judged
        judged.record_id, judged.record_name = found.id, found.name
        judged.seen = version_of_all(found)
        judged.changes = self._changes(found, row)
        if not judged.changes:
            judged.verdict = Verdict.SAME
        elif not can_edit(self.by, found):
            judged.verdict = Verdict.OTHERS
        elif why := refusal(found, row):
            judged.problems = {"": why}
        else:
            judged.verdict = Verdict.CHANGES
        return judged

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
            name: text for name, text in cells.items() if name not in (RECORD, PROVEN) and text
        }
        if self.hin is not None and not plain.get("hin"):
            plain["hin"] = self.hin.code
        if not any(plain.get(name) for name in ("nation", "ics", "postcode")):
            plain["nation"] = Nation.ENGLAND.value
        row, wrong = checked(line, plain, self.book, needs_key=False)
        problems = {**by_field(wrong, self.names), **broken}
        number = cells.get(RECORD, "")
        if number and id_from(number) is None:
            problems[RECORD] = "must be a number"
        if row is not None and not problems:
            problems = self._not_theirs(row)
        if row is None or problems:
            return None, problems
        return self._completed(row, id_from(number) if number else None), {}

    def _whole(self, cells: Mapping[str, str]) -> Mapping[str, str]:
        """Return a row that names its record with what every row needs: the file need not have the
        columns that it does not change."""
        found = self._named(cells)
        if found is None or not can_see(self.by, found):
            return cells
        said = _row(found, self.by, {one.name: one for one in self.fields})
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
        return self._made_by_known(row)

    def _made_by_known(self, row: Incoming) -> Incoming:
        """Return the row as of the organisation that has its website, where none has its name."""
        makers, website = self.bringing.makers, row.answers[Section.ABOUT].get("website") or ""
        if makers.known(row) is not None or (maker := makers.of_website(website)) is None:
            return row
        note = f"organisation: taken as “{maker.name}”, which has this website"
        return replace(row, organisation=maker.name, notes=(*row.notes, note))

    def _not_theirs(self, row: Incoming) -> dict[str, str]:
        """Say what the importer may not bring in: another HIN's record, a new ICS or HIN."""
        if row.organisation_kind not in MAKERS:
            return {"organisation_kind": "Select a company, charity, university or NHS trust"}
        hin = next((a["hin"] for a in row.answers.values() if a.get("hin")), None)
        if self.hin is not None and hin != self.hin.code:
            return {"hin": f"You bring in what {self.hin.name} looks after"}
        return {}

    def write(self, line: int, cells: Mapping[str, str], target: Target) -> Written:
        """Make the row's record, or change the one that it is about; see `kinds.Desk`."""
        row, problems = self._read(line, cells)
        if row is None:
            raise Invalid("; ".join(problems.values()))
        if target.is_like:
            row = replace(row, record_id=target.record_id)
        found = self.bringing.found(row)
        is_seen = found is None or version_of_all(found) == target.seen
        if (found.id if found else None) != target.record_id or not is_seen:
            raise Moved
        if found is None:
            made = self.bringing.create(row)
            return Written(made.id, version_of_all(made), None)
        if not can_edit(self.by, found):
            raise Conflict("Its company keeps this record now")
        said = self._said(found, row, cells)
        why = draft_waiting(found, said) if target.is_like else refusal(found, said)
        if why:
            raise Conflict(why)
        before = self.bringing.change(found, said)
        return Written(found.id, version_of_all(found), before)

    def version(self, record_id: int) -> int | None:
        """Return the version of a record, None when it is gone."""
        found = db.session.get(Innovation, record_id)
        return version_of_all(found) if found else None

    def related(self, record_id: int) -> list[tuple[str, int]]:
        """Return the engagements on a record, as the trail calls them."""
        return [("engagement", one.id) for one in engagements(record_id)]

    def undo(self, row: ImportRow) -> None:
        """Delete the record that the row made, or put back what it said before."""
        found = db.session.get(Innovation, row.record_id) if row.record_id else None
        if found is None:
            return
        if row.before:
            self.bringing.put_back(found, row.before)
        else:
            db.session.delete(found)


def exported(by: Actor) -> list[dict[str, Any]]:
    """Return the submitted records that the actor looks after, by field, as they are brought in:
    those of their HIN, or all for the national team; what is in confidence only where they may."""
    found = select(Innovation).where(Innovation.status == RecordStatus.SUBMITTED)
    if by.is_hin:
        found = found.where(Innovation.hin_id == by.hin_id)
    whole = found.options(
        joinedload(Innovation.organisation),
        joinedload(Innovation.ics),
        joinedload(Innovation.hin),
        selectinload(Innovation.terms),
        selectinload(Innovation.collaborators),
    )
    labels = {one.name: one for one in fields()}
    return [_row(one, by, labels) for one in db.session.scalars(whole.order_by(Innovation.id))]


def _row(innovation: Innovation, by: Actor, labels: Mapping[str, Field]) -> dict[str, Any]:
    row: dict[str, Any] = {
        RECORD: innovation.id,
        "external_key": innovation.external_key,
        "organisation": innovation.organisation.name,
        "organisation_kind": innovation.organisation.kind.label,
        "submitted_on": day_of(innovation.submitted_at) if innovation.submitted_at else None,
        "sharing": innovation.sharing.label,
        "source_note": innovation.source_note,
    }
    is_open = may_read_confidential(by, innovation)
    for part in ONCE:
        for question in part.questions:
            if is_open or not question.is_confidential:
                answer = answer_of(innovation, question)
                row[question.name] = _whole_words(labels[question.name], answer)
    return row


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
    return shortened(_whole_words(one, answer))


def _whole_words(one: Field, answer: Any) -> str:
    codes = answer if isinstance(answer, list) else [answer]
    return "; ".join(one.label_of(str(code)) for code in codes if not is_blank(code))

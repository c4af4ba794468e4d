"""Read a file of innovations (CSV or JSONL) and check every cell; see `docs/importing.md`."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal import text
from portal.accounts.models import Organisation, OrganisationKind
from portal.accounts.queries.merging import kept_organisation
from portal.clock import partial_date, today
from portal.db import db
from portal.errors import NotFound
from portal.imports.rules.days import first_day_in, is_month, iso_day
from portal.imports.services.innovations import Incoming
from portal.innovations.models import Nation, Section, Sharing, StandardStatus
from portal.innovations.queries.coding import USERS_OF_INNOVATIONS
from portal.innovations.queries.places import placed, suggested_hin
from portal.innovations.sections.answers import Answers, is_blank, missing
from portal.innovations.sections.questions import PARTS, Kind, Part, Question, place_problem
from portal.reference.models import Term
from portal.reference.queries import PlaceNames, former_labels
from portal.reference.queries.sites import site_named
from portal.reference.rules import folded_label
from portal.text import folded, without_thousands
from portal.web.csv_files import FileWrong, decoded, read_csv
from portal.web.fields import as_postcode, completed_web_address, is_web_address

OWN_COLUMNS = (
    "external_key",
    "organisation",
    "organisation_kind",
    "sharing",
    "owner_email",
    "submitted_on",
    "source_note",
)
ONCE = [part for part in PARTS.values() if not part.is_list]
LISTS = [part for part in PARTS.values() if part.is_list]
COLUMNS = (*OWN_COLUMNS, *(q.name for part in ONCE for q in part.questions))
LIST_COLUMNS = tuple(part.rows for part in LISTS)
"""Only in JSONL: each a list of objects."""

Row = Mapping[str, Any]


class CellWrong(ValueError):
    """A cell says what cannot be; the message is for the person who made the file."""


def read(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield each row with its line number in the file; raises FileWrong."""
    data = path.read_bytes()
    yield from _jsonl(data) if path.suffix.lower() == ".jsonl" else _csv(data)


def _csv(data: bytes) -> Iterator[tuple[int, Row]]:
    columns, rows = read_csv(data)
    unknown = sorted({name for name in columns if name} - set(COLUMNS))
    if unknown:
        raise FileWrong(f"line 1: unknown columns: {', '.join(unknown)}")
    yield from rows


def _jsonl(data: bytes) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(decoded(data).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise FileWrong(f"line {number}: not JSON: {error.msg}") from error
        if not isinstance(row, dict):
            raise FileWrong(f"line {number}: must be one JSON object")
        yield number, row


class Codes:
    """The codes and labels that cells may name, read once."""

    def __init__(self) -> None:
        self.terms: dict[tuple[Any, str], str] = dict(former_labels())
        for term in db.session.scalars(select(Term).order_by(Term.id.desc())):
            self.terms[term.vocabulary, folded_label(term.label)] = term.code
            self.terms[term.vocabulary, folded_label(term.code)] = term.code
        self.positions: dict[tuple[Any, str], int] = {
            (term.vocabulary, term.code): term.position for term in db.session.scalars(select(Term))
        }
        self.places = PlaceNames()
        self.organisations = {
            o.name_key: kept_organisation(o).id
            for o in db.session.scalars(
                select(Organisation).where(Organisation.kind.in_(USERS_OF_INNOVATIONS))
            )
        }


def checked(
    line: int, row: Row, book: Codes, *, needs_key: bool = True
) -> tuple[Incoming | None, list[str]]:
    """Return the row as it goes in, or None and everything that is wrong with it.

    Without `needs_key` a row may have no key: then its name and maker say which record it is.
    """
    wrong: list[str] = []
    unknown = sorted(set(row) - set(COLUMNS) - set(LIST_COLUMNS))
    wrong += [f"unknown column {name}" for name in unknown]
    answers = {part.section: _once(part, row, book, wrong) for part in ONCE}
    answers |= {part.section: _rows(part, row, book, wrong) for part in LISTS if part.rows in row}
    _suggest_hin(answers[Section.ABOUT])
    wrong += [f"{q.name}: {q.needed}" for p in ONCE for q in missing(p, answers[p.section])]
    own = _own(row, wrong, needs_key=needs_key)
    if wrong:
        return None, wrong
    said = {s: a for s, a in answers.items() if any(not is_blank(value) for value in a.values())}
    own |= {"notes": _notes(row, book), "name": said[Section.ABOUT]["name"]}
    return Incoming(line=line, answers=said, **own), []


def _notes(row: Row, book: Codes) -> tuple[str, ...]:
    """Return what was taken otherwise than the row says: an ICS that another followed, a month."""
    note = book.places.ics(str(row["ics"])).note if row.get("ics") else ""
    day = str(row.get("submitted_on", "")).strip()
    month = f"submitted_on: “{day}” is taken as its first day" if is_month(day) else ""
    return tuple(words for words in (f"ics: {note}" if note else "", month) if words)


def _suggest_hin(about: Answers) -> None:
    placed(about)
    if about["nation"] and not about["hin"]:
        hin = suggested_hin(about["ics"], about["nation"])
        about["hin"] = hin.code if hin else None


def _own(row: Row, wrong: list[str], *, needs_key: bool) -> dict[str, Any]:
    own: dict[str, Any] = {name: str(row.get(name, "")).strip() for name in OWN_COLUMNS}
    needed = ("external_key", "organisation") if needs_key else ("organisation",)
    wrong += [f"{name}: must not be empty" for name in needed if not own[name]]
    own["organisation_kind"] = _member(
        OrganisationKind, own["organisation_kind"] or "company", "organisation_kind", wrong
    )
    own["sharing"] = _member(Sharing, own["sharing"] or "hins", "sharing", wrong)
    try:
        own["submitted_on"] = _past_day(own["submitted_on"]) if own["submitted_on"] else None
    except CellWrong as error:
        wrong.append(f"submitted_on: {error}")
    return own


def _member(kind: Any, value: str, column: str, wrong: list[str]) -> Any:
    try:
        return kind(value)
    except ValueError:
        wrong.append(f"{column}: must be one of {', '.join(member.value for member in kind)}")
        return None


def _once(part: Part, row: Row, book: Codes, wrong: list[str]) -> Answers:
    return {q.name: _answer(q, row.get(q.name), book, wrong, q.name) for q in part.questions}


def _rows(part: Part, row: Row, book: Codes, wrong: list[str]) -> Answers:
    items = row[part.rows]
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        wrong.append(f"{part.rows}: must be a list of objects")
        return {"items": []}
    return {"items": [_row(part, item, book, wrong, n) for n, item in enumerate(items, start=1)]}


def _row(part: Part, item: Row, book: Codes, wrong: list[str], number: int) -> Answers:
    where = f"{part.rows}[{number}]"
    known = {question.name for question in part.asked}
    wrong += [f"{where}: unknown key {name}" for name in sorted(set(item) - known)]
    answers = {
        q.name: _answer(q, item.get(q.name), book, wrong, f"{where}.{q.name}") for q in part.asked
    }
    wrong += [
        f"{where}.{q.name}: {q.needed}"
        for q in part.asked
        if q.needed and is_blank(answers[q.name])
    ]
    problem = place_problem(part, answers)
    wrong += [f"{where}.organisation: {problem}"] if problem else []
    return answers


def _answer(question: Question, cell: Any, book: Codes, wrong: list[str], where: str) -> Any:
    try:
        return _read(question, cell, book)
    except CellWrong as error:
        wrong.append(f"{where}: {error}")
        return question.blank


def _read(question: Question, cell: Any, book: Codes) -> Any:
    if cell is None or cell == "" or cell == []:
        return question.blank
    if question.is_many:
        given = cell if isinstance(cell, list) else re.split(r"\s*;\s*", str(cell).strip(" ;"))
        codes = {_code(question, str(name), book) for name in given}
        return sorted(codes, key=lambda code: book.positions[question.vocabulary, code])
    if isinstance(cell, dict | list):
        raise CellWrong("must be one value")
    return _READ.get(question.kind, _text)(question, _clean(question, str(cell)), book)


def _clean(question: Question, cell: str) -> str:
    if text.has_control_characters(cell):
        raise CellWrong("must not have hidden control characters")
    return text.clean(cell, lines=question.kind is Kind.TEXT)


def _text(question: Question, cell: str, _book: Codes) -> str:
    limit = 500 if question.kind is Kind.WEBSITE else question.max_length
    if len(cell) > limit:
        raise CellWrong(f"must be {limit:,} characters or fewer")
    return cell


def _code(question: Question, name: str, book: Codes) -> str:
    code = book.terms.get((question.vocabulary, folded_label(name)))
    if code is None:
        raise CellWrong(f"there is no “{name.strip()[:80]}”")
    return code


def _place(question: Question, cell: str, book: Codes) -> str:
    try:
        if question.kind is Kind.HIN:
            return book.places.hin(cell).code
        return book.places.ics(cell).ics.code
    except NotFound as error:
        raise CellWrong(str(error)) from error


def _organisation(_question: Question, cell: str, book: Codes) -> int:
    found = book.organisations.get(folded(cell))
    if found is None:
        raise CellWrong(f"there is no NHS organisation or charity called “{cell[:80]}”")
    return found


def _site(_question: Question, cell: str, _book: Codes) -> str:
    found = site_named(cell)
    if found is None:
        raise CellWrong(f"there is no place “{cell[:80]}”, or several: enter its ODS code")
    return found.code


def _website(question: Question, cell: str, book: Codes) -> str:
    cell = completed_web_address(cell)
    if not is_web_address(cell):
        raise CellWrong("must be a web address, like https://www.example.org")
    return _text(question, cell, book)


def _postcode(_question: Question, cell: str, _book: Codes) -> str:
    found = as_postcode(cell)
    if found is None:
        raise CellWrong("must be a full UK postcode, like SW1A 1AA")
    return found


def _pounds(_question: Question, cell: str, _book: Codes) -> str:
    try:
        amount = Decimal(without_thousands(cell).replace("£", "").strip())
    except InvalidOperation as error:
        raise CellWrong("must be an amount in pounds, like 1200.50") from error
    if not amount.is_finite() or not 0 <= amount <= 1_000_000_000:
        raise CellWrong("must be between 0 and 1,000,000,000")
    return f"{amount:.2f}".removesuffix(".00")


def _whole(_question: Question, cell: str, _book: Codes) -> int:
    plain = without_thousands(cell)
    if not re.fullmatch("[0-9]{1,10}", plain) or int(plain) > 1_000_000_000:
        raise CellWrong("must be a whole number, like 1200")
    return int(plain)


def _date(cell: str) -> date:
    try:
        return first_day_in(cell)
    except ValueError as error:
        raise CellWrong("must be a real day, like 28/02/2025") from error


def _past_day(cell: str) -> date:
    day = _date(cell)
    if day > today():
        raise CellWrong("must be today or in the past")
    return day


def _dated(question: Question, cell: str, _book: Codes) -> str:
    try:
        known = partial_date(iso_day(cell))
    except ValueError as error:
        raise CellWrong("must be a real day, month or year, like 28/02/2025 or 2025") from error
    if question.is_past and known.first > today():
        raise CellWrong("must be today or in the past")
    return known.text


def _nation(_question: Question, cell: str, _book: Codes) -> str:
    found = {folded_label(name): one.value for one in Nation for name in (one.value, one.label)}
    if folded_label(cell) not in found:
        raise CellWrong(f"must be one of {', '.join(one.value for one in Nation)}")
    return found[folded_label(cell)]


def _status(_question: Question, cell: str, _book: Codes) -> str:
    if cell not in {status.value for status in StandardStatus}:
        raise CellWrong(f"must be one of {', '.join(status.value for status in StandardStatus)}")
    return cell


_READ: Mapping[Kind, Any] = {
    Kind.TERM: _code,
    Kind.ICS: _place,
    Kind.HIN: _place,
    Kind.ORGANISATION: _organisation,
    Kind.SITE: _site,
    Kind.WEBSITE: _website,
    Kind.POSTCODE: _postcode,
    Kind.POUNDS: _pounds,
    Kind.WHOLE: _whole,
    Kind.DAY: _dated,
    Kind.NATION: _nation,
    Kind.STATUS: _status,
}

"""Reading challenges from a file: CSV or JSON lines, each line held to the rules of the form."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.challenges.forms.pages import ChallengeForm
from portal.challenges.models import Readers
from portal.challenges.services import Line
from portal.errors import NotFound
from portal.imports.rules.days import day_in
from portal.reference.models import Term, Vocabulary
from portal.reference.queries import PlaceNames
from portal.reference.rules import folded_label, folded_place
from portal.text import folded
from portal.web.csv_files import MORE, FileWrong, decoded, read_csv
from portal.web.fields import DateField

COLUMNS: Mapping[str, str] = {
    "title": "title",
    "problem": "problem",
    "who_affected": "who_affected",
    "how_many": "how_many",
    "tried": "tried",
    "outcome_wanted": "outcome_wanted",
    "must_haves": "must_haves",
    "contact_name": "contact_name",
    "contact_email": "contact_email",
    "readers": "readers",
}
"""Column: field of the form. `docs/importing.md` explains each."""
CODED: Mapping[str, Vocabulary] = {
    "care_settings": Vocabulary.CARE_SETTING,
    "conditions": Vocabulary.CONDITION,
    "areas": Vocabulary.AREA,
    "purposes": Vocabulary.PURPOSE,
}
OTHERS = ("external_key", "organisation", "needed_by", "state")
KNOWN = frozenset({*COLUMNS, *CODED, *OTHERS})
STATES = ("draft", "open")


class FileRefused(Exception):
    """The file cannot be taken; every problem names its line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class _LineForm(ChallengeForm):
    """The template of a challenge for one line: an old list may hold dates that have passed."""

    needed_by = DateField("When do you need an answer?", what="needed_by")


@dataclass(frozen=True)
class ImportCodes:
    """What a line may name."""

    organisations: Mapping[str, int]
    """The id of each organisation that may state challenges, by folded name and code, of those
    whose ICS exists today."""
    places: PlaceNames
    terms: Mapping[Vocabulary, Sequence[Term]]
    former: Mapping[tuple[Vocabulary, str], str]
    """The code behind each label that a term once had, folded."""


def read(path: Path, known: ImportCodes) -> list[Line]:
    """Return the challenges of a file; raises Refused with every problem when there is any."""
    problems: list[str] = []
    lines: list[Line] = []
    places: dict[tuple[int, str], int] = {}
    for number, row in _rows(path):
        wrong, line = read_line(number, row, known)
        if line is not None:
            first = places.setdefault((line.organisation_id, line.key), number)
            if first != number:
                wrong = [f"external_key: “{line.key}” stands on line {first} already"]
            lines.append(line)
        problems += [f"line {number}: {problem}" for problem in wrong]
    if problems:
        raise FileRefused(problems)
    return lines


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number of each line and what stands on it, by column."""
    try:
        if path.suffix.lower() in {".jsonl", ".ndjson"}:
            yield from _json_rows(decoded(path.read_bytes()))
            return
        columns, rows = read_csv(path.read_bytes())
        _refuse_unknown(1, [name for name in columns if name])
        yield from rows
    except FileWrong as wrong:
        raise FileRefused([str(wrong)]) from wrong


def _json_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as wrong:
            raise FileRefused([f"line {number}: this is not JSON"]) from wrong
        if not isinstance(row, dict):
            raise FileRefused([f"line {number}: an object is wanted, like {{“external_key”: …}}"])
        _refuse_unknown(number, list(row))
        yield number, row


def _refuse_unknown(number: int, names: Sequence[str]) -> None:
    unknown = sorted(set(names) - KNOWN)
    if unknown:
        raise FileRefused([f"line {number}: there is no column {', '.join(unknown)}"])


def read_line(
    number: int, row: Mapping[str, Any], known: ImportCodes
) -> tuple[list[str], Line | None]:
    """Return what is wrong with a line, and the challenge on it if nothing is."""
    key, state = _text(row, "external_key"), _text(row, "state") or "draft"
    wrong = [] if key else ["external_key: enter what your list calls this challenge"]
    organisation_id, note = _organisation(_text(row, "organisation"), known, wrong)
    if state not in STATES:
        wrong.append("state: enter draft or open")
    if MORE in row:
        wrong.append("there are more values than columns")
    form = _LineForm(formdata=_typed(row, known, wrong), meta={"csrf": False}).offer(known.terms)
    form.validate()
    wrong += [f"{_column(name)}: {errors[0]}" for name, errors in form.errors.items()]
    if wrong or organisation_id is None:
        return wrong, None
    opens = state == "open"
    return [], Line(number, key, organisation_id, form.content(), opens, note)


def _organisation(name: str, known: ImportCodes, wrong: list[str]) -> tuple[int | None, str]:
    """Return who states the challenge, and what to say about how the name was taken: an ICS that
    ended is the single one that followed it."""
    found = known.organisations.get(folded_place(name))
    if found is not None:
        return found, ""
    try:
        place = known.places.ics(name)
    except NotFound as problem:
        words = str(problem).replace("there is no “", "there is none called “")
        wrong.append(f"organisation: {words}")
        return None, ""
    found = known.organisations.get(folded_place(place.ics.code))
    if found is None:
        wrong.append(f"organisation: {place.ics.name} has no organisation in the portal")
    return found, place.note


def _typed(row: Mapping[str, Any], known: ImportCodes, wrong: list[str]) -> MultiDict[str, str]:
    """Return the line as somebody would have typed it into the form."""
    typed = MultiDict({field: _text(row, column) for column, field in COLUMNS.items()})
    typed["readers"] = typed["readers"] or Readers.NHS.value
    for column, vocabulary in CODED.items():
        for value in _values(row.get(column)):
            code = _code(value, known.terms[vocabulary]) or _formerly(value, vocabulary, known)
            if code is None:
                wrong.append(f"{column}: there is none called “{value}”")
            else:
                typed.add(vocabulary.value, code)
    needed_by = _text(row, "needed_by")
    if needed_by:
        day = _day(needed_by)
        if day is None:
            wrong.append("needed_by: enter a date, like 2027-03-31 or 31/03/2027")
        else:
            typed |= {f"needed_by-{part}": str(getattr(day, part)) for part in DateField.PARTS}
    return typed


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None else str(value).strip()


def _values(given: Any) -> list[str]:
    """Return the values of a coded column: a list, or text with semicolons between."""
    values = given if isinstance(given, list) else str(given or "").split(";")
    return [str(value).strip() for value in values if str(value).strip()]


def _code(value: str, terms: Sequence[Term]) -> str | None:
    """Return the code of the term that `value` names by code or label, in any case."""
    wanted = folded_label(value)
    return next((t.code for t in terms if wanted in {folded(t.code), folded_label(t.label)}), None)


def _formerly(value: str, vocabulary: Vocabulary, known: ImportCodes) -> str | None:
    """Return the code of the term that was once called so, if it may still be chosen."""
    code = known.former.get((vocabulary, folded(value)))
    return code if code in {term.code for term in known.terms[vocabulary]} else None


def _day(text: str) -> date | None:
    try:
        return day_in(text)
    except ValueError:
        return None


def _column(field: str) -> str:
    """Return the column behind a field of the form."""
    return next((name for name, vocabulary in CODED.items() if vocabulary.value == field), field)

"""The rows of a sheet as fields of a page and cells of a workbook, and back."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from markupsafe import Markup

from portal.adoption.queries.sheets import SheetLine
from portal.adoption.services.sheets import MAX_NOTE, RowChange, SavedRows
from portal.db import id_from
from portal.innovations.models import AdoptionState
from portal.text import clean, folded

UNCHANGED = "SAME"
"""What the field of the stage says where nothing changed."""
SAME_LABEL = "Nothing changed"


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen in a row: code or number, and label."""

    states: Sequence[tuple[str, str]]
    reasons: Sequence[tuple[int, str]]
    money: Sequence[tuple[int, str]]


class Options:
    """The options of a row's lists as HTML, written once for each that is chosen: a page has three
    lists in each of a hundred rows."""

    def __init__(self, offered: Choices) -> None:
        first = [("", "Not filled in"), (UNCHANGED, SAME_LABEL)]
        none = [("", "")]
        self.states = cache(partial(_options, [*first, *offered.states]))
        self.reasons = cache(partial(_options, [*none, *offered.reasons]))
        self.money = cache(partial(_options, [*none, *offered.money]))


def _options(offered: Sequence[tuple[str | int, str]], chosen: str) -> Markup:
    return Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(
            value, Markup(" selected") if str(value) == chosen else "", label
        )
        for value, label in offered
    )


@dataclass(frozen=True, slots=True)
class RowFields:
    """What stands in the fields of a row."""

    state: str = ""
    reason: str = ""
    money: str = ""
    note: str = ""

    @property
    def mark(self) -> int:
        """Return a number that changes with what stands there."""
        return zlib.crc32(f"{self.state}\n{self.reason}\n{self.money}\n{self.note}".encode())


def shown(line: SheetLine) -> RowFields:
    """Return what a row says now; the money of the quarter before stands there until another is
    chosen: it holds until somebody says otherwise."""
    row = line.row
    money = row.funding_id or line.money_id
    state = UNCHANGED if row.is_unchanged else row.state or ""
    return RowFields(str(state), str(row.reason_id or ""), str(money or ""), row.note)


def seen(line: SheetLine) -> str:
    """Return what a row's hidden field carries: its version, and what stood there."""
    return f"{line.row.version}.{shown(line).mark}"


def typed_in(form: Mapping[str, str], row_id: int) -> RowFields:
    """Return what was typed into a row."""
    fields = ("state", "reason", "money")
    state, reason, money = (form.get(f"{name}-{row_id}", "").strip() for name in fields)
    return RowFields(state, reason, money, _one_line(form.get(f"note-{row_id}", "")))


def _one_line(words: str) -> str:
    """Return a note as it is kept: visible characters, single spaces."""
    return " ".join(clean(words).split())


def changes_in(form: Mapping[str, str], choices: Choices) -> list[RowChange]:
    """Return the rows of a sent page in which something else stands than was shown."""
    found = []
    for name, value in form.items():
        row_id = id_from(name.removeprefix("seen-")) if name.startswith("seen-") else None
        version, _, mark = value.partition(".")
        if row_id is None or id_from(version) is None:
            continue
        typed = typed_in(form, row_id)
        if str(typed.mark) != mark:
            found.append(_change(row_id, int(version), typed, choices))
    return found


def _change(row_id: int, version: int, typed: RowFields, choices: Choices) -> RowChange:
    """What is in no list is no change, and said to be none."""
    is_state = typed.state in {code for code, _ in choices.states}
    reason_id = _one_of(typed.reason, choices.reasons)
    funding_id = _one_of(typed.money, choices.money)
    is_readable = (
        (is_state or typed.state in {"", UNCHANGED})
        and (reason_id is not None or not typed.reason)
        and (funding_id is not None or not typed.money)
    )
    return RowChange(
        row_id=row_id,
        seen=version,
        state=AdoptionState(typed.state) if is_state else None,
        is_unchanged=typed.state == UNCHANGED,
        reason_id=reason_id,
        funding_id=funding_id,
        note=typed.note,
        is_readable=is_readable,
    )


def _one_of(text: str, choices: Iterable[tuple[int, str]]) -> int | None:
    number = id_from(text)
    return number if number in {one for one, _ in choices} else None


@dataclass(frozen=True, slots=True)
class RowView:
    """A row as the page shows it."""

    line: SheetLine
    typed: RowFields
    seen: str
    problem: str = ""
    theirs: RowFields | None = None
    """What somebody else saved meanwhile, where both changed the row."""


def views_of(
    lines: Iterable[SheetLine],
    form: Mapping[str, str] | None = None,
    saved: SavedRows | None = None,
) -> list[RowView]:
    """Return the rows of a page; what was refused stands as it was typed, and where somebody else
    was first, beside what they saved. Without `saved` all of `form` stands there: what was typed
    before a session ended."""
    wrong = {*saved.problems, *saved.late} if saved else set()
    found = []
    for line in lines:
        now_there = shown(line)
        stays = saved is None or line.row.id in wrong
        is_typed = form is not None and f"seen-{line.row.id}" in form
        typed = typed_in(form, line.row.id) if form and is_typed and stays else now_there
        is_late = saved is not None and line.row.id in saved.late
        problem = saved.problems.get(line.row.id, "") if saved else ""
        if is_late:
            who = line.row.by.name if line.row.by else "Somebody"
            problem = f"{who} changed {line.row.site.name} meanwhile. Theirs stands below yours"
        found.append(RowView(line, typed, seen(line), problem, now_there if is_late else None))
    return found


HEADER = (
    *("Row", "Code", "Place", "Product", "Last quarter", "This quarter", "Why", "Money", "Note"),
)


def file_rows(lines: Iterable[SheetLine], choices: Choices) -> list[list[str | int]]:
    """Return the rows as the cells of a workbook."""
    states, reasons, money = (dict(one) for one in (choices.states, choices.reasons, choices.money))
    states[UNCHANGED] = SAME_LABEL
    rows: list[list[str | int]] = []
    for line in lines:
        typed = shown(line)
        before = states.get(line.before.state, "") if line.before else ""
        rows.append(
            [
                line.row.id,
                line.row.site.code,
                line.row.site.name,
                line.row.innovation.name,
                before,
                states.get(typed.state, ""),
                reasons.get(int(typed.reason or 0), ""),
                money.get(int(typed.money or 0), ""),
                typed.note,
            ]
        )
    return rows


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a workbook that says something else than the sheet."""

    line: SheetLine
    typed: RowFields
    seen: str
    was: Sequence[str]
    will: Sequence[str]


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """What a workbook would change, and what in it cannot be read."""

    rows: Sequence[ReadRow]
    problems: Sequence[str]


def read_rows(
    cells: Iterable[Sequence[str]], lines: Sequence[SheetLine], choices: Choices
) -> ReadSheet:
    """Compare the cells of a workbook, below its headings, with a sheet; nothing is changed. Rows
    are known by their number; a row of another sheet, one that stands there twice, or one with
    words that are in no list, is said and left out."""
    known = {str(line.row.id): line for line in lines}
    codes = [
        {folded(label): str(value) for value, label in one}
        for one in ([*choices.states, (UNCHANGED, SAME_LABEL)], choices.reasons, choices.money)
    ]
    rows, problems = [], []
    for number, row in enumerate(cells, start=2):
        if not any(row):
            continue
        words = [*row, *[""] * len(HEADER)][: len(HEADER)]
        line = known.pop(words[0], None)
        typed = _typed_in_cells(words, line, codes)
        if isinstance(typed, str):
            problems.append(f"Line {number}: {typed}")
        elif line is not None and typed != shown(line):
            was = [str(cell) for cell in file_rows([line], choices)[0][5:]]
            rows.append(ReadRow(line, typed, seen(line), was, [*words[5:8], typed.note]))
    return ReadSheet(rows, problems)


def _typed_in_cells(
    words: Sequence[str], line: SheetLine | None, codes: Sequence[Mapping[str, str]]
) -> RowFields | str:
    """Return what the cells of a row say, or why they cannot be read."""
    if line is None or line.row.site.code != words[1]:
        return "this row is of another sheet, or stands in the file twice"
    found = [held.get(folded(word)) for held, word in zip(codes, words[5:8], strict=True)]
    unread = [w for w, value in zip(words[5:8], found, strict=True) if w and value is None]
    if unread:
        return f"{words[2]}: “{unread[0][:60]}” is in no list"
    note = _one_line(words[8])
    if len(note) > MAX_NOTE:
        return f"{words[2]}: the note has over {MAX_NOTE} characters"
    state, reason, money = (value or "" for value in found)
    return RowFields(state, reason, money, note)

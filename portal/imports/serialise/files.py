"""What goes out: templates with lists to choose from, exports, and a file with its problems."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter
from flask import Response

from portal.imports.models import Import, ImportRow
from portal.imports.rules.mapping import Field
from portal.web.downloads import Cell, xlsx_file, xlsx_response
from portal.web.sheet_extent import column_letters

TEMPLATE_ROWS = 2_000
MAX_LIST = 400
SHOWN = 8
"""Values of a list that are named where a column is described."""
TOLD = "Problem"
GUIDE = ("Column", "Needed", "What it holds")


def template_response(filename: str, fields: Sequence[Field]) -> Response:
    """Return a workbook with a column for each field, and a list to choose from where its values
    come from one."""
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        sheet, lists, guide = (book.add_worksheet(name) for name in ("Data", "Lists", "Guide"))
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        for column, one in enumerate(fields):
            sheet.write_string(0, column, one.label, bold)
            sheet.set_column(column, column, 24, text)
            if one.is_coded:
                _offer(sheet, lists, column, one)
        sheet.freeze_panes(1, 0)
        _write_guide(guide, fields, bold)
    return xlsx_file(filename, body.getvalue())


def _offer(sheet: Any, lists: Any, column: int, one: Field) -> None:
    """Let the cells of a column be chosen from a list; of several values one is typed after the
    other, so that others are only warned of."""
    labels = [label for _, label in one.choices][:MAX_LIST]
    lists.write_string(0, column, one.label)
    for row, label in enumerate(labels, start=1):
        lists.write_string(row, column, label)
    letters = column_letters(column + 1)
    rule = {
        "validate": "list",
        "source": f"=Lists!${letters}$2:${letters}${len(labels) + 1}",
        "error_type": "information" if one.is_many else "stop",
        "error_title": "Not in the list",
        "error_message": "Several values: separate them with ; "
        if one.is_many
        else "Choose one of the list",
    }
    sheet.data_validation(1, column, TEMPLATE_ROWS, column, rule)


def _write_guide(sheet: Any, fields: Sequence[Field], bold: Any) -> None:
    for column, (name, width) in enumerate(zip(GUIDE, (30, 10, 90), strict=True)):
        sheet.write_string(0, column, name, bold)
        sheet.set_column(column, column, width)
    for row, told in enumerate(accepted(fields), start=1):
        for column, words in enumerate(told):
            sheet.write_string(row, column, words)


def about(one: Field) -> str:
    """Return what a column holds, in words."""
    if not one.is_coded:
        return one.hint
    values = "; ".join(label for _, label in one.choices[:SHOWN])
    rest = len(one.choices) - SHOWN
    more = f" and {rest} more, on the sheet Lists of the template" if rest > 0 else ""
    several = "Several of" if one.is_many else "One of"
    return ". ".join(filter(None, (f"{several}: {values}{more}", one.hint)))


def sheet_response(
    filename: str, fields: Sequence[Field], rows: Iterable[Mapping[str, Cell]]
) -> Response:
    """Return rows by field as a workbook that can be brought in as it is, with what each column
    holds on a sheet behind it."""
    header = [one.label for one in fields]
    lines = [[row.get(one.name) for one in fields] for row in rows]
    return xlsx_response(filename, header, lines, also={"Guide": (GUIDE, accepted(fields))})


def problems_response(importing: Import, rows: Iterable[ImportRow]) -> Response:
    """Return the rows as they were sent, below the names of the columns, with what is wrong with
    each in a column behind it, at the cells of this file."""
    fields = {column: name for name, column in importing.mapping.items()}
    header = [*importing.header, TOLD]
    width = len(importing.header)
    lines = [
        [*_filled(row.cells, width), problem_words(row, importing, fields, line)]
        for line, row in enumerate(rows, start=2)
    ]
    stem = importing.name.rpartition(".")[0] or "import"
    return xlsx_response(f"{stem}-problems.xlsx", header, lines)


def _filled(cells: Sequence[str], width: int) -> list[Cell]:
    return [*cells[:width], *[""] * (width - len(cells))]


def problem_words(row: ImportRow, importing: Import, fields: Mapping[int, str], line: int) -> str:
    """Return what is wrong with a row, each problem at the address of its cell on a line, and what
    was left out of it."""
    by_name = {name: column for column, name in fields.items()}
    said = []
    for name, message in row.problems.items():
        column = by_name.get(name)
        where = f"{column_letters(column + 1)}{line}: " if column is not None else ""
        said.append(f"{where}{message}")
    said += map(str, row.notes)
    return "; ".join(said)


def accepted(fields: Sequence[Field]) -> list[tuple[str, str, str]]:
    """Return the accepted columns: name, whether it is needed, what it holds."""
    return [(one.label, "Yes" if one.needed else "", about(one)) for one in fields]

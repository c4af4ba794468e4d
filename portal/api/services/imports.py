"""Bring a spreadsheet in without a page: one request for what the pages ask step by step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.accounts.models import Actor
from portal.errors import Forbidden, Invalid
from portal.imports import queries
from portal.imports.models import Import
from portal.imports.rules.mapping import Field, remembered, standing
from portal.imports.serialise.kept import Workbook, wrong_with
from portal.imports.serialise.kinds import Kind
from portal.imports.services import files


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file, and how it is to be read."""

    name: str
    data: bytes
    source: str
    sheet: str
    header_row: int
    columns: Mapping[str, str]
    """For each field the name of its column; empty to take what the last file had."""


def send_file(*, kind: Kind, sent: SentFile, read: Callable[[], Workbook], by: Actor) -> Import:
    """Keep a file, match its columns and values as they were matched last, and queue the look at
    its rows; nothing else is written. Only for those who may bring it in is it read (`read`).
    Raises Invalid and Forbidden."""
    if not kind.may(by) or by.organisation_id is None:
        raise Forbidden(f"You cannot bring {kind.many} in.")
    book = read()
    header = _header(book, sent)
    fields = kind.fields()
    memory = queries.memory_of(by.organisation_id, kind.code)
    mapping = _mapping(fields, header, sent.columns, memory.get("", {}))
    importing = files.begin(
        kind=kind.code, name=sent.name, data=sent.data, source=sent.source, by=by
    )
    files.choose_sheet(
        importing=importing,
        sheet=sent.sheet or next(iter(book.sheets)),
        header_row=sent.header_row,
        header=header,
        mapping=mapping,
    )
    files.match_columns(importing=importing, mapping=mapping, known=[one.name for one in fields])
    files.match_values(importing=importing, chosen={}, memory=standing(fields, memory))
    files.start_check(importing=importing, by=by)
    return importing


def _header(book: Workbook, sent: SentFile) -> list[str]:
    if sent.sheet and sent.sheet not in book.sheets:
        raise Invalid(f"There is no sheet {sent.sheet}", field="sheet")
    header = book.header(sent.sheet, sent.header_row)
    if wrong := wrong_with(header):
        raise Invalid(wrong, field="header_row")
    return header


def _mapping(
    fields: Sequence[Field],
    header: Sequence[str],
    columns: Mapping[str, str],
    memory: Mapping[str, str],
) -> dict[str, int]:
    """Return the column of each field: as sent, otherwise as remembered; raises Invalid."""
    known = {one.name for one in fields}
    if unknown := sorted(set(columns) - known):
        raise Invalid(f"There is no field {unknown[0]}", field="columns")
    if missing := sorted(set(columns.values()) - set(header)):
        raise Invalid(f"There is no column {missing[0]}", field="columns")
    if len(set(columns.values())) < len(columns):
        raise Invalid("A column answers one field", field="columns")
    sent = {name: list(header).index(column) for name, column in columns.items()}
    mapping = sent or remembered(fields, header, memory)
    needed = [one.name for one in fields if one.needed and one.name not in mapping]
    if needed:
        raise Invalid(f"Send in columns what answers {', '.join(needed)}", field="columns")
    return mapping

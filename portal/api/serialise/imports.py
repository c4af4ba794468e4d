"""Imports as the API says them."""

from typing import Any

from portal.api.serialise.rows import page
from portal.errors import Invalid
from portal.imports import queries
from portal.imports.models import Import, ImportRow
from portal.web.sent_sheets import read_sent
from portal.web.spreadsheets import Workbook

Row = dict[str, Any]


def read_content(name: str, data: bytes) -> Workbook:
    """Return a file as it can be read, outside the lock of SQLite; raises Invalid."""
    try:
        with queries.only_reading():
            return read_sent(data, name)
    except Invalid as wrong:
        raise Invalid(str(wrong), field="content") from wrong


def importing(row: Import) -> Row:
    """Return how far an import is, with how many rows are what."""
    job = queries.job_of(row)
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "url": page("imports.show", import_id=row.id),
        "state": row.state.value,
        "message": row.message,
        "columns": {name: row.header[column] for name, column in row.mapping.items()},
        "done": job.done if job else 0,
        "total": job.total if job else None,
        "verdicts": {one.value: count for one, count in queries.verdicts_of(row).items()},
        "results": {one.value: count for one, count in queries.results_of(row).items()},
    }


def import_row(row: ImportRow) -> Row:
    """Return a row of an import."""
    return {
        "id": row.id,
        "line": row.line,
        "name": row.name,
        "verdict": row.verdict.value if row.verdict else None,
        "problems": row.problems,
        "changes": row.changes,
        "record": row.record_id,
        "result": row.result.value if row.result else None,
    }

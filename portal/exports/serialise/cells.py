"""How values stand in CSV, so that no spreadsheet calculates them and none is lost. Pure."""

import json
from typing import Any

from portal.web.downloads import formula_safe

MARK = "'"
"""What stands before a text in CSV that a spreadsheet would calculate, or that begins with it
itself; alone it is an empty text where nothing would be read as unknown."""


def cell(value: Any, *, may_be_unknown: bool = True) -> str:
    """Return a plain value as a cell of CSV; one that is unknown is empty.

    A text that a spreadsheet would calculate gets a mark in front, and so does one that begins with
    the mark: whoever takes one mark away has the text as it was. An empty text is the mark alone
    where an empty cell would be unknown.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if not isinstance(value, str):
        return str(value)
    if not value:
        return MARK if may_be_unknown else ""
    return f"{MARK}{value}" if value.startswith(MARK) else formula_safe(value)


def text_of(written: str) -> str:
    """Return the text behind a cell that `cell` wrote."""
    return written.removeprefix(MARK)

"""What lists share: where an answer ends, and the address of what follows."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from portal.api.queries import Slice, sliced
from portal.api.queries.records import Rows
from portal.api.rules import cursor_of, number_at

Args = Mapping[str, Any]


def part_of(rows: Rows, number: Any, args: Args) -> Slice[Any]:
    """Return the part of a list that was asked for; raises Invalid for a cursor that is none, or
    another list's."""
    return sliced(rows, number, number_at(args["cursor"], list_asked()), args["limit"])


def list_asked() -> str:
    """Return the name of the list that is asked, by which its cursors are known: numbers of one
    list mean nothing in another."""
    return (request.endpoint or "").rpartition(".")[2]


def next_of(part: Slice[Any]) -> str | None:
    """Return the address of what follows, None at the end."""
    return None if part.after is None else with_cursor(cursor_of(list_asked(), part.after))


def with_cursor(cursor: str) -> str:
    """Return this request's address, reading on from a cursor."""
    asked = {name: values for name, values in request.args.lists() if name != "cursor"}
    address = {**(request.view_args or {}), **asked, "cursor": cursor}
    return url_for(request.endpoint or "", _external=True, **address)

"""Rows of the API as tables: what a program reads one by one, as one file."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import current_app
from marshmallow import Schema, fields

from portal.api.queries import sliced
from portal.api.queries.records import Rows
from portal.api.serialise.schemas import CodedValue
from portal.exports.rules.values import plain
from portal.exports.serialise.archive import Row, Sheet
from portal.notifications.outbox import full_address

KINDS: tuple[tuple[type[fields.Field[Any]], str], ...] = (
    (fields.Integer, "integer"),
    (fields.Float, "number"),
    (fields.Boolean, "boolean"),
    (fields.AwareDateTime, "datetime"),
    (fields.Date, "date"),
    (fields.String, "string"),
)
BETWEEN = "; "
"""What stands between several values of a cell."""
AT_ONCE = 100


def sheet_of(
    name: str, title: str, shape: type[Schema], rows: Iterable[Mapping[str, Any]], about: str = ""
) -> Sheet:
    """Return rows in the shape of an answer of the API as a table.

    What has a code becomes two columns, the code and what it is called; several values stand in one
    cell. Lists of rows with columns of their own are left out: they are tables of their own.
    """
    shown = [(key, one, kind) for key, one in shape().fields.items() if (kind := _kind_of(one))]
    described = [field for key, one, kind in shown for field in _fields(key, one, kind)]
    schema = {"fields": described, "missingValues": [""]}
    if "id" in shape().fields:
        schema["primaryKey"] = ["id"]
    never = frozenset(key for key, one, kind in shown if kind == "string" and not one.allow_none)
    flat = (_flat(row, shown) for row in rows)
    return Sheet(name, title, about, schema, flat, never_unknown=never)


Shown = list[tuple[str, fields.Field[Any], str]]


def _kind_of(one: fields.Field[Any]) -> str:
    """Return the kind of a field; "coded" and "several" are those of more than one value."""
    if isinstance(one, fields.Nested):
        return "coded" if one.nested is CodedValue else ""
    if isinstance(one, fields.List):
        inner = _kind_of(one.inner)
        return {"coded": "several coded", "string": "several"}.get(inner, "")
    return next((kind for type_, kind in KINDS if isinstance(one, type_)), "")


def _fields(key: str, one: fields.Field[Any], kind: str) -> Iterator[dict[str, Any]]:
    words = one.metadata.get("description", "")
    said = {"description": words} if words else {}
    simple = kind in {known for _, known in KINDS}
    yield {"name": key, "type": kind if simple else "string", **said}
    if "coded" in kind:
        yield {"name": f"{key}_label", "type": "string", "description": f"What {key} is called"}


def _flat(row: Mapping[str, Any], shown: Shown) -> Row:
    found: dict[str, Any] = {}
    for key, _, kind in shown:
        value = row[key]
        if "coded" in kind:
            each = [one for one in (value if "several" in kind else [value]) if one]
            found[key] = BETWEEN.join(one["code"] for one in each) or None
            found[f"{key}_label"] = BETWEEN.join(one["label"] for one in each) or None
        else:
            found[key] = (BETWEEN.join(value) or None) if kind == "several" else plain(value)
    return found


def each(rows: Rows, number: Any) -> Iterator[Any]:
    """Yield the rows of a list in the order of their numbers, some at a time."""
    after: int | None = 0
    while after is not None:
        part = sliced(rows, number, after, AT_ONCE)
        yield from part.items
        after = part.after


@contextmanager
def addresses() -> Iterator[None]:
    """Make whole addresses of pages in a job, where no request says what the service is called."""
    with current_app.test_request_context(base_url=full_address("/")):
        yield

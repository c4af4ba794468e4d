"""The description of files that travels with them: a Data Package with a Table Schema for each
table (https://specs.frictionlessdata.io). Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from portal.exports.rules.tables import Leaving, LeavingTable

Descriptor = dict[str, Any]
LICENCE: Descriptor = {
    "name": "OGL-UK-3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "title": "Open Government Licence v3.0",
}
ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."


def package(name: str, title: str, resources: Sequence[Descriptor], **more: Any) -> Descriptor:
    """Return the descriptor of a package of tables."""
    return {
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        **more,
        "resources": list(resources),
    }


def resource(
    name: str, path: str, title: str, description: str, schema: Descriptor, **more: Any
) -> Descriptor:
    """Return the descriptor of one CSV file."""
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "title": title,
        **({"description": description} if description else {}),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **more,
        "schema": schema,
    }


def schema_of(table: LeavingTable) -> Descriptor:
    """Return the Table Schema of a table."""
    return {
        "fields": [_field(table, one) for one in table.columns],
        "primaryKey": list(table.keys),
        "foreignKeys": list(_foreign_keys(table)),
        "missingValues": [""],
    }


def _field(table: LeavingTable, one: Leaving) -> Descriptor:
    is_text = one.kind == "string" and not one.choices
    constraints: Descriptor = {}
    # An empty cell of a text that is never unknown is an empty text: it is not missing.
    if not one.may_be_unknown and not is_text:
        constraints["required"] = True
    if one.is_unique or table.keys == (one.name,):
        constraints["unique"] = True
    if one.choices:
        constraints["enum"] = [value for value, _ in one.choices]
    found: Descriptor = {"name": one.name, "type": one.kind}
    if one.meaning:
        found["description"] = one.meaning
    return found | ({"constraints": constraints} if constraints else {})


def _foreign_keys(table: LeavingTable) -> Iterable[Descriptor]:
    for one in table.columns:
        if one.refers:
            name, _, field = one.refers.partition(".")
            above = "" if name == table.name else name
            yield {"fields": one.name, "reference": {"resource": above, "fields": field}}

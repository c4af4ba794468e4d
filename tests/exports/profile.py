"""The rules of the Data Package, Tabular Data Resource and Table Schema profiles that a reader
relies on, as their specification (version 1) has them."""

import re
from typing import Any

NAME = re.compile(r"^[-a-z0-9._/]+$")
TYPES = {
    *("string", "number", "integer", "boolean", "object", "array", "date", "time", "datetime"),
    *("year", "yearmonth", "duration", "geopoint", "geojson", "any"),
}
CONSTRAINTS = {
    *("required", "unique", "minLength", "maxLength", "minimum", "maximum", "pattern", "enum"),
}
MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")


def problems(package: dict[str, Any]) -> list[str]:
    """Return what a descriptor has that the profiles do not allow, or lacks that they need."""
    resources = package.get("resources") or []
    names = [one.get("name") for one in resources]
    found = [] if resources else ["a package needs resources"]
    if package.get("profile") != "tabular-data-package":
        found.append("profile")
    if not NAME.match(package.get("name", "")):
        found.append("name of the package")
    if not MOMENT.match(package.get("created", "")):
        found.append("created")
    found += [f"{name} stands twice" for name in names if names.count(name) > 1]
    found += _licences(package)
    schemas = {one.get("name"): one.get("schema", {}) for one in resources}
    for one in resources:
        found += [f"{one.get('name')}: {said}" for said in _resource(one, schemas)]
    return found


def _licences(one: dict[str, Any]) -> list[str]:
    wrong = [said for said in one.get("licenses", []) if not {"name", "path"} & set(said)]
    return ["a licence needs a name or a path"] if wrong or one.get("licenses") == [] else []


def _resource(one: dict[str, Any], schemas: dict[str, Any]) -> list[str]:
    found = [] if NAME.match(one.get("name", "")) else ["name"]
    if one.get("profile") != "tabular-data-resource":
        found.append("profile")
    path = one.get("path", "")
    if not path or path.startswith("/") or ".." in path.split("/"):
        found.append("path")
    if one.get("encoding", "utf-8") != "utf-8" or one.get("format") != "csv":
        found.append("format or encoding")
    schema = one.get("schema", {})
    fields = [field.get("name") for field in schema.get("fields", [])]
    if not fields or len(set(fields)) != len(fields):
        found.append("fields")
    if not isinstance(schema.get("missingValues", [""]), list):
        found.append("missingValues")
    found += _licences(one)
    for field in schema.get("fields", []):
        found += _field(field)
    found += _keys(schema, fields, schemas)
    return found


def _field(field: dict[str, Any]) -> list[str]:
    found = [] if field.get("type") in TYPES else [f"type of {field.get('name')}"]
    constraints = field.get("constraints", {})
    if not set(constraints) <= CONSTRAINTS:
        found.append(f"constraints of {field['name']}")
    if "enum" in constraints and len(set(constraints["enum"])) != len(constraints["enum"]):
        found.append(f"enum of {field['name']}")
    return found


def _keys(schema: dict[str, Any], fields: list[str], schemas: dict[str, Any]) -> list[str]:
    found = [] if set(schema.get("primaryKey", [])) <= set(fields) else ["primaryKey"]
    for key in schema.get("foreignKeys", []):
        above = key["reference"]["resource"]
        target = schema if above == "" else schemas.get(above)
        names = [one["name"] for one in target["fields"]] if target else []
        if key["fields"] not in fields or key["reference"]["fields"] not in names:
            found.append(f"foreign key {key}")
    return found

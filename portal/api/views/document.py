"""The document of the API (OpenAPI 3.1), and the page that people read of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, url_for

from portal.api.views.start import blueprint
from portal.web.access import public

pages = Blueprint("api_pages", __name__, template_folder="../templates")
EXTENSION = "portal_api"
METHODS = ("get", "post", "put", "patch", "delete")


@public
def openapi() -> Response:
    """Give the document of the API."""
    return jsonify(document())


def document() -> dict[str, Any]:
    """Return the document of the API."""
    found: dict[str, Any] = current_app.extensions[EXTENSION].spec.to_dict()
    return found


@dataclass(frozen=True)
class Operation:
    """One operation, ready to be read."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    needs_token: bool
    parameters: list[Mapping[str, Any]] = field(default_factory=list)
    body: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, Any] = field(default_factory=dict)


# By Flask's own method: the document does not tell of itself.
Blueprint.add_url_rule(blueprint, "/openapi.json", "openapi", openapi)


@pages.get("/api/v1/docs")
@public
def reference() -> str:
    """Show every operation of the API, its arguments and answers, and how to get a token."""
    said = document()
    operations = list(_operations(said))
    tags = list(dict.fromkeys(tag for tag, _ in operations))
    return render_template(
        "api/reference.html",
        shapes=_shapes(said),
        groups=[(tag, [one for of, one in operations if of == tag]) for tag in tags],
        address=url_for("api.openapi", _external=True),
        base=url_for("api.search", _external=True).removesuffix("/innovations"),
    )


@pages.get("/api")
@public
def moved_to_reference() -> Any:
    """Lead whoever guesses the address to the page about it."""
    return redirect(url_for("api_pages.reference"))


def _operations(said: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, methods in said["paths"].items():
        for method in METHODS:
            if method in methods:
                yield methods[method]["tags"][0], _operation(said, path, method, methods)


def _operation(
    said: Mapping[str, Any], path: str, method: str, methods: Mapping[str, Any]
) -> Operation:
    told = methods[method]
    parameters = [*methods.get("parameters", ()), *told.get("parameters", ())]
    success = next(answer for code, answer in told["responses"].items() if code.startswith("2"))
    return Operation(
        name=f"{method}-{path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}",
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        description=told.get("description", ""),
        needs_token={} not in told["security"],
        parameters=parameters,
        body=_fields(said, told.get("requestBody", {})),
        answer=_fields(said, success),
    )


def _shapes(said: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the fields of everything that an answer may hold lists of, by its name."""
    schemas = said["components"]["schemas"]
    named = {name: _named_fields(schema) for name, schema in schemas.items()}
    held = {
        about["kind"].rpartition(" ")[2] for shape in named.values() for about in shape.values()
    }
    return {name: shape for name, shape in sorted(named.items()) if name in held}


def _fields(said: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a body by name, with what the document says of each."""
    schema = content.get("content", {}).get("application/json", {}).get("schema", {})
    named = said["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], {})
    return _named_fields(named)


def _named_fields(schema: Mapping[str, Any]) -> dict[str, Any]:
    required = schema.get("required", ())
    return {
        name: {**about, "kind": _kind(about), "is_required": name in required}
        for name, about in sorted(schema.get("properties", {}).items())
    }


def _kind(about: Mapping[str, Any]) -> str:
    """Return what a field holds, in words: "list of Found"."""
    for key in ("anyOf", "allOf", "oneOf"):
        if key in about:
            kinds = [_kind(one) for one in about[key]]
            return " or ".join(sorted(kinds, key=lambda kind: kind != "null"))
    if "$ref" in about:
        return str(about["$ref"].rpartition("/")[2])
    kind = about.get("type", "anything")
    if kind == "array":
        return f"list of {_kind(about.get('items', {}))}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)

"""The API's blueprint, and how one operation is declared: address, answer, arguments, who may."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from flask_smorest import Api, Blueprint
from marshmallow import Schema

from portal.accounts.models.tokens import TokenScope
from portal.accounts.session import refuse_wrong_token, require_scope
from portal.api.serialise.schemas import Problem
from portal.api.views import allowance, answers
from portal.api.views.problems import MIMETYPE
from portal.web.access import public

View = TypeVar("View", bound=Callable[..., Any])
PREFIX = "/api/v1"

blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
blueprint.before_request(refuse_wrong_token)
blueprint.before_request(allowance.count)
blueprint.after_request(answers.finish)

NAMES = {
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    422: "UNPROCESSABLE_ENTITY",
    429: "TOO_MANY_REQUESTS",
}


class PortalApi(Api):  # type: ignore[misc]  # the library has no types
    """The library's document of the API; refusals are the portal's own, and told as problems."""

    ERROR_SCHEMA = Problem
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors to the portal: the library's handler would answer for pages, too."""

    def _register_responses(self) -> None:
        content = {MIMETYPE: {"schema": Problem}}
        for name in NAMES.values():
            said = {"description": name.replace("_", " ").capitalize(), "content": content}
            self.spec.components.response(name, said, lazy=True)
        malformed = {"description": "No JSON, or not as this address takes it", "content": content}
        self.spec.components.response("BAD_REQUEST", malformed, lazy=True)


def operation(
    rule: str,
    answer: type[Schema],
    *,
    asks: type[Schema] | None = None,
    sends: type[Schema] | None = None,
    marks: type[Schema] | None = None,
    method: str = "GET",
    status: int = 200,
    scope: TokenScope = TokenScope.READ,
    is_open: bool = False,
    tag: str = "",
) -> Callable[[View], View]:
    """Declare a view as an operation of the API.

    `asks` are the arguments of its address, `sends` its body, `marks` its headers, `scope` what its
    token must be made for; `is_open` lets anybody read it, as `@public` does for pages.
    """

    def declare(view: View) -> View:
        declared: Any = _with_scope(view, scope)
        if is_open:
            public(declared)
        for schema, location in ((marks, "headers"), (sends, "json"), (asks, "query")):
            if schema is not None:
                declared = blueprint.arguments(schema, location=location)(declared)
        declared = blueprint.response(status, answer)(declared)
        for code in _refusals(method, has_arguments=bool(asks or sends)):
            declared = blueprint.alt_response(code, NAMES[code])(declared)
        if sends is not None:
            declared = blueprint.alt_response(400, "BAD_REQUEST")(declared)
        said: Mapping[str, Any] = {"security": [{}, {"token": []}] if is_open else [{"token": []}]}
        declared = blueprint.doc(**said)(declared)
        blueprint.route(rule, methods=[method], tags=[tag] if tag else None)(declared)
        return view

    return declare


def _with_scope(view: View, scope: TokenScope) -> Callable[..., Any]:
    @wraps(view)
    def asked(*args: Any, **kwargs: Any) -> Any:
        require_scope(scope)
        return view(*args, **kwargs)

    return asked


def _refusals(method: str, *, has_arguments: bool) -> list[int]:
    """Return with what an operation may refuse: 409 only what changes something."""
    changes = [409] if method != "GET" else []
    return [401, 403, 404, *changes, *([422] if has_arguments else []), 429]

"""Refusals as programs read them: problem details for HTTP APIs (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from flask import json, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.db import db
from portal.errors import Invalid, PortalError
from portal.web import unavailable
from portal.web.errors import REFUSALS, is_taken

MIMETYPE = "application/problem+json"
OVERTAKEN = "Somebody else changed it at the same moment. Read it again, then send it again."
Told = tuple[int, str, dict[str, list[str]]]
"""Code, words, and what is wrong in which field."""


def problem(error: Exception) -> Response:
    """Return the answer of an error; raises what is no refusal but a mistake of ours."""
    code, words, errors = _told(error)
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": words,
        **({"errors": errors} if errors else {}),
    }
    answer = Response(json.dumps(said), code, mimetype=MIMETYPE)
    if isinstance(error, HTTPException):
        for name, value in error.get_headers(request.environ):
            if name.lower() not in {"content-type", "content-length"}:
                answer.headers[name] = value
    return answer


def _told(error: Exception) -> Told:
    if isinstance(error, Invalid):
        return 422, str(error), {error.field: [str(error)]} if error.field else {}
    if isinstance(error, PortalError):
        code = next(code for kind, code in REFUSALS.items() if isinstance(error, kind))
        return code, str(error), {}
    if isinstance(error, StaleDataError):
        db.session.rollback()
        return 409, OVERTAKEN, {}
    if isinstance(error, IntegrityError):
        if not is_taken(error):
            raise error
        db.session.rollback()
        return 409, OVERTAKEN, {}
    if why := unavailable.reason(error):
        return 503, f"{why} Nothing was changed. Send it again in a few minutes.", {}
    return _of_http(error) if isinstance(error, HTTPException) else (500, WENT_WRONG, {})


WENT_WRONG = "Something went wrong here. Nothing was changed."


def _of_http(error: HTTPException) -> Told:
    code = error.code or 500
    messages = (getattr(error, "data", None) or {}).get("messages", {})
    errors = {name: said for place in messages.values() for name, said in _flat(place)}
    if code == 500:
        return code, WENT_WRONG, {}
    words = "What was sent does not fit; see errors." if errors else str(error.description or "")
    return code, words, errors


def _flat(said: Any, name: str = "") -> list[tuple[str, list[str]]]:
    """Return `[(field, messages)]` of messages within messages: the second of a list is "x.1"."""
    if isinstance(said, dict):
        return [
            one for key, below in said.items() for one in _flat(below, f"{name}.{key}".strip("."))
        ]
    return [(name, [str(one) for one in (said if isinstance(said, list) else [said])])]

"""What each request took: numbers for Prometheus, and a line of JSON for whoever reads logs.

Neither holds what was typed or who somebody is: a route is its pattern, a person a number.
"""

import json
import logging
import os
import re
import secrets
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from prometheus_client import CollectorRegistry, Counter, Histogram
from sqlalchemy import event, inspect
from sqlalchemy.engine import Engine

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which several processes add up their numbers."""
REGISTRY = CollectorRegistry(auto_describe=True)
REQUESTS = Counter(
    "portal_requests_total",
    "Requests answered",
    ("method", "route", "code"),
    registry=REGISTRY,
)
SECONDS = Histogram(
    "portal_request_seconds",
    "Seconds until the answer was made, by the part of the portal that made it",
    ("part",),
    buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30, 60),
    registry=REGISTRY,
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
logger = logging.getLogger("portal.requests")
NAME = "portal-requests"
_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)


@dataclass
class Measured:
    """What is known of a request while it is answered."""

    number: str
    """Its id: the proxy's, where that sends one."""
    began: float = field(default_factory=time.perf_counter)
    statements: int = 0


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    number = given if _ID.fullmatch(given) else secrets.token_hex(8)
    g.measured = Measured(number)


@event.listens_for(Engine, "before_cursor_execute")
def _count(*_given: Any) -> None:
    if has_request_context() and "measured" in g:
        g.measured.statements += 1


def _end(response: Response) -> Response:
    measured: Measured | None = g.get("measured")
    if measured is None:
        return response
    seconds = time.perf_counter() - measured.began
    method = request.method if request.method in METHODS else "other"
    route = request.url_rule.rule if request.url_rule else "none"
    part = (request.endpoint or "none").partition(".")[0]
    REQUESTS.labels(method, route, response.status_code).inc()
    SECONDS.labels(part).observe(seconds)
    response.headers["X-Request-ID"] = measured.number
    if logger.handlers:
        logger.info(_line(measured, method, route, response.status_code, seconds))
    return response


def _line(measured: Measured, method: str, route: str, code: int, seconds: float) -> str:
    said = {
        "id": measured.number,
        "method": method,
        "route": route,
        "code": code,
        "user_id": _number_of(g.get("_login_user")),
        "ms": round(seconds * 1000),
        "statements": measured.statements,
    }
    return json.dumps(said)


def _number_of(person: object) -> int | None:
    """Return the number of whoever is signed in, if the request has asked: a line of a log is worth
    no statement, also where a commit let the row go."""
    state = inspect(person, raiseerr=False)
    return state.identity[0] if state is not None and state.identity else None


def init_app(app: Flask) -> None:
    """Measure every request; write its line where `REQUEST_LOG` says so."""
    if folder := os.environ.get(FOLDER):
        Path(folder).mkdir(parents=True, exist_ok=True)
    app.before_request(_begin)
    app.after_request(_end)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.handlers.clear()
    if app.config.get("REQUEST_LOG") == "stdout":
        handler = logging.StreamHandler(sys.stdout)
        handler.set_name(NAME)
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)

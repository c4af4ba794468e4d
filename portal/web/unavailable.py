"""What cannot be done now, and nobody's mistake: the database is busy or gone, or the disk is full.

The page says so and shows what was typed. It needs no database, and asks nobody who is there.
"""

import errno
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

import click
from flask import Flask, Response, current_app, render_template
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.wrappers import Response as BaseResponse

from portal.web import kept
from portal.web.access import ask_nobody
from portal.web.programs import or_page
from portal.web.transactions import forget_transaction

BUSY = "Others were saving at the same moment, for longer than we could wait."
FULL = "There is no room left to save anything, so nothing can be saved now."
GONE = "The database cannot be reached."
RETRY_SECONDS = 30
"""After so many a program may ask again."""

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
SAID_BY_SQLITE = {
    "locked": BUSY,
    "busy": BUSY,
    "disk is full": FULL,
    "readonly": FULL,
    "disk I/O error": FULL,
    "unable to open": GONE,
}
SQLSTATES = {"40001": BUSY, "40P01": BUSY, "55P03": BUSY, "57014": BUSY, "53100": FULL}
"""Serialisation failure, deadlock, lock not available, cancelled; disk full (PostgreSQL, A.1)."""
CLASSES_GONE = ("08", "28", "3D", "53", "57", "58")
"""Connection, refused sign-in, no such database, resources, operator's intervention, errors of the
system (the same table)."""


def reason(error: Exception) -> str:
    """Return in words why it cannot be done now, "" where that is not what happened."""
    if isinstance(error, NoConnectionFree):
        return BUSY
    if isinstance(error, OSError):
        return FULL if error.errno in NO_ROOM else ""
    return _of_database(error) if isinstance(error, DBAPIError) else ""


def _of_database(error: DBAPIError) -> str:
    said, state = str(error.orig), getattr(error.orig, "sqlstate", None)
    if type(error.orig).__module__ == "sqlite3":
        return next((words for mark, words in SAID_BY_SQLITE.items() if mark in said), "")
    if state in SQLSTATES:
        return SQLSTATES[state]
    # Without a state the server never answered.
    is_gone = error.connection_invalidated or state is None or state.startswith(CLASSES_GONE)
    return GONE if is_gone else ""


def _texts() -> list[tuple[str, str]]:
    # What was sent may be what there was no room for.
    with suppress(OSError):
        return kept.texts_sent()
    return []


def _page(error: Exception) -> BaseResponse:
    ask_nobody()
    page = render_template("errors/503.html", reason=reason(error), texts=_texts())
    return Response(page, 503, {"Retry-After": str(RETRY_SECONDS)})


def _answer(error: Exception) -> BaseResponse:
    """Answer with 503; raises what is a mistake of ours."""
    if not reason(error):
        raise error
    current_app.logger.exception("answered with 503")
    forget_transaction()
    answer: BaseResponse = or_page(_page)(error)
    return answer


def guard_commands(app: Flask) -> None:
    """Let each command that was registered end with one line where the database is away."""
    for command in app.cli.commands.values():
        command.invoke = _said_plainly(command.invoke)  # type: ignore[assignment,method-assign]


def _said_plainly(invoke: Callable[[click.Context], Any]) -> Callable[[click.Context], Any]:
    @wraps(invoke)
    def guarded(context: click.Context) -> Any:
        try:
            return invoke(context)
        except (DBAPIError, NoConnectionFree) as error:
            words = reason(error)
            if not words:
                raise
            said = " ".join(str(getattr(error, "orig", "")).split())
            look = " Look at DATABASE_URL." if words == GONE else ""
            raise click.ClickException(f"{words} It says: {said}.{look}") from None

    return guarded


def init_app(app: Flask) -> None:
    """Answer so wherever it happens; what else these errors may mean stays a fault (500)."""
    for kind in (DBAPIError, NoConnectionFree, OSError):
        app.register_error_handler(kind, _answer)

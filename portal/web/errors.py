"""Error pages: what happened, what to do now, never a stack trace."""

from typing import Any

from flask import Flask, Response, g, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, MovedTo, NotFound, PortalError
from portal.web import access, kept, sending
from portal.web.access import ask_nobody, ask_to_sign_in, is_stranger
from portal.web.conflicts import words_of
from portal.web.opened import acting_now
from portal.web.programs import asked_by_program, or_page
from portal.web.sending import OtherMembership, SentAlready
from portal.web.transactions import forget_transaction

CODES = (400, 403, 404, 409, 413, 429, 500)
SAME_PAGE = {405: 400, 410: 404, 415: 400, 422: 400}
UNIQUE = "23505"  # PostgreSQL's unique_violation; SQLite says it in words
REFUSALS = {Invalid: 400, Forbidden: 403, NotFound: 404, Conflict: 409}


def _page(error: HTTPException) -> Response:
    """Answer with the page of the error's code, keeping headers such as ``Allow``."""
    code = error.code or 500
    if code == 500:
        ask_nobody()
    answer = Response(render_template(f"errors/{SAME_PAGE.get(code, code)}.html"), code)
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            answer.headers[name] = value
    return answer


def _refusal(error: PortalError) -> tuple[str, int] | BaseResponse:
    """Answer a refusal of a service or a door with its page and its own words.

    Somebody not signed in who opens a page that is not there for them is asked to sign in, whether
    it is there for others or not: links in emails lead on, and nobody learns what exists.
    """
    if isinstance(error, NotFound) and request.method == "GET" and is_stranger():
        return ask_to_sign_in()
    left = access.page_of_what_is_left() if isinstance(error, NotFound) else None
    if left is not None:
        return render_template("errors/removed.html", page=left), 410
    code = next(code for kind, code in REFUSALS.items() if isinstance(error, kind))
    reason = words_of(error) if isinstance(error, Conflict) else str(error)
    return _refused_with(reason, code), code


def moved(error: MovedTo) -> BaseResponse | tuple[str, int]:
    """Lead on to the same page of what a thing was made one with, for ever; what was sent to it is
    refused and kept, for it was written about another one."""
    arguments = request.view_args or {}
    if request.method not in {"GET", "HEAD"} or arguments.get(error.argument) != error.was_id:
        return _refused_with(str(error), 409), 409
    values = {**request.args.to_dict(flat=False), **arguments, error.argument: error.now_id}
    return redirect(url_for(request.endpoint or "", **values), 301)


def _refused_with(reason: str, code: int) -> str:
    """Return the page of a refusal, with what was typed where something was."""
    return render_template(
        f"errors/{code}.html", reason=reason, texts=kept.texts_sent(), page=kept.page_of_form()
    )


def _overtaken(_error: StaleDataError) -> tuple[str, int]:
    """Answer a save that another one overtook in the last instant."""
    forget_transaction()  # the page asks whose it is, as below
    return _refused_with("", 409), 409


def is_taken(error: IntegrityError) -> bool:
    """Whether the database refused what is there already."""
    return getattr(error.orig, "sqlstate", "") == UNIQUE or "UNIQUE" in str(error.orig)


def _refused_by_database(error: IntegrityError) -> tuple[str, int]:
    """Answer two who wrote the same at once: services look first, the database has the last word.

    Any other broken constraint is a mistake of ours.
    """
    if not is_taken(error):
        raise error
    db.session.rollback()  # the page asks whose it is, which a broken transaction does not answer
    return _refused_with("", 409), 409


def _other_membership(_error: OtherMembership) -> tuple[str, int]:
    """Answer a form that was opened acting for another organisation; what was typed is kept."""
    acting = acting_now()
    page = sending.as_kept(g.opened, acting)
    texts = kept.texts_sent() if page else []
    return (
        render_template(
            "errors/other_membership.html", opened=g.opened, acting=acting, page=page, texts=texts
        ),
        409,
    )


def _sent_already(error: SentAlready) -> tuple[str, int]:
    """Answer a form that was sent before: what came of it, and what was typed now."""
    page = render_template(
        "errors/sent_already.html",
        sent=error,
        again=sending.again_field(error.opened),
        fields=kept.sent_fields(),
        texts=kept.texts_sent(),
    )
    return page, 409


def _lead_on(error: MovedTo) -> Any:
    """Lead programs on as people; refuse what is sent to the old address as a conflict."""
    if request.method in {"GET", "HEAD"}:
        return moved(error)
    return or_page(moved)(Conflict(str(error)) if asked_by_program() else error)


def _as_it_is(error: HTTPException) -> HTTPException:
    """Leave what has no page of its own as werkzeug answers it."""
    return error


def init_app(app: Flask) -> None:
    """Answer the errors in ``CODES`` and the portal's refusals with pages of our own, or as a
    program that asks understands them."""
    for code in (*CODES, *SAME_PAGE):
        app.register_error_handler(code, or_page(_page))
    app.register_error_handler(HTTPException, or_page(_as_it_is))
    for kind in REFUSALS:
        app.register_error_handler(kind, or_page(_refusal))
    app.register_error_handler(MovedTo, _lead_on)
    app.register_error_handler(StaleDataError, or_page(_overtaken))
    app.register_error_handler(OtherMembership, or_page(_other_membership))
    app.register_error_handler(SentAlready, or_page(_sent_already))
    app.register_error_handler(IntegrityError, or_page(_refused_by_database))

"""Who asks by a token of the API: the person who made it, in the role that they made it for."""

from dataclasses import replace

from flask import Request, current_app, g, request
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from portal.accounts.models import Actor, User
from portal.accounts.models.tokens import ApiToken, TokenScope
from portal.accounts.policy import can_sign_in
from portal.accounts.queries.tokens import working_token
from portal.accounts.rules import TOKEN_SEEN_EVERY
from portal.accounts.services import note_token_used
from portal.accounts.session.actors import actor_of
from portal.clock import now
from portal.db import db, writing
from portal.errors import Forbidden
from portal.web.programs import asked_by_program, unauthorized

WRONG = "The token is wrong, was revoked, has expired, or its person no longer acts in that role."


def user_of_token(asked: Request) -> User | None:
    """Return the person of the request's token, and let them act as it was made; None without one.

    Tokens count for programs' addresses alone; one that does not work is nobody's, see
    `refuse_wrong_token`.
    """
    given = asked.headers.get("Authorization")
    if given is None or not asked_by_program():
        return None
    scheme, _, token = given.partition(" ")
    row = working_token(token.strip()) if scheme.lower() == "bearer" else None
    if row is None or not can_sign_in(row.user, production=current_app.config["PRODUCTION"]):
        return None
    g.api_token, g.actor = row, _actor(row)
    if row.used_at is None or row.used_at < now() - TOKEN_SEEN_EVERY:
        _keep_used(row)
    return row.user


def _actor(row: ApiToken) -> Actor:
    return replace(actor_of(row.user, row.membership), token_id=row.id)


def _keep_used(row: ApiToken) -> None:
    """Note the use in a short transaction of its own; while something long is written, not at
    all: a program that reads is not kept waiting for it to be noted."""
    try:
        with writing():
            note_token_used(token=row)
    except OperationalError:
        db.session.rollback()


def refuse_wrong_token() -> None:
    """Refuse a token that does not work, also where none is needed: whoever sent it expects more
    than strangers get. Raises Unauthorized."""
    if "Authorization" in request.headers and not current_user.is_authenticated:
        raise unauthorized(WRONG)


def require_scope(scope: TokenScope) -> None:
    """Refuse a token that was not made for this; raises Forbidden."""
    token: ApiToken | None = g.get("api_token")
    if token is not None and scope not in token.allowed:
        raise Forbidden(f"This token was not made for this: it lacks “{scope.value}”.")


def token_lacks(scope: TokenScope) -> bool:
    """Whether the request has a token that was not made for this."""
    token: ApiToken | None = g.get("api_token")
    return token is not None and scope not in token.allowed

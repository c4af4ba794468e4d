"""Make, use and revoke tokens of the API."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import or_, update

from portal.accounts.models import Actor, Membership, User
from portal.accounts.models.tokens import ApiToken, TokenScope
from portal.accounts.policy import can_act_as
from portal.accounts.queries.tokens import tokens_of
from portal.accounts.rules import (
    MAX_TOKEN_DAYS,
    MAX_TOKENS,
    TOKEN_SEEN_EVERY,
    hashed,
    new_api_token,
)
from portal.accounts.services import trail
from portal.clock import now
from portal.db import db
from portal.errors import Forbidden, Invalid


def make_token(
    *,
    user: User,
    membership: Membership,
    name: str,
    scopes: Iterable[TokenScope],
    days: int,
    by: Actor,
    factor_elsewhere: bool = False,
) -> str:
    """Make a token that acts as the person in one of their memberships; returns it, to be shown
    once.

    Raises Forbidden for a membership of somebody else, Invalid for no scope, days outside 1 to
    `MAX_TOKEN_DAYS`, or more than `MAX_TOKENS` tokens.
    """
    if not can_act_as(by, membership) or user.id != by.user_id:
        raise Forbidden("You do not act for that organisation.")
    wanted = sorted(set(scopes))
    if not wanted:
        raise Invalid("Select what the token may do", field="scopes")
    if not 0 < days <= MAX_TOKEN_DAYS:
        raise Invalid("Select how long the token works", field="days")
    if len(tokens_of(user.id)) >= MAX_TOKENS:
        raise Invalid(f"You have {MAX_TOKENS} tokens already. Revoke one first")
    token = new_api_token()
    row = ApiToken(
        user_id=user.id,
        membership_id=membership.id,
        name=name,
        token_hash=hashed(token),
        scopes=[scope.value for scope in wanted],
        expires_at=now() + timedelta(days=days),
        factor_elsewhere=factor_elsewhere,
    )
    db.session.add(row)
    db.session.flush()
    allowed = ", ".join(scope.label.lower() for scope in wanted)
    said = f"made the API token {row.id} for {membership.organisation.name}: {allowed}"
    trail.of_user("token_made", user, said, by=by)
    return token


def revoke_token(*, token: ApiToken, by: Actor) -> None:
    """Let a token work no more; once revoked it stays so."""
    if token.revoked_at is not None:
        return
    token.revoked_at, token.revoked_by_id = now(), by.user_id
    trail.of_user("token_revoked", token.user, f"revoked the API token {token.id}", by=by)
    db.session.flush()


def note_token_used(*, token: ApiToken) -> None:
    """Keep when a token was last used; of several at once one writes it."""
    moment = now()
    unseen = or_(ApiToken.used_at.is_(None), ApiToken.used_at < moment - TOKEN_SEEN_EVERY)
    db.session.execute(
        update(ApiToken).where(ApiToken.id == token.id, unseen).values(used_at=moment)
    )

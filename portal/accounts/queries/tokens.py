"""Read tokens of the API: whose they are, and which still work."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor, Membership, MembershipState, Organisation, User
from portal.accounts.models.tokens import ApiToken
from portal.accounts.policy import can_administer
from portal.accounts.rules import hashed
from portal.clock import now
from portal.db import db
from portal.errors import NotFound


def is_working() -> ColumnElement[bool]:
    """Return SQL for "the token was not revoked, has not expired, and its person still acts in the
    membership": joined with both."""
    return (
        ApiToken.revoked_at.is_(None)
        & (ApiToken.expires_at > now())
        & User.active.is_(True)
        & (Membership.state == MembershipState.ACTIVE)
    )


def _whole() -> Select[ApiToken]:
    return (
        select(ApiToken)
        .join(ApiToken.user)
        .join(ApiToken.membership)
        .join(Membership.organisation)
        .options(
            contains_eager(ApiToken.user),
            contains_eager(ApiToken.membership).contains_eager(Membership.organisation),
        )
    )


def working_token(token: str) -> ApiToken | None:
    """Return the row of a token that works, with its person and membership: one statement."""
    return db.session.scalar(_whole().where(ApiToken.token_hash == hashed(token), is_working()))


def tokens_of(user_id: int) -> Sequence[ApiToken]:
    """Return the tokens of a person that work, the newest first."""
    mine = _whole().where(ApiToken.user_id == user_id, is_working())
    return db.session.scalars(mine.order_by(ApiToken.id.desc())).all()


def token_for(actor: Actor, token_id: int) -> ApiToken:
    """Return a token that the actor may revoke, their own or for an administrator any; raises
    NotFound otherwise."""
    row = db.session.get(ApiToken, token_id, options=[joinedload(ApiToken.user)])
    if row is None or not (can_administer(actor) or row.user_id == actor.user_id):
        raise NotFound("There is no such token of yours.")
    return row


def every_token(words: str = "") -> Select[ApiToken]:
    """Return all tokens that work, those of whom or in whose name the words stand: for
    administrators."""
    columns = (User.name, User.email, ApiToken.name, Organisation.name)
    found = [or_(*(c.icontains(word, autoescape=True) for c in columns)) for word in words.split()]
    return _whole().where(is_working(), *found)

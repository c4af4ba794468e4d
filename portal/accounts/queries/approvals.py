"""Read what waits for a second administrator, and what came of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, false, func, select
from sqlalchemy.orm import aliased, joinedload

from portal.accounts.models import Actor, User
from portal.accounts.models.approvals import Approval
from portal.accounts.policy import can_administer
from portal.clock import now
from portal.db import db
from portal.errors import NotFound

SHOWN = 20


def is_open() -> ColumnElement[bool]:
    """SQL for "it can still be decided"."""
    return Approval.decision.is_(None) & (Approval.expires_at > now())


def approvals(actor: Actor, *, are_open: bool) -> Sequence[Approval]:
    """Return what waits, the oldest first, or the last that wait no more, for administrators."""
    mine = is_open() if are_open else ~is_open()
    found = (
        select(Approval)
        .options(
            joinedload(Approval.user),
            joinedload(Approval.asked_by),
            joinedload(Approval.decided_by),
            joinedload(Approval.organisation),
        )
        .where(mine if can_administer(actor) else false())
        .order_by(Approval.id if are_open else Approval.id.desc())
        .limit(SHOWN)
    )
    return db.session.scalars(found).all()


def approvals_to_give(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statement of what other administrators ask this one to agree to.

    Its columns are those of `portal.web.home.AskRow`: the key is the kind, the text whom it is
    about, the day that on which it expires, in UTC.
    """
    asker, about = aliased(User), aliased(User)
    return (
        select(
            Approval.id,
            Approval.kind.label("key"),
            func.coalesce(about.name, Approval.email).label("text"),
            asker.name.label("who"),
            func.date(Approval.expires_at, type_=Date).label("due_on"),
        )
        .join(asker, asker.id == Approval.asked_by_id)
        .outerjoin(about, about.id == Approval.user_id)
        .where(is_open(), Approval.asked_by_id != actor.user_id)
    )


def approval_for(actor: Actor, approval_id: int) -> Approval:
    """Return one for an administrator; raises NotFound."""
    row = db.session.get(Approval, approval_id) if can_administer(actor) else None
    if row is None:
        raise NotFound("There is no such request.")
    return row
